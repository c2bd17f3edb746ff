// The end of a chat, by either side, and a new beginning.

import assert from "node:assert/strict";
import { deep, scenario, until } from "../lib/index.mjs";
import { COMPOSER, QUESTION, oneChat } from "./people/index.mjs";

scenario("a chat that the agent closes stays readable and can be followed by a new one", async (world) => {
  const { visitor, agent } = await oneChat(world);
  await visitor.startChat();
  await visitor.say("Thank you, that was all.");
  await agent.accept();
  const first = await visitor.channel();

  await agent.closeChat();

  await deep.hasText(visitor.page, ".tray", "This chat has ended");
  await deep.gone(visitor.page, COMPOSER);
  assert.deepEqual(await visitor.texts(), [QUESTION, "Thank you, that was all."]);
  await world.picture(visitor.page, "ended");
  await agent.tab("closed");
  assert.deepEqual(await agent.listed(), ["Alice Moreau"]);

  await startAgain(visitor);
  assert.notEqual(await visitor.channel(), first);
  await until("only the new question to be there", async () =>
    (await visitor.texts()).join() === QUESTION);
  await visitor.say("One more thing.");
  await agent.accept();
  await deep.hasText(agent.page, ".said", "One more thing.");
});

scenario("a visitor ends the chat only after saying so twice", async (world) => {
  const { visitor, agent } = await oneChat(world);
  await visitor.startChat();
  await agent.accept();
  await agent.say("Anything else?");
  await deep.hasText(visitor.page, ".msg", "Anything else?");

  await deep.click(visitor.page, '.head [aria-label="More"]');
  await deep.click(visitor.page, ".menu button");
  await deep.hasText(visitor.page, ".tray", "End this chat?");
  await deep.click(visitor.page, '.tray [data-is="quiet"]');
  await visitor.say("Wait.");
  await deep.hasText(agent.page, ".said", "Wait.");
  await deep.click(visitor.page, '.head [aria-label="More"]');
  await deep.click(visitor.page, ".menu button");
  await deep.click(visitor.page, '.tray [data-is="danger"]');

  await deep.hasText(visitor.page, ".tray", "This chat has ended");
  await deep.hasText(agent.page, ".pane", /ended this chat|chat is closed/);
  await deep.gone(agent.page, COMPOSER);
  assert.deepEqual(agent.errors(), []);
  await startAgain(visitor);
});

/** From the ended chat to a new one, by the form. */
async function startAgain(visitor) {
  const before = await visitor.channel();
  await deep.click(visitor.page, ".tray:not([role]) .cta");
  await deep.find(visitor.page, ".form");
  await visitor.answer();
  await visitor.submit();
  await visitor.inChat();
  await until("a new channel", async () => {
    const channel = await visitor.channel();
    return channel && channel !== before;
  });
}
