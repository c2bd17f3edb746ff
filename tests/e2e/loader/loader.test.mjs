// What the loader promises the page it stands on.

import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { WIDGET, launcher, look, stage, until } from "./stage.mjs";

let set;
let page;

before(async () => {
  set = await stage();
});
after(() => set.close());

beforeEach(() => {
  Object.assign(set.desk, {
    requests: [], widget: WIDGET, site: { status: 200, cors: true }, wasm: 200, brand: "#3554d1",
    gate: Promise.resolve(),
  });
  Object.assign(set.host, { csp: "", head: "", body: set.tag });
});
afterEach(async () => {
  const { errors } = page;
  await page.browserContext().close();
  assert.deepEqual(errors, [], "the page saw an error of ours");
});

const click = async () => (await launcher(page)).click();
const urls = () => set.desk.requests.map(({ url }) => url);

test("before the visitor acts there is one request, and nothing is written or opened", async () => {
  page = await set.visit({
    before: () => {
      window.writes = [];
      for (const name of ["setItem", "removeItem"]) {
        Storage.prototype[name] = (...given) => window.writes.push(given);
      }
      window.WebSocket = class { constructor(url) { window.writes.push(url); } };
      window.names = Object.keys(window);
    },
  });
  await until(page, { hosts: 1, name: "Chat with us", expanded: "false", controls: true, open: false });
  assert.deepEqual(urls(), [`/frontdesk.js?site=${set.SITE}`]);
  assert.deepEqual(await page.evaluate(() => window.writes), []);
  assert.deepEqual(await page.browserContext().cookies(), []);
  const names = await page.evaluate(() => Object.keys(window).filter((name) => !window.names.includes(name)));
  assert.deepEqual(names.filter((name) => name !== "names"), ["Frontdesk"]);
});

test("opening fetches the widget and mounts it in the panel, without a cookie", async () => {
  page = await set.visit();
  await click();
  await until(page, { open: true, expanded: "true", mounts: 1, waiting: null, focus: "field" });
  assert.deepEqual(urls().slice(1).sort(), ["/assets/widget-1.js", "/assets/widget-1.wasm", `/v1/Sites/${set.SITE}`]);
  assert.ok(set.desk.requests.every(({ cookie }) => !cookie));
  const { site, base, config, open } = await page.evaluate(() => {
    const { site, base, config, open } = window.mounts[0].options;
    return { site, base, config, open };
  });
  assert.deepEqual({ site, base, config, open }, {
    site: set.SITE, base: set.address, config: `{"site":"${set.SITE}","staffed":true}`, open: true,
  });
});

test("while the widget travels the panel says so, and can be closed and opened again", async () => {
  let go;
  set.desk.gate = new Promise((resolve) => { go = resolve; });
  page = await set.visit();
  await click();
  await until(page, { open: true, waiting: "Chat with usLoading…" });
  await page.keyboard.press("Escape");
  await until(page, { open: false });
  await click();
  await until(page, { open: true, waiting: "Chat with usLoading…" });
  go();
  await until(page, { mounts: 1, waiting: null });
});

test("Escape closes and gives the focus back to the launcher", async () => {
  page = await set.visit();
  await click();
  await until(page, { mounts: 1, focus: "field" });
  await page.keyboard.press("Escape");
  await until(page, { open: false, expanded: "false", focus: "launcher" });
  assert.deepEqual(await page.evaluate(() => window.mounts[0].told), ["close"]);
  await page.keyboard.press("Enter");
  await until(page, { open: true, focus: "field", mounts: 1 });
  // Who is there may have changed since it was opened first.
  await page.waitForFunction(() => window.mounts[0].told.length === 3);
  const told = ["close", "open", { staffed: true }];
  assert.deepEqual(await page.evaluate(() => window.mounts[0].told), told);
});

test("a running chat loads the widget by itself, and does not open it", async () => {
  page = await set.visit();
  await page.evaluate((site) => localStorage.setItem(`frontdesk:${site}:session`, "{}"), set.SITE);
  await page.reload();
  await until(page, { mounts: 1, open: false });
});

test("storage that is refused is no chat, and no error", async () => {
  page = await set.visit({
    before: () => Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no"); } }),
  });
  await until(page, { hosts: 1, mounts: 0 });
});

test("unread messages are in the badge and in the launcher's name", async () => {
  page = await set.visit();
  await click();
  await until(page, { mounts: 1 });
  await page.evaluate(() => window.mounts[0].options.onState({ unread: 2 }));
  await until(page, { badge: "2", name: "Chat with us, 2 unread", open: true });
  await page.evaluate(() => window.mounts[0].options.onState({ unread: 0, open: false }));
  await until(page, { badge: "", name: "Chat with us", open: false });
});

