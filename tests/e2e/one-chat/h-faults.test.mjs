// Nothing said is lost, doubled or out of order, whatever happens to server and network.

import assert from "node:assert/strict";
import { deep, scenario, until } from "../lib/index.mjs";
import { COMPOSER, Agent, Visitor, bannerText, streamOf } from "./people/index.mjs";

const EACH = 200;

scenario(
  "200 messages each way survive three kills, two network cuts and a reload",
  async (world) => {
    const { server, proxy } = await world.serverBehindProxy();
    const shop = await world.hostOf(server);
    const [first, second] = await Promise.all([world.browser("visitor"), world.browser("agent")]);
    const visitor = await Visitor.arrive(first, server, shop);
    const agent = await Agent.signIn(second, server);
    await visitor.startChat();
    await agent.accept();
    const channel = await visitor.channel();

    // Each writes each message once; what happens to server and network is none of their business.
    const written = { visitor: 0, agent: 0 };
    const writes = async (who, name, at = {}) => {
      for (; written[name] < EACH; written[name] += 1) {
        await at[written[name]]?.();
        await who.say(`${name} ${written[name] + 1}`);
      }
    };
    // A page that is loaded while there is no network says so and offers another try; that is the
    // loader's test. So the reload waits for the network, and the last kill for the reload.
    const [whole, reloaded] = [milestone(), milestone()];
    const reload = async () => {
      await whole.reached;
      await visitor.page.reload({ waitUntil: "load" });
      // A chat runs, so the loader brings the widget by itself; the visitor opens the panel.
      await visitor.open();
      await visitor.inChat();
      reloaded.pass();
    };
    const past = (name, count) => until(`${name} to have written ${count}`, () => written[name] >= count, 150_000);
    const cut = async (how) => {
      how();
      await until("the visitor to see that the network is gone", () => bannerText(visitor.page), 60_000);
      assert.equal(await deep.count(visitor.page, COMPOSER), 1, "the composer is never locked");
      await world.picture(visitor.page, `offline-${how.name.replace("bound ", "")}`);
      proxy.heal();
    };
    const faults = async () => {
      await past("visitor", 30);
      await server.restart();
      await past("visitor", 60);
      await cut(proxy.cut.bind(proxy));
      await past("agent", 80);
      await server.restart();
      await past("visitor", 100);
      await cut(proxy.silence.bind(proxy));
      whole.pass();
      await past("agent", 140);
      await reloaded.reached;
      await server.restart();
    };
    await Promise.all([
      writes(visitor, "visitor", { 120: reload }),
      writes(agent, "agent"),
      faults(),
    ]);

    await visitor.connected();
    await agent.connected();
    // Who writes faster than a visitor may waits for the minute to be over.
    await until("nothing to be unsent", async () =>
      [...(await visitor.timeline()), ...(await agent.timeline())].every(({ meta }) => !/sending|not sent/i.test(meta)), 120_000);
    // What they wrote, and the question before it.
    await visitor.readFromTheStart(2 * EACH + 1);
    await agent.readFromTheStart(2 * EACH + 1);

    // Read back from disk: this server has only what it wrote there.
    await server.stop();
    await server.launch();
    const reader = await second.page(`${server.url}/console/`);
    const { messages, state } = await streamOf(reader, channel);

    assert.deepEqual(messages.map(({ index }) => index), messages.map((_, index) => index));
    assert.ok(messages.every(({ seq }, at) => at === 0 || seq > messages[at - 1].seq));
    for (const name of ["visitor", "agent"]) {
      const said = messages.map(({ body }) => body).filter((body) => body.startsWith(name));
      assert.deepEqual(said, Array.from({ length: EACH }, (_, at) => `${name} ${at + 1}`), `${name}, in the log`);
    }
    const guest = state.members.find(({ role }) => role === "guest").identity;
    const log = messages.map(({ author, body }) => ({ by: author === guest ? "visitor" : "agent", body }));
    const seen = (rows, mine, theirs) => rows.map((row) => ({ by: row.mine ? mine : theirs, body: row.text }));
    assert.deepEqual(seen(await visitor.timeline(), "visitor", "agent"), log, "the visitor's timeline");
    assert.deepEqual(seen(await agent.timeline(), "agent", "visitor"), log, "the agent's timeline");
  },
  { timeout: 280_000 },
);

/** Something that one of several waits for and another brings about. */
function milestone() {
  let pass;
  const reached = new Promise((done) => (pass = done));
  return { reached, pass };
}
