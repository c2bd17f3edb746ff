import assert from "node:assert/strict";
import { WebSocket } from "ws";
import { scenario } from "../lib/index.mjs";
import { VERSIONS, require } from "./lib.mjs";

/** The first close code or frame of a Chat connection that says hello with this token. */
function hello(server, token) {
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/chat`, ["frontdesk.chat.v1"], {
    origin: server.publicUrl,
  });
  return new Promise((done, fail) => {
    socket.once("error", fail);
    socket.once("close", (code) => done({ code }));
    socket.once("message", (text) => {
      done(JSON.parse(text));
      socket.close();
    });
    socket.once("open", () => socket.send(JSON.stringify({ t: "hello", tok: token, inst: "tab", ch: [] })));
  });
}

for (const [name, version] of Object.entries(VERSIONS)) {
  scenario(`${version}: a token that a site's own server minted opens a chat`, async (world) => {
    const server = await world.server({ demo: false });
    const made = await server.credentials();
    const { AccessToken } = require(name).jwt;
    const mint = (changed = {}, options = {}) => {
      const { account, key, secret, service } = { account: made.account_sid, key: made.api_key_sid, secret: made.api_key_secret, service: made.service_sid, ...changed };
      const token = new AccessToken(account, key, secret, { identity: "guest-1", ttl: 3600, ...options });
      token.identity = "guest-1";
      const Grant = (changed.ipMessaging && AccessToken.IpMessagingGrant) || AccessToken.ChatGrant;
      token.addGrant(new Grant({ serviceSid: service }));
      return token.toJwt();
    };
    const open = async (token, identity = "guest-1") => {
      const answer = await fetch(`${server.url}/v1/WebChannels`, {
        method: "POST",
        headers: {
          authorization: `Basic ${Buffer.from(`token:${token}`).toString("base64")}`,
          origin: server.publicUrl,
        },
        body: new URLSearchParams({
          FlexFlowSid: made.flex_flow_sid,
          Identity: identity,
          CustomerFriendlyName: "Bob",
          ChatFriendlyName: "Chat",
        }),
      });
      return { status: answer.status, ...(await answer.json()) };
    };
    const opened = await open(mint());
    assert.equal(opened.status, 201, JSON.stringify(opened));
    assert.match(opened.sid, /^CH/);
    assert.equal((await open(mint({ ipMessaging: true }))).status, 201);
    assert.equal((await open(mint(), "somebody-else")).status, 403);
    assert.equal((await open(mint({ secret: "wrong" }))).status, 401);
    assert.equal((await open(mint({ key: `SK${"0".repeat(32)}` }))).status, 401);
    assert.equal((await open(mint({ account: `AC${"0".repeat(32)}` }))).status, 401);
    assert.equal((await open(mint({ service: `IS${"0".repeat(32)}` }))).status, 401);
    assert.equal((await open(mint({}, { ttl: 90_000 }))).status, 401);
    assert.equal((await hello(server, mint({ secret: "wrong" }))).code, 4401);
    assert.equal((await hello(server, mint())).t, "welcome");

    assert.match(await server.cli(["key", "remove", made.api_key_sid]), /removed/);
    assert.equal((await open(mint())).status, 401);
  });
}
