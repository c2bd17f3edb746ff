// Text from right to left.

import assert from "node:assert/strict";
import { deep, scenario, until } from "../lib/index.mjs";
import { COMPOSER, oneChat } from "./people/index.mjs";

const TEXT = "שלום, order 1042!";

// The console ordered it otherwise than the widget: from left to right.
scenario("both sides see words from right to left in the same order", async (world) => {
  const { visitor, agent } = await oneChat(world);
  await visitor.open();
  await visitor.answer({ friendlyName: "שרה K." });
  await visitor.submit();
  await visitor.inChat();
  await visitor.say(TEXT);
  await agent.tab("waiting");
  await deep.hasText(agent.page, ".chat .last", TEXT);
  await agent.accept();
  await agent.say(TEXT);
  await until("both to have both", async () =>
    (await visitor.texts()).length === 3 && (await agent.texts()).length === 3);
  await world.picture(visitor.page, "widget");

  for (const [page, rows] of [[visitor.page, ".msg"], [agent.page, ".said"]]) {
    assert.deepEqual(await order(page, `${rows} .bubble`, TEXT), ["rtl", "rtl"], rows);
  }
  assert.deepEqual(await order(agent.page, ".chat .name, .pane h2, .details b", "שרה K."), ["rtl", "rtl", "rtl"]);
  await agent.page.type(COMPOSER, TEXT);
  await visitor.say(TEXT);
  await deep.hasText(agent.page, ".chat .last", TEXT);
  assert.deepEqual(await order(agent.page, ".chat .last", TEXT), ["rtl"]);
  await world.picture(agent.page, "console");
  for (const { page } of [visitor, agent]) {
    assert.equal(await deep.on(page, COMPOSER, (field) => getComputedStyle(field).unicodeBidi), "plaintext");
  }
});

/** How a text runs in each element that holds it: whether its first letter stands at the right. */
function order(page, selector, text) {
  return page.evaluate((selector, text) => {
    const runs = [];
    const look = (node) => {
      if (node.nodeType === 3 && node.data.includes(text) && node.parentElement.closest(selector)) {
        const at = node.data.indexOf(text);
        const place = (from) => {
          const range = document.createRange();
          range.setStart(node, from);
          range.setEnd(node, from + 1);
          return range.getBoundingClientRect().left;
        };
        runs.push(place(at) > place(at + text.length - 1) ? "rtl" : "ltr");
      }
      for (const child of [...(node.shadowRoot ? [node.shadowRoot] : []), ...node.childNodes]) look(child);
    };
    look(document);
    return runs;
  }, selector, text);
}
