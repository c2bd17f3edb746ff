// The bot in `examples/bot`, on the official library, answers a visitor in the real widget.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { deep, scenario, until } from "../lib/index.mjs";
import { Visitor } from "../one-chat/people/index.mjs";
import { freePort } from "../lib/server.mjs";
import { client, require } from "./lib.mjs";

const BOT = fileURLToPath(new URL("../../../examples/bot/bot.mjs", import.meta.url));
const PERSON = "Could I talk to a person?";

/** The bot as its folder has it, with the library that the tests have. */
async function bot(world, server, port) {
  const { account_sid, auth_token } = await server.credentials();
  const folder = await mkdtemp(join(tmpdir(), "frontdesk-bot-"));
  await mkdir(join(folder, "node_modules"));
  await symlink(dirname(require.resolve("twilio-6/package.json")), join(folder, "node_modules/twilio"));
  await copyFile(BOT, join(folder, "bot.mjs"));
  const env = {
    PATH: process.env.PATH,
    ACCOUNT_SID: account_sid,
    AUTH_TOKEN: auth_token,
    SERVER: server.url,
    PORT: String(port),
  };
  const child = spawn(process.execPath, [join(folder, "bot.mjs")], { env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (log += chunk));
  world.others.push({
    dispose: async () => {
      child.kill("SIGKILL");
      await rm(folder, { recursive: true });
    },
  });
  await until("the bot to listen", () => log.includes("listens"));
}

scenario("a bot answers a visitor, and gets a person when asked", async (world) => {
  const server = await world.server({ env: { FRONTDESK_WEBHOOK_PRIVATE: "127.0.0.1, ::1" } });
  const port = await freePort();
  await bot(world, server, port);
  const known = await server.credentials();
  const twilio = await client("twilio-6", server);
  await twilio.flexApi.v1.flexFlow(known.flex_flow_sid).update({
    integrationType: "external",
    "integration.url": `http://localhost:${port}/`,
  });
  const shop = { url: `${server.publicUrl}/`, site: known.site_id };
  const visitor = await Visitor.arrive(await world.browser("visitor"), server, shop);
  await visitor.startChat();
  await visitor.say("Hello bot");
  await deep.hasText(visitor.page, ".msg", "You said: Hello bot");
  const { chat } = twilio;
  const service = chat.v2.services(known.service_sid);
  const [channel] = await service.channels.list({ limit: 1 });
  assert.equal(JSON.parse(channel.attributes).task_sid, null);
  await visitor.say(PERSON);
  await deep.hasText(visitor.page, ".msg", "One moment, I am getting somebody.");
  await until("the task", async () => {
    const { attributes } = await service.channels(channel.sid).fetch();
    return JSON.parse(attributes).task_sid !== null;
  });
  assert.equal((await service.channels(channel.sid).webhooks.list()).length, 0);
  assert.deepEqual(visitor.page.record.errors, []);
});
