import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { scenario } from "../lib/index.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
/** The same requests in every run: what fails once fails again. */
const SEED = "20261127";
/** Of each operation: with what is at the edges of each parameter, about two minutes. */
const EXAMPLES = "6";

/** One of each thing, so that not every request is for something that is not there. */
async function fill(server) {
  const made = await server.credentials();
  const authorization = await server.authorization();
  const make = async (path, fields) => {
    const answer = await fetch(server.url + path, {
      method: "POST",
      headers: { authorization },
      body: new URLSearchParams(fields),
    });
    const thing = await answer.json();
    assert.equal(answer.status, 201, JSON.stringify(thing));
    return thing.sid;
  };
  const service = `/v2/Services/${made.service_sid}`;
  const open = (identity) =>
    make("/v1/WebChannels", {
      FlexFlowSid: made.flex_flow_sid,
      Identity: identity,
      CustomerFriendlyName: "Bob",
      ChatFriendlyName: "Chat",
    });
  const channel = await open("visitor");
  const role = (Type) => make(`${service}/Roles`, { FriendlyName: "Role", Type, Permission: "sendMessage" });
  const at = `${service}/Channels/${channel}`;
  return {
    account: made.account_sid,
    service: made.service_sid,
    flow: made.flex_flow_sid,
    spare_flow: await make("/v1/FlexFlows", {
      FriendlyName: "Spare",
      ChatServiceSid: made.service_sid,
      ChannelType: "custom",
    }),
    site: made.site_id,
    channel,
    message: await make(`${at}/Messages`, { Body: "Hello" }),
    member: "visitor",
    user: "visitor",
    invite: await make(`${at}/Invites`, { Identity: "invited" }),
    webhook: await make(`${at}/Webhooks`, { Type: "webhook", "Configuration.Url": "https://example.com/" }),
    ended: await open("another"),
    role: await role("channel"),
    deployment_role: await role("deployment"),
    key: await make("/v1/Keys", { FriendlyName: "Key" }),
  };
}

/** Runs a program in a fresh folder, so that nothing of an earlier run changes what it does. */
async function run(program, args, env) {
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-openapi-"));
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (chunk) => (said += chunk));
  child.stderr.on("data", (chunk) => (said += chunk));
  try {
    const code = await new Promise((done, fail) => {
      child.once("error", (error) =>
        fail(new Error(`${program} does not start (${error.message}): \`make setup\` brings it`)));
      child.once("close", done);
    });
    return { code, said };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

scenario("whatever is sent, the REST API answers as it describes itself", async (world) => {
  const server = await world.server({
    demo: false,
    env: {
      // Not what is looked at here, and the server says so in so many words: 429.
      FRONTDESK_CHATS_PER_SECOND: "1000",
      FRONTDESK_CHATS_BURST: "1000",
      FRONTDESK_TOKENS_PER_SECOND: "1000",
      FRONTDESK_TOKENS_BURST: "1000",
    },
  });
  const names = await fill(server);
  const { account_sid, auth_token } = await server.credentials();
  const { code, said } = await run(
    "schemathesis",
    [
      "run", `${server.url}/openapi.json`,
      "--auth", `${account_sid}:${auth_token}`,
      "--checks", "all",
      "--mode", "all",
      "--seed", SEED,
      "--max-examples", EXAMPLES,
      // How fast the machine draws them is not looked at.
      "--suppress-health-check", "too_slow,filter_too_much",
      "--continue-on-failure",
      "--no-color",
    ],
    { SCHEMATHESIS_HOOKS: "hooks", PYTHONPATH: HERE, PYTHONDONTWRITEBYTECODE: "1", FRONTDESK_NAMES: JSON.stringify(names), FRONTDESK_ORIGIN: server.publicUrl },
  );
  world.note(said);
  assert.equal(code, 0, said);
  // It has asked, and not only loaded the description.
  assert.match(said, /Operations:.*\d/s, said);
  assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
}, { timeout: 300_000 });
