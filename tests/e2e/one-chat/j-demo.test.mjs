// The page that `make demo` opens.

import assert from "node:assert/strict";
import { deep, scenario } from "../lib/index.mjs";
import { Agent, Visitor, touched, watchPage } from "./people/index.mjs";

// Its own policy once kept the script tag, the style sheet and the picture from loading: every
// other test stands on a page of another Origin.
scenario("a chat can be had on the demo page, with the first start's site and agent", async (world) => {
  const server = await world.server();
  const { site_id: site } = await server.credentials();
  const shop = { url: `${server.publicUrl}/`, site };
  const [first, second] = await Promise.all([world.browser("visitor"), world.browser("agent")]);
  const visitor = await Visitor.arrive(first, server, shop, { before: watchPage });
  const agent = await Agent.signIn(second, server);
  await world.picture(visitor.page, "demo");

  await visitor.startChat();
  await visitor.say("Is the Quay in stock in green?");
  await agent.accept();
  await agent.say("Yes: one, frame 54.");
  await deep.hasText(visitor.page, ".msg", "Yes: one, frame 54.");
  await world.picture(visitor.page, "demo-chat");

  assert.deepEqual((await touched(visitor.page)).filter((what) => what.startsWith("violation")), []);
  assert.deepEqual(visitor.page.record.errors, []);
  const { naturalWidth } = await visitor.page.$eval("img", ({ naturalWidth }) => ({ naturalWidth }));
  assert.ok(naturalWidth > 0, "the picture is there");
});
