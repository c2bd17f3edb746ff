import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { BINARY } from "../lib/server.mjs";
import { scenario } from "../lib/index.mjs";
import { client, refused } from "./lib.mjs";

const hex = "0123456789abcdef0123456789abcdef";
const [AC, FO, IS, SK] = ["AC", "FO", "IS", "SK"].map((letters) => letters + hex);
const TOKEN = "fedcba9876543210fedcba9876543210";

/** The command with this on its standard input. */
async function say(server, args, text) {
  const child = spawn(BINARY, [...args, "--data", server.data], {
    // To the program `FRONTDESK_*` are settings, and ours are not.
    env: { PATH: process.env.PATH },
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(text);
  let said = "";
  child.stdout.on("data", (chunk) => (said += chunk));
  const code = await new Promise((done) => child.once("close", done));
  assert.equal(code, 0);
  return said;
}

scenario("identifiers, tokens and keys of the retired service go on being good", async (world) => {
  const server = await world.server({ demo: false });
  const mine = await server.credentials();
  const adopted = await say(server, ["account", "adopt", "--account-sid", AC, "--auth-token-stdin"], `${TOKEN}\n`);
  assert.ok(adopted.includes(AC) && !adopted.includes(TOKEN), adopted);
  await server.cli(["service", "add", "--sid", IS, "--account", AC]);
  await server.cli(["flow", "add", "--sid", FO, "--account", AC]);
  const secret = "a-secret-from-elsewhere";
  await say(server, ["key", "add", "--sid", SK, "--secret-stdin", "--account", AC], secret);

  for (const [user, password] of [[AC, TOKEN], [SK, secret]]) {
    const { flexApi } = await client("twilio-6", server, { user, password });
    const opened = await flexApi.v1.webChannel.create({
      flexFlowSid: FO,
      identity: "guest",
      customerFriendlyName: "Bob",
      chatFriendlyName: "Chat",
    });
    assert.equal(opened.accountSid, AC);
    const foreign = await client("twilio-6", server);
    const other = await refused(foreign.flexApi.v1.webChannel(opened.sid).fetch());
    assert.deepEqual([other.status, other.code], [404, 20404]);
    const flow = await refused(flexApi.v1.flexFlow(mine.flex_flow_sid).fetch());
    assert.deepEqual([flow.status, flow.code], [404, 20404]);
  }
  await server.cli(["agent", "add", "bob", "--account", AC]);
  await server.cli(["site", "add", "--origin", "https://example.com", "--account", AC]);
  await assert.rejects(server.cli(["flow", "add"]), /several accounts/);
  await assert.rejects(server.cli(["flow", "add", "--sid", FO, "--account", AC]), /already/);
  await assert.rejects(server.cli(["key", "add", "--sid", "SKx", "--account", AC]));
});
