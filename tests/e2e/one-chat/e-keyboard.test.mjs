// Without a mouse, and for a screen reader.

import assert from "node:assert/strict";
import { deep, scenario, until } from "../lib/index.mjs";
import { LAUNCHER, Visitor } from "./people/index.mjs";

scenario("a visitor opens, fills, sends and closes by keyboard alone", async (world) => {
  const server = await world.server();
  const shop = await world.hostOf(server);
  const { page, form } = await Visitor.arrive(await world.browser("visitor"), server, shop);
  const press = (...keys) => keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
  const at = () => page.evaluate(() => document.querySelector("front-desk").shadowRoot.activeElement?.id);

  await tabTo(page, (focused) => focused.part === "launcher");
  await press("Enter");
  await deep.find(page, ".form", { timeout: 30_000 });

  await until("the focus to be in the form", async () => (await at()) === "fd-q0");
  const writes = { text: "Alice Moreau", email: "alice@example.org", textarea: "Where is it?" };
  for (const [number, field] of form.fields.entries()) {
    if (field.type === "radio" || field.type === "checkbox") {
      await tabTo(page, ({ name }) => name === `fd-q${number}`);
      if (field.required) await press("Space");
      continue;
    }
    await tabTo(page, ({ id }) => id === `fd-q${number}`);
    if (field.type === "select") await press("ArrowDown");
    else await page.keyboard.type(writes[field.type]);
  }
  await tabTo(page, ({ type }) => type === "submit");
  await press("Enter");

  const focusIsIn = (name) => until(`the focus to be in ${name}`, async () => (await focus(page)).label === name, 30_000);
  await focusIsIn("Write a message");
  await page.keyboard.type("Hello");
  await page.keyboard.down("Shift");
  await press("Enter");
  await page.keyboard.up("Shift");
  await page.keyboard.type("there");
  await press("Enter");
  await until("the message to be on the server", async () => {
    const said = (await deep.allTexts(page, ".row")).at(-1);
    return /Hello\nthere/.test(said) && /Sent|Delivered|Read/.test(said);
  });
  await focusIsIn("Write a message");

  await press("Escape");
  await deep.gone(page, ".head");
  assert.equal((await focus(page)).part, "launcher");
  await deep.find(page, `${LAUNCHER}[aria-expanded="false"]`);
});

// Tab came to "Close" before the menu that had just been opened, and nothing but its button closed it.
scenario("the menu is the next after its button, and Escape or a click anywhere closes it alone", async (world) => {
  const server = await world.server();
  const shop = await world.hostOf(server);
  const visitor = await Visitor.arrive(await world.browser("visitor"), server, shop);
  const { page } = visitor;
  await visitor.startChat();
  const opener = '.head [aria-label="More"]';

  await (await deep.find(page, opener)).focus();
  await page.keyboard.press("Enter");
  await deep.find(page, ".menu button:focus");
  await world.picture(page, "menu");
  await page.keyboard.press("Escape");
  await deep.gone(page, ".menu");
  await deep.find(page, `${opener}:focus`);

  await page.keyboard.press("Enter");
  await deep.find(page, ".menu button:focus");
  await page.keyboard.press("Tab");
  await deep.gone(page, ".menu");
  assert.equal((await focus(page)).label, "Close");

  for (const elsewhere of [".log", "h1", opener]) {
    await deep.click(page, opener);
    await deep.find(page, ".menu button:focus");
    await deep.click(page, elsewhere);
    await deep.gone(page, ".menu");
    await deep.find(page, ".head");
  }
});

scenario("launcher, fields, log and composer have names that can be said", async (world) => {
  const server = await world.server();
  const shop = await world.hostOf(server);
  const visitor = await Visitor.arrive(await world.browser("visitor"), server, shop);
  const { page, form } = visitor;

  const launcher = await named(page, "button");
  assert.ok(launcher.some((name) => /chat/i.test(name)), launcher.join());
  await visitor.open();
  const tree = await everything(page);
  for (const field of form.fields) {
    assert.ok(tree.some(({ name }) => name?.startsWith(field.label)), `${field.label} is in the tree`);
  }
  assert.deepEqual(tree.filter(({ role, name }) => CONTROLS.has(role) && !name), []);
  await visitor.answer();
  await visitor.submit();
  await visitor.inChat();

  await visitor.say("Hello");
  const chat = await everything(page);
  assert.ok(chat.some(({ role, name }) => role === "textbox" && name === "Write a message"));
  assert.ok(chat.some(({ role, name }) => role === "log" && name === "Conversation"));
  assert.ok(chat.some(({ role, name }) => role === "button" && name === "Send"));
  assert.deepEqual(chat.filter(({ role, name }) => CONTROLS.has(role) && !name), []);
});

const CONTROLS = new Set(["button", "textbox", "combobox", "checkbox", "radio", "link", "dialog"]);

/** Presses Tab until the focused element is the one. */
async function tabTo(page, isIt) {
  for (let presses = 0; presses < 20; presses += 1) {
    if (isIt(await focus(page))) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not get there; the focus is on ${JSON.stringify(await focus(page))}`);
}

/** What has the focus, inside of shadow roots too. */
function focus(page) {
  return page.evaluate(() => {
    let node = document.activeElement;
    while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
    return {
      id: node?.id,
      name: node?.getAttribute("name"),
      part: node?.getAttribute("part"),
      type: node?.getAttribute("type"),
      label: node?.getAttribute("aria-label"),
    };
  });
}

/** The accessibility tree as a list. */
async function everything(page) {
  const list = [];
  const walk = (node) => {
    list.push({ role: node.role, name: node.name });
    for (const child of node.children ?? []) walk(child);
  };
  walk(await page.accessibility.snapshot({ interestingOnly: false }));
  return list;
}

async function named(page, role) {
  return (await everything(page)).filter((node) => node.role === role).map(({ name }) => name);
}
