// A page with a strict policy of its own.

import assert from "node:assert/strict";
import { deep, scenario } from "../lib/index.mjs";
import { Agent, Visitor, touched, watchPage } from "./people/index.mjs";

scenario("a whole chat breaks neither a strict CSP nor Trusted Types", async (world) => {
  const server = await world.server();
  const shop = await world.hostOf(server);
  const from = server.publicUrl;
  const policy = [
    "default-src 'self'",
    `script-src 'self' ${from} 'wasm-unsafe-eval'`,
    "style-src 'self'",
    `connect-src 'self' ${from} ${from.replace(/^http/, "ws")}`,
    "require-trusted-types-for 'script'",
  ].join("; ");
  shop.host.pages["/"] = {
    headers: { "content-security-policy": policy },
    body: `<!doctype html><html lang="en"><title>A bank</title><link rel="icon" href="/icon.svg">
      <h1>A bank</h1><script async src="${from}/frontdesk.js?site=${shop.site}"></script></html>`,
  };
  shop.host.pages["/icon.svg"] = {
    headers: { "content-type": "image/svg+xml" },
    body: '<svg xmlns="http://www.w3.org/2000/svg"/>',
  };
  const [first, second] = await Promise.all([world.browser("visitor"), world.browser("agent")]);
  const visitor = await Visitor.arrive(first, server, shop, { before: watchPage });
  const agent = await Agent.signIn(second, server);

  await visitor.startChat();
  await visitor.say("Hello, with https://example.org/a?b=c in it");
  await agent.accept();
  await agent.say("Good day.");
  await deep.hasText(visitor.page, ".msg", "Good day.");
  await visitor.close();
  await agent.say("Anything else?");
  await deep.hasText(visitor.page, "[part=badge]", "1");
  await visitor.open();
  await deep.hasText(visitor.page, ".msg .meta", "Read");
  await agent.closeChat();
  await deep.hasText(visitor.page, ".tray", "This chat has ended");
  await deep.click(visitor.page, ".tray:not([role]) .cta");
  await deep.find(visitor.page, ".form");

  const breaches = (await touched(visitor.page)).filter((what) => what.startsWith("violation"));
  assert.deepEqual(breaches, []);
  assert.deepEqual(visitor.page.record.errors, []);
  assert.deepEqual(agent.errors(), []);
});
