// What a visitor has written and not sent yet.

import assert from "node:assert/strict";
import { deep, scenario } from "../lib/index.mjs";
import { COMPOSER, oneChat } from "./people/index.mjs";

// A reload took it.
scenario("a draft outlives a reload, and no message comes back as one", async (world) => {
  const { visitor, agent } = await oneChat(world);
  const { page } = visitor;
  await visitor.startChat();
  await agent.accept();
  await deep.fill(page, COMPOSER, "It has a green frame,\nand");
  assert.equal(await kept(page), null, "nothing is written while somebody types");

  await reload(visitor);
  assert.equal(await written(page), "It has a green frame,\nand");
  await visitor.say(" a bell.");
  assert.equal(await kept(page), null);
  await deep.hasText(agent.page, ".said", "and a bell.");
  await reload(visitor);
  assert.equal(await written(page), "");

  await deep.fill(page, COMPOSER, "Of a chat that is over");
  await reload(visitor);
  await agent.closeChat();
  await deep.click(page, ".tray:not([role]) .cta");
  await deep.find(page, ".form");
  assert.equal(await kept(page), null, "what was of the chat goes with it");
});

/** Loads the page anew, as a visitor does in the middle of a sentence. */
async function reload(visitor) {
  await visitor.page.reload({ waitUntil: "load" });
  await visitor.open();
  await visitor.inChat();
  await visitor.connected();
}

/** What stands in the composer. */
async function written(page) {
  return (await deep.find(page, COMPOSER)).evaluate((field) => field.value);
}

/** The draft on disk; `null` if there is none. */
function kept(page) {
  return page.evaluate(() => {
    const key = Object.keys(localStorage).find((key) => key.endsWith(":draft"));
    return key ? localStorage.getItem(key) : null;
  });
}
