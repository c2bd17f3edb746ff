// Webhooks, made by the official library, received by a Node server, checked by the library's
// own `validateRequest`.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { scenario, until } from "../lib/index.mjs";
import { VERSIONS, client, refused, require } from "./lib.mjs";

const LOCAL = { FRONTDESK_WEBHOOK_PRIVATE: "127.0.0.1, ::1" };

/** A receiver on this machine: `calls` has what it was told, `status` what it answers. */
async function receiver(world, name, token) {
  const { validateRequest } = require(name);
  const calls = [];
  const it = { calls, status: 204 };
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const fields = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
    const url = it.url + request.url.slice(1);
    const signature = request.headers["x-twilio-signature"];
    const isOurs = validateRequest(token, signature, url, request.method === "GET" ? {} : fields);
    const query = Object.fromEntries(new URL(url).searchParams);
    calls.push({ isOurs, id: request.headers["webhook-id"], fields: { ...query, ...fields } });
    response.writeHead(it.status).end();
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  it.url = `http://127.0.0.1:${server.address().port}/`;
  it.told = (event) => calls.filter(({ fields }) => fields.EventType === event);
  world.others.push({ dispose: async () => server.close() });
  return it;
}

for (const [name, version] of Object.entries(VERSIONS)) {
  scenario(`${version}: hooks are set, told and signed`, async (world) => {
    const server = await world.server({ demo: false, env: LOCAL });
    const { auth_token, service_sid } = await server.credentials();
    const service = (await client(name, server)).chat.v2.services(service_sid);
    const all = await receiver(world, name, auth_token);
    const some = await receiver(world, name, auth_token);
    const told = { xTwilioWebhookEnabled: "true" };
    const webhookFilters = ["onChannelAdded", "onMemberAdded", "onMessageSent", "onMessageRemoved"];
    const set = await service.update({ postWebhookUrl: all.url, webhookFilters });
    assert.deepEqual(set.webhookFilters, webhookFilters);
    const { sid } = await service.channels.create({ friendlyName: "Zoë & co", ...told });
    const channel = service.channels(sid);
    const configuration = { url: some.url, method: "GET", triggers: ["help"] };
    // Version 3 has objects where the others have names with dots.
    const dotted = Object.fromEntries(
      Object.entries(configuration).map(([key, value]) => [`configuration.${key}`, value]),
    );
    const hook = await channel.webhooks.create({ type: "trigger", configuration, ...dotted });
    assert.equal(hook.configuration.url, some.url);
    assert.equal((await channel.webhooks(hook.sid).fetch()).type, "trigger");

    await channel.messages.create({ body: "not told" });
    const { messages } = channel;
    await messages.create({ body: "Grüße, 世界 & more", ...told });
    const second = await messages.create({ body: "Please help", ...told });
    await messages(second.sid).remove(told);
    await until("everything to be told", () => all.told("onMessageRemoved").length === 1);
    await until("the trigger to be told", () => some.calls.length === 1);
    assert.deepEqual(
      all.calls.map(({ fields }) => fields.EventType),
      ["onChannelAdded", "onMessageSent", "onMessageSent", "onMessageRemoved"],
    );
    assert.ok([...all.calls, ...some.calls].every(({ isOurs }) => isOurs), "a signature is wrong");
    const { fields } = all.told("onMessageSent")[0];
    assert.deepEqual([fields.Body, fields.Index, fields.Source], ["Grüße, 世界 & more", "1", "API"]);
    assert.equal(all.told("onChannelAdded")[0].fields.FriendlyName, "Zoë & co");
    assert.equal(some.calls[0].fields.EventType, "onMessageSent");

    await channel.webhooks(hook.sid).update({ "configuration.triggers": ["x"], configuration: { triggers: ["x"] } });
    assert.equal((await channel.webhooks.list()).length, 1);
    for (let n = 0; n < 4; n++) {
      await channel.webhooks.create({ type: "trigger", configuration, ...dotted });
    }
    const sixth = await refused(channel.webhooks.create({ type: "trigger", configuration, ...dotted }));
    assert.deepEqual([sixth.status, sixth.code], [400, 50321]);
    assert.equal(await channel.webhooks(hook.sid).remove(), true);
  });

  scenario(`${version}: nothing that was said is untold after kill -9`, async (world) => {
    const server = await world.server({ demo: false, env: LOCAL });
    const { auth_token, service_sid } = await server.credentials();
    const service = (await client(name, server)).chat.v2.services(service_sid);
    const hook = await receiver(world, name, auth_token);
    await service.update({ postWebhookUrl: hook.url, webhookFilters: ["onMessageSent"] });
    const { sid } = await service.channels.create({});
    hook.status = 503;
    for (let n = 0; n < 10; n++) {
      await service.channels(sid).messages.create({ body: String(n), xTwilioWebhookEnabled: "true" });
    }
    await server.kill();
    const before = hook.calls.length;
    hook.status = 204;
    await server.launch();
    const taken = () => hook.calls.slice(before).map(({ fields }) => fields.Body);
    await until("all to be told", () => new Set(taken()).size === 10, 60_000);
    assert.deepEqual([...new Set(taken())], [...Array(10).keys()].map(String));
    const ids = new Map();
    for (const { id, fields } of hook.calls) {
      assert.equal(ids.get(fields.Body) ?? id, id, "a repetition has another id");
      ids.set(fields.Body, id);
    }
  });
}