test("after a trap a fresh instance of a fresh module is started, once", async () => {
  page = await set.visit();
  await click();
  await until(page, { mounts: 1 });
  const trap = (at) => page.evaluate((at) => window.mounts[at].trap(setTimeout), at);
  await trap(0);
  await until(page, { mounts: 2, trees: 1, waiting: null, open: true });
  assert.ok(urls().includes("/assets/widget-1.js?r=1"));
  assert.deepEqual(await page.evaluate(() => window.mounts[0].told), ["silence"]);
  // What is left of the dead one says nothing about the living one.
  await trap(0);
  await until(page, { mounts: 2, trees: 1 });
  // A trap in a promise is one too.
  await page.evaluate(() => window.mounts[1].trap((fail) => Promise.resolve().then(fail)) && undefined);
  const { waiting, trees } = await until(page, { mounts: 2, trees: 0 });
  assert.match(waiting, /could not be loaded.*Try again/);
  assert.equal(trees, 0);
  await (await page.$("front-desk >>> ::-p-text(Try again)")).click();
  await until(page, { mounts: 3, trees: 1, waiting: null });
  assert.ok(page.words.some((word) => word.includes("broken")));
  // The page hears of a trap as of any error of a script.
  assert.deepEqual(page.errors.splice(0), Array(3).fill("RuntimeError: broken"));
});

test("a mount that throws is a trap", async () => {
  set.desk.widget = `${WIDGET.replace("export const mount", "const good")}
    let calls = import.meta.url.includes("?r=") ? 1 : 0;
    export const mount = (...given) => { if (!calls) throw new Error("unreachable"); return good(...given); };`;
  page = await set.visit();
  await click();
  await until(page, { mounts: 1, trees: 1, waiting: null });
});

test("a fetch that fails is said, and can be tried again", async () => {
  set.desk.wasm = 500;
  page = await set.visit();
  await click();
  assert.match((await until(page, { trees: 0, waiting: "Chat with usThe chat could not be loaded.Try again" })).waiting, /Try/);
  set.desk.wasm = 200;
  await (await page.$("front-desk >>> ::-p-text(Try again)")).click();
  await until(page, { mounts: 1, waiting: null });
});

for (const cors of [true, false]) {
  test(`a refused Origin is named with the command that allows it, ${cors ? "readable" : "blocked"}`, async () => {
    set.desk.site = { status: 403, cors };
    page = await set.visit();
    await click();
    await until(page, { waiting: "Chat with usThe chat could not be loaded.Try again", mounts: 0 });
    const command = `frontdesk site add --origin ${set.origin} --site ${set.SITE}`;
    assert.ok(page.words.some((word) => word.includes(command)), page.words.join("\n"));
  });
}

test("the same tag twice gives one launcher", async () => {
  set.host.body = set.tag + set.tag;
  page = await set.visit();
  await until(page, { hosts: 1 });
});

test("a tag in the head waits for the body", async () => {
  set.host.head = set.tag.replace("async ", "");
  set.host.body = "";
  page = await set.visit();
  await until(page, { hosts: 1 });
});

test("on a phone the panel is modal and fills the screen", async () => {
  page = await set.visit({ width: 390, height: 800 });
  await click();
  await until(page, { open: true, modal: true, mounts: 1 });
  const box = await page.evaluate(async () => {
    const panel = document.querySelector("front-desk").shadowRoot.querySelector("dialog");
    await Promise.all(panel.getAnimations().map(({ finished }) => finished));
    const { x, y, width, height } = panel.getBoundingClientRect();
    return { x, y, width, height };
  });
  assert.deepEqual(box, { x: 0, y: 0, width: 390, height: 800 });
  await page.keyboard.press("Escape");
  await until(page, { open: false, focus: "launcher" });
});

test("on a desktop the page behind stays in reach", async () => {
  page = await set.visit();
  await click();
  await until(page, { open: true, modal: false });
  await page.focus("#page");
  assert.equal(await page.evaluate(() => document.activeElement.id), "page");
});

test("the text on any brand colour has a contrast of 4.5", async () => {
  const rate = (css) => {
    const [r, g, b] = css.match(/\d+/g).map((part) => {
      const share = part / 255;
      return share > 0.04045 ? ((share + 0.055) / 1.055) ** 2.4 : share / 12.92;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  for (const brand of ["#3554d1", "#ffee00", "#777777", "#757575", "#000000", "#ffffff", "red; }"]) {
    set.desk.brand = brand;
    if (page) await page.browserContext().close().catch(() => {});
    page = await set.visit();
    const [text, ground] = await page.evaluate(() => {
      const style = getComputedStyle(document.querySelector("front-desk").shadowRoot.querySelector("button"));
      return [style.color, style.backgroundColor];
    });
    const [dark, light] = [rate(text), rate(ground)].sort((a, b) => a - b);
    assert.ok(light / dark >= 4.5, `${brand}: ${text} on ${ground} has ${light / dark}`);
  }
});

test("a strict policy and Trusted Types are enough", async () => {
  set.host.csp = "default-src 'self'; script-src DESK 'wasm-unsafe-eval'; style-src 'self'; connect-src DESK; require-trusted-types-for 'script'";
  page = await set.visit();
  await click();
  await until(page, { mounts: 1, open: true, waiting: null });
  assert.deepEqual(page.words, []);
});

test("calls from before the loader are kept, and none throws after destroy", async () => {
  set.host.body = `<script>window.Frontdesk = [["open"]]</script>${set.tag}`;
  page = await set.visit();
  await until(page, { open: true, mounts: 1 });
  await page.evaluate(() => {
    Frontdesk.toggle();
    Frontdesk.push(["open"]);
    Frontdesk.push("nonsense");
    Frontdesk.destroy();
    for (const command of ["open", "close", "toggle", "destroy"]) Frontdesk[command]();
  });
  assert.deepEqual(await look(page), { hosts: 0 });
  assert.equal(await page.evaluate(() => window.mounts[0].told.at(-1)), "destroy");
});
