// What a page pays for the widget before its visitor acts, and what is left behind afterwards.

import assert from "node:assert/strict";
import { deep, scenario, settled, until } from "../lib/index.mjs";
import { LAUNCHER, Visitor, oneChat, touched, watchPage } from "./people/index.mjs";

scenario("before it is opened the widget costs one request and touches nothing", async (world) => {
  const server = await world.server();
  const shop = await world.hostOf(server);
  const browser = await world.browser("visitor");
  const visitor = await Visitor.arrive(browser, server, shop, { before: watchPage });

  await settled("requests", () => visitor.page.record.requests.length, 1_000);
  const ours = visitor.page.record.requests.filter(({ url }) => url.startsWith(server.publicUrl));
  assert.deepEqual(
    ours.map(({ method, url }) => `${method} ${url}`),
    [`GET ${server.publicUrl}/frontdesk.js?site=${shop.site}`],
  );
  assert.deepEqual(await touched(visitor.page), []);
  assert.deepEqual(visitor.page.record.sockets, []);
  assert.deepEqual(await kept(visitor.page), { local: 0, session: 0, databases: 0, caches: 0 });
  assert.deepEqual(await browser.chromium.cookies(), []);
  await world.picture(visitor.page, "launcher");
});

scenario("a whole chat sets no cookie, neither the page's nor ours", async (world) => {
  const { visitor, agent } = await oneChat(world);

  await visitor.startChat();
  await visitor.say("Hello?");
  await agent.accept();
  await agent.say("Hello, Alice.");
  await deep.hasText(visitor.page, ".msg", "Hello, Alice.");

  assert.equal(await visitor.page.evaluate(() => document.cookie), "");
  assert.deepEqual(await visitor.page.browser().cookies(), []);
  assert.deepEqual(visitor.page.record.errors, []);
  assert.deepEqual(agent.errors(), []);
});

scenario("a page that is not allowed is told which command allows it", async (world) => {
  const server = await world.server();
  const { site } = await world.hostOf(server);
  const stranger = await world.stranger();
  const { Host } = await import("../lib/host.mjs");
  stranger.pages["/"] = Host.embedding(server.publicUrl, site);
  const browser = await world.browser("visitor");
  const page = await browser.page(`${stranger.origin}/`);

  await deep.click(page, LAUNCHER);

  const told = await until("the browser's console to say it", () =>
    page.record.errors.find((text) => text.includes("frontdesk site add")));
  assert.match(told, new RegExp(`frontdesk site add --origin ${stranger.origin} --site ${site}`));
  await deep.hasText(page, "[role=alert]", "could not be loaded");
  assert.equal(await page.evaluate(() => document.querySelector("h1").textContent), "A shop");
});

/** How much is kept for the page's Origin. */
function kept(page) {
  return page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
  }));
}
