// Who takes part in one chat, and what they look at.

export { Agent } from "./agent.mjs";
export { COMPOSER, FORM, LAUNCHER, QUESTION, Visitor, bannerText } from "./visitor.mjs";
export { streamOf, tasksOf } from "./log.mjs";
export { touched, watchPage } from "./watch.mjs";

import { Agent } from "./agent.mjs";
import { Visitor } from "./visitor.mjs";

/** A server, a shop's page on another Origin, a visitor in one browser, an agent in another. */
export async function oneChat(world, { server, shop } = {}) {
  server ??= await world.server();
  shop ??= await world.hostOf(server);
  const [first, second] = await Promise.all([world.browser("visitor"), world.browser("agent")]);
  const [visitor, agent] = await Promise.all([
    Visitor.arrive(first, server, shop),
    Agent.signIn(second, server),
  ]);
  return { server, shop, visitor, agent };
}
