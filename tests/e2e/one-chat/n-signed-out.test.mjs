// A session of the console that has ended.

import assert from "node:assert/strict";
import { deep, scenario } from "../lib/index.mjs";
import { COMPOSER, oneChat } from "./people/index.mjs";

// The console looked connected, and what was asked of the server was refused.
scenario("an agent whose session is void is led to the door and finds the draft again", async (world) => {
  const { server, visitor, agent } = await oneChat(world);
  const { page } = agent;
  await visitor.startChat();
  await agent.accept();
  await deep.fill(page, COMPOSER, "I am looking into");
  const browser = page.browser();
  await browser.deleteCookie(...(await browser.cookies()));

  await server.restart();

  await deep.hasText(page, ".card h1", "Please sign in again", { timeout: 60_000 });
  await world.picture(page, "signed-out");
  const { agent: me } = await server.credentials();
  assert.equal(await deep.on(page, "input[name=username]", (field) => field.value), me.name);
  await deep.fill(page, 'input[name="password"]', me.password);
  await deep.click(page, 'button[type="submit"]');
  await agent.connected();
  assert.equal(await (await deep.find(page, COMPOSER)).evaluate((field) => field.value), "I am looking into");
  await agent.say(" it.");
  await deep.hasText(visitor.page, ".msg", "I am looking into it.");
});
