// Pictures of every state, kept for people to look at: light, dark, and on a phone.

import assert from "node:assert/strict";
import { deep, scenario, until } from "../lib/index.mjs";
import { Agent, Visitor, bannerText } from "./people/index.mjs";

const LOOKS = {
  light: {},
  dark: { scheme: "dark" },
  phone: { viewport: { width: 375, height: 667, isMobile: true, hasTouch: true, deviceScaleFactor: 2 } },
};

// The picture was an oval, and the words were cut.
scenario("in a low window the words of an empty chat are whole", async (world) => {
  const server = await world.server();
  const shop = await world.hostOf(server);
  const [first, second] = await Promise.all([
    world.browser("visitor", { height: 420 }),
    world.browser("agent", { height: 420 }),
  ]);
  const agent = await Agent.signIn(second, server);
  const visitor = await Visitor.arrive(first, server, shop);
  await world.picture(agent.page, "low-1-console");
  assert.deepEqual(await cut(agent.page, ".pane .empty"), []);
  assert.deepEqual(await cut(agent.page, ".list .empty"), []);

  await visitor.open();
  await world.picture(visitor.page, "low-2-form");
  await visitor.answer({ question: "" });
  await visitor.submit();
  await visitor.inChat();
  await world.picture(visitor.page, "low-3-empty");
  assert.deepEqual(await cut(visitor.page, ".state"), []);
  await agent.tab("waiting");
  await agent.choose();
  await world.picture(agent.page, "low-4-console-empty");
  assert.deepEqual(await cut(agent.page, ".stage .empty"), []);
});

/** What stands in an element and is out of its box, by its text. */
async function cut(page, selector) {
  const element = await deep.find(page, selector);
  return element.evaluate((node) => {
    const box = node.getBoundingClientRect();
    return [...node.children]
      .filter((child) => child.checkVisibility())
      .filter((child) => {
        const { top, bottom } = child.getBoundingClientRect();
        return top < box.top - 1 || bottom > box.bottom + 1;
      })
      .map(({ textContent, className }) => `${className} ${textContent}`);
  });
}

for (const [look, { scheme = "light", viewport }] of Object.entries(LOOKS)) {
  scenario(`every state has a picture, ${look}`, async (world) => {
    const server = await world.server();
    const shop = await world.hostOf(server);
    const [first, second] = await Promise.all([world.browser("visitor"), world.browser("agent")]);
    const dress = async (page) => {
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      if (viewport) await page.setViewport(viewport);
    };
    const agent = await Agent.signIn(second, server);
    await dress(agent.page);
    const visitor = await Visitor.arrive(first, server, shop, { before: dress });
    const { page } = visitor;

    await world.picture(page, "1-launcher");
    await visitor.open();
    await world.picture(page, "2-form");
    await visitor.submit();
    await deep.hasText(page, ".err", /\w/);
    await world.picture(page, "3-form-errors");
    await visitor.answer();
    await visitor.submit();
    await visitor.inChat();
    await world.picture(page, "4-waiting");
    await visitor.say("Hello! Where is my order 1042? It was to arrive yesterday.");
    await agent.tab("waiting");
    await deep.find(agent.page, "button.chat");
    await world.picture(agent.page, "5-console-list");
    await agent.accept();
    await agent.say("Hi Alice, good to see you.");
    await agent.say("I am looking. One moment, please: https://example.org/track?order=1042");
    await visitor.say("Thank you!");
    await deep.hasText(agent.page, ".said", "Thank you!");
    await deep.hasText(page, ".msg .meta", "Read");
    await world.picture(page, "6-chat");
    await world.picture(agent.page, "7-console-chat");
    if (viewport) {
      const covers = await deep.on(page, "[part=panel]", (panel) => {
        const box = panel.getBoundingClientRect();
        return [Math.round(box.width), Math.round(box.height)];
      });
      assert.deepEqual(covers, [viewport.width, viewport.height], "the panel is full screen on a phone");
    }
    await page.setOfflineMode(true);
    await until("the banner", () => bannerText(page));
    await visitor.say("Are you there?");
    await world.picture(page, "8-offline");
    await page.setOfflineMode(false);
    await visitor.connected();
    await deep.hasText(agent.page, ".said", "Are you there?");
    await agent.closeChat();
    await deep.hasText(page, ".tray", "This chat has ended");
    await world.picture(page, "9-ended");
  });
}
