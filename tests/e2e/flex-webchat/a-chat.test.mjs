// The official web chat, unchanged, on our server.

import assert from "node:assert/strict";
import { deep, scenario, until } from "../lib/index.mjs";
import { Agent, COMPOSER } from "../one-chat/people/index.mjs";
import { Customer, shopOf } from "./page.mjs";

async function stage(world) {
  const server = await world.server();
  const { url } = await shopOf(world, server);
  const [first, second] = await Promise.all([world.browser("customer"), world.browser("agent")]);
  const [customer, agent] = await Promise.all([
    Customer.arrive(first, url),
    Agent.signIn(second, server),
  ]);
  return { server, customer, agent };
}

scenario("a customer and an agent talk, see who writes and what was read", async (world) => {
  const { customer, agent } = await stage(world);
  await customer.open();
  await customer.begin("Bob");
  await world.picture(customer.page, "begun");
  await customer.say("Hello there");
  await agent.accept();
  await deep.hasText(agent.page, ".said", "Hello there");
  await customer.sees("Read");

  await deep.type(agent.page, COMPOSER, "One");
  await customer.sees("is typing");
  await world.picture(customer.page, "typing");
  await agent.say(" moment, please.");
  await customer.sees("One moment, please.");

  await customer.write("Tha");
  await deep.find(agent.page, ".dots");
  await customer.say("nks");
  await deep.hasText(agent.page, ".said", "Thanks");
  await until("the agent's message to be read", async () =>
    (await agent.timeline()).some(({ meta }) => meta.includes("Read")));
  await world.picture(customer.page, "chat");
  await world.picture(agent.page, "console");
  assert.ok((await agent.texts()).includes("Thanks"));
  assert.deepEqual(await agent.listed(), ["Bob"]);
});

scenario("a customer who reloads finds the chat as it was, and goes on", async (world) => {
  const { customer, agent } = await stage(world);
  await customer.open();
  await customer.begin("Bob");
  await customer.say("before");
  await agent.accept();
  await agent.say("answered");
  await customer.sees("answered");
  // The bundle keeps where it is after a second.
  await until("the chat to be kept", () =>
    customer.page.evaluate(() => localStorage.getItem("twilio-flex-cf")?.includes("CH")));
  await customer.page.reload({ waitUntil: "load" });
  await customer.inChat();
  await customer.sees("answered");
  await agent.say("still here?");
  await customer.sees("still here?");
  await customer.say("yes");
  await until("the agent to have it", async () => (await agent.texts()).includes("yes"));
  await world.picture(customer.page, "resumed");
});

scenario("a server that is killed in the middle of a chat is found again", async (world) => {
  const { server, customer, agent } = await stage(world);
  await customer.open();
  await customer.begin("Bob");
  await customer.say("before");
  await agent.accept();
  await customer.sees("Read");
  await server.restart();
  await agent.connected();
  await agent.say("back again");
  await customer.sees("back again", 60_000);
  await customer.say("so am I");
  await until("the agent to have it", async () => (await agent.texts()).includes("so am I"), 60_000);
  const said = (await agent.texts()).filter((text) => ["before", "so am I"].includes(text));
  assert.deepEqual(said, ["before", "so am I"]);
});

scenario("a chat that ended shows its tray, and another one begins", async (world) => {
  const { customer, agent } = await stage(world);
  await customer.open();
  await customer.begin("Bob");
  await customer.say("before");
  await agent.accept();
  await customer.sees("Read");
  await agent.closeChat();
  await customer.sees("Thanks for chatting with us!");
  await world.picture(customer.page, "ended");
  await deep.click(customer.page, ".Twilio-MessageCanvasTray button");
  await customer.begin("Bob again");
  await customer.say("once more");
  await agent.accept();
  await until("the agent to have it", async () => (await agent.texts()).includes("once more"));
});
