// Visitor and agent talk.

import assert from "node:assert/strict";
import { deep, scenario, until } from "../lib/index.mjs";
import { COMPOSER, LAUNCHER, QUESTION, oneChat } from "./people/index.mjs";

scenario("both sides see what is said, who is typing and what was read", async (world) => {
  const { visitor, agent } = await oneChat(world);
  await visitor.startChat();
  await visitor.say("It is a bicycle.");
  await agent.accept();
  await deep.hasText(agent.page, ".said", "It is a bicycle.");
  await deep.hasText(visitor.page, ".msg .meta", "Read");

  await deep.type(visitor.page, COMPOSER, "It was");
  await deep.hasText(agent.page, ".dots", "Alice Moreau is writing");
  await visitor.say(" to come yesterday.");
  await deep.gone(agent.page, ".dots", { timeout: 5_000 }); // It would fade after 8 s by itself.

  await deep.type(agent.page, COMPOSER, "One");
  await deep.hasText(visitor.page, ".typing .vh", "is typing");
  await world.picture(visitor.page, "typing");
  await agent.say(" moment, please.");
  await deep.gone(visitor.page, ".typing", { timeout: 5_000 });

  await until("the agent's message to be read", async () =>
    (await agent.timeline()).at(-1).meta.includes("Read"));
  const said = [QUESTION, "It is a bicycle.", "It was to come yesterday.", "One moment, please."];
  assert.deepEqual(await visitor.texts(), said);
  assert.deepEqual(await agent.texts(), said);
  await world.picture(visitor.page, "chat");
  await world.picture(agent.page, "console-chat");
  assert.deepEqual(visitor.page.record.errors, []);
  assert.deepEqual(agent.errors(), []);
});

scenario("what comes in while the panel is closed is counted on the launcher", async (world) => {
  const { visitor, agent } = await oneChat(world);
  await visitor.startChat();
  await agent.accept();
  await visitor.close();

  await agent.say("Are you still there?");
  await agent.say("Hello?");

  await deep.hasText(visitor.page, "[part=badge]", /^2$/);
  await deep.find(visitor.page, `${LAUNCHER}[aria-label$="2 unread"]`);
  await world.picture(visitor.page, "launcher-unread");
  assert.ok(!(await agent.timeline()).at(-1).meta.includes("Read"));
  await deep.click(visitor.page, LAUNCHER);
  await deep.hasText(visitor.page, ".msg", "Hello?");
  await deep.hasText(visitor.page, "[part=badge]", /^$/);
  await until("the agent to see that it was read", async () =>
    (await agent.timeline()).at(-1).meta.includes("Read"));
});

scenario("a message shows its text and is never taken for markup", async (world) => {
  const { visitor, agent } = await oneChat(world);
  const hostile = '<img src=x onerror="document.title=1"><b>bold</b> &amp; javascript:alert(1)';
  await visitor.startChat();
  await agent.accept();

  await visitor.say(hostile);
  await agent.say(hostile);

  await until("both to have both", async () =>
    (await visitor.texts()).length === 3 && (await agent.texts()).length === 3);
  assert.deepEqual(await visitor.texts(), [QUESTION, hostile, hostile]);
  assert.deepEqual(await agent.texts(), [QUESTION, hostile, hostile]);
  assert.equal(await deep.count(visitor.page, ".msg img, .msg b"), 0);
  assert.equal(await deep.count(agent.page, ".said img, .said b"), 0);
  assert.equal(await visitor.page.title(), "A shop");
});
