// A trap in our WebAssembly.

import assert from "node:assert/strict";
import { deep, scenario, until } from "../lib/index.mjs";
import { QUESTION, oneChat } from "./people/index.mjs";

scenario("after a trap a fresh instance goes on, after a second one the visitor is asked", async (world) => {
  const { visitor, agent } = await oneChat(world);
  const { page } = visitor;
  await page.evaluate(() => {
    globalThis.clicks = 0;
    document.querySelector("h1").onclick = () => (globalThis.clicks += 1);
  });
  await visitor.startChat();
  await visitor.say("Before the trap");
  await agent.accept();
  await agent.say("I read you.");
  await deep.hasText(page, ".msg", "I read you.");

  await crash(page);
  await until("a fresh instance", () => module(page).includes("?r=1"));
  await deep.hasText(page, ".msg", "Before the trap", { timeout: 30_000 });
  await deep.hasText(page, ".msg", "I read you.");
  await visitor.connected();
  await visitor.say("After the trap");
  await deep.hasText(agent.page, ".said", "After the trap");
  assert.deepEqual(await visitor.texts(), [QUESTION, "Before the trap", "I read you.", "After the trap"]);

  await crash(page);
  await deep.hasText(page, "[role=alert]", "could not be loaded");
  await world.picture(page, "after-two-traps");
  await page.click("h1");
  assert.equal(await page.evaluate(() => globalThis.clicks), 1);

  await deep.click(page, "[role=alert] + button");
  await deep.hasText(page, ".msg", "After the trap", { timeout: 30_000 });
  assert.deepEqual(await visitor.texts(), [QUESTION, "Before the trap", "I read you.", "After the trap"]);
});

/** The address of the widget's running module: the last that was fetched. */
function module(page) {
  return page.record.requests.map(({ url }) => url).filter((url) => /\/assets\/[^/]*\.js/.test(url)).at(-1);
}

/** Panics inside the running instance: the same address gives the same module. */
async function crash(page) {
  await page.evaluate(async (url) => {
    const widget = await import(url);
    // From a task of its own, as a trap comes in real life: what it throws is the page's to report.
    setTimeout(() => widget.crash());
  }, module(page));
}
