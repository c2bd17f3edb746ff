import assert from "node:assert/strict";
import { WebSocket } from "ws";
import { scenario } from "../lib/index.mjs";
import { VERSIONS, client, refused, require } from "./lib.mjs";

/** A Chat connection that was let in with this token, and what it is closed with. */
async function connected(server, token) {
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/chat`, ["frontdesk.chat.v1"], {
    origin: server.publicUrl,
  });
  const closed = new Promise((done) => socket.once("close", done));
  await new Promise((done, fail) => {
    socket.once("error", fail);
    socket.once("open", () => socket.send(JSON.stringify({ t: "hello", tok: token, inst: "tab", ch: [] })));
    socket.once("message", (text) => {
      const { t } = JSON.parse(text);
      if (t === "welcome") done();
      else fail(new Error(`${t} instead of welcome`));
    });
  });
  return { closed };
}

for (const [name, version] of Object.entries(VERSIONS)) {
  scenario(`${version}: keys are made, listed, renamed and given up, with all they signed`, async (world) => {
    const server = await world.server({ demo: false });
    const { account_sid, service_sid } = await server.credentials();
    const api = await client(name, server);
    api.api.baseUrl = server.url;

    const made = await api.newKeys.create({ friendlyName: "Bot" });
    assert.match(made.sid, /^SK[0-9a-f]{32}$/);
    assert.equal(made.friendlyName, "Bot");
    assert.ok(Math.abs(Date.now() - made.dateCreated.getTime()) < 86_400_000, String(made.dateCreated));
    await api.newKeys.create({});
    // Two of ours, and the one of the first start; a page at a time.
    const all = await api.keys.list({ pageSize: 1 });
    assert.equal(all.length, 3);
    assert.ok(all.some((key) => key.sid === made.sid && key.secret === undefined));
    assert.equal((await api.keys(made.sid).update({ friendlyName: "Other" })).friendlyName, "Other");
    assert.equal((await api.keys(made.sid).fetch()).friendlyName, "Other");

    const byKey = await client(name, server, { user: made.sid, password: made.secret });
    byKey.api.baseUrl = server.url;
    assert.equal((await byKey.chat.v2.services.list()).length, 1);
    const forbidden = await refused(byKey.keys.list());
    assert.deepEqual([forbidden.status, forbidden.code], [401, 20003]);

    const { AccessToken } = require(name).jwt;
    const token = new AccessToken(account_sid, made.sid, made.secret, { identity: "guest", ttl: 3600 });
    token.identity = "guest";
    token.addGrant(new AccessToken.ChatGrant({ serviceSid: service_sid }));
    const { closed } = await connected(server, token.toJwt());
    assert.equal(await api.keys(made.sid).remove(), true);
    assert.equal(await closed, 4401);
    const gone = await refused(api.keys(made.sid).fetch());
    assert.deepEqual([gone.status, gone.code], [404, 20404]);
    assert.equal((await refused(byKey.chat.v2.services.list())).status, 401);
  });
}
