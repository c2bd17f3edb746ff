// Who is there, and who only was.

import assert from "node:assert/strict";
import { deep, scenario } from "../lib/index.mjs";
import { Agent, LAUNCHER, Visitor } from "./people/index.mjs";

const LINE = ".head .who p";
const AWAY = "We are away just now";

// "We usually reply in a few minutes" stood beside a green dot while nobody was at any desk.
scenario("the widget promises an answer only while an agent is connected", async (world) => {
  const server = await world.server();
  const shop = await world.hostOf(server);
  const [first, second] = await Promise.all([world.browser("visitor"), world.browser("agent")]);
  const visitor = await Visitor.arrive(first, server, shop);
  const { page } = visitor;

  await visitor.open();
  await deep.hasText(page, LINE, AWAY);
  await deep.gone(page, ".dot");
  await world.picture(page, "form-away");

  await visitor.close();
  const agent = await Agent.signIn(second, server);
  await agent.connected();
  await visitor.open();
  await deep.hasText(page, LINE, "We usually reply in a few minutes");
  await deep.find(page, '.dot[data-is="on"]');
  await visitor.close();
  await agent.page.close();
  await gone(page);

  await visitor.answer();
  await visitor.submit();
  await visitor.inChat();
  await deep.hasText(page, ".aside", "Nobody is here just now");
  await world.picture(page, "chat-away");

  const back = new Agent(await second.page(`${server.url}/console/`), {});
  await back.accept();
  await back.say("Good morning.");
  await deep.hasText(page, ".msg", "Good morning.");
  await deep.find(page, '.dot[data-is="on"]');
  assert.deepEqual(page.record.errors, []);

  await back.page.close();
  await visitor.close();
  await gone(page, '.dot[data-is=""]');
});

/** Opens the panel, again if the server has not noticed yet that the agent's connection is gone. */
async function gone(page, sign = null) {
  for (let tries = 0; tries < 50; tries += 1) {
    await deep.click(page, LAUNCHER);
    const answered = page.waitForResponse((answer) => /v1.Sites/.test(answer.url()));
    await deep.find(page, LINE);
    const { staffed } = await (await answered).json();
    if (!staffed) {
      if (sign) await deep.find(page, sign);
      else await deep.hasText(page, LINE, AWAY);
      return;
    }
    await deep.click(page, LAUNCHER);
    await deep.gone(page, ".head");
  }
  assert.fail("the agent who has left is still said to be there");
}
