import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { scenario } from "../lib/index.mjs";
import { VERSIONS, client, refused, require } from "./lib.mjs";

const run = promisify(execFile);
const here = (file) => fileURLToPath(new URL(file, import.meta.url));
const NO_FLOW = `FO${"0".repeat(32)}`;
const NO_CHANNEL = `CH${"0".repeat(32)}`;

for (const [name, version] of Object.entries(VERSIONS)) {
  scenario(`${version}: the example of the retired service opens a chat`, async (world) => {
    assert.equal(require(`${name}/package.json`).version, version);
    const server = await world.server({ demo: false });
    const known = await server.credentials();
    const { stdout } = await run(process.execPath, ["-r", here("redirect.cjs"), here("sample.cjs"), name], {
      env: {
        PATH: process.env.PATH,
        TWILIO_REDIRECT: server.url,
        TWILIO_ACCOUNT_SID: known.account_sid,
        TWILIO_AUTH_TOKEN: known.auth_token,
        FLEX_FLOW_SID: known.flex_flow_sid,
      },
    });
    assert.equal(stdout.trim(), known.account_sid);
  });

  scenario(`${version}: web channels are made, paged through, ended and removed`, async (world) => {
    const server = await world.server({ demo: false });
    const { flex_flow_sid: flexFlowSid, account_sid, service_sid } = await server.credentials();
    const twilio = await client(name, server);
    const webChannels = twilio.flexApi.v1.webChannel;
    const made = [];
    for (let number = 0; number < 120; number++) {
      const channel = await webChannels.create({
        flexFlowSid,
        identity: `guest-${number}`,
        customerFriendlyName: "Zoë",
        chatFriendlyName: "Chat",
        preEngagementData: JSON.stringify({ question: "Räder & more?" }),
      });
      made.push(channel.sid);
    }
    const all = await twilio.flexApi.v1.webChannel.list();
    assert.deepEqual(all.map((channel) => channel.sid), made);
    assert.equal((await webChannels.list({ limit: 70 })).length, 70);
    assert.equal((await webChannels.list({ limit: 2000 })).length, 120);
    const first = await webChannels.page({ pageSize: 50 });
    const second = await first.nextPage();
    const third = await second.nextPage();
    assert.deepEqual([first, second, third].map((page) => page.instances.length), [50, 50, 20]);
    assert.equal(await third.nextPage(), undefined);
    assert.equal((await third.previousPage()).instances[0].sid, made[50]);

    const fetched = await webChannels(made[7]).fetch();
    assert.equal(fetched.accountSid, account_sid);
    assert.equal(fetched.flexFlowSid, flexFlowSid);
    assert.ok(fetched.dateCreated instanceof Date && !Number.isNaN(fetched.dateCreated.valueOf()));

    await webChannels(made[7]).update({ chatStatus: "inactive", postEngagementData: '{"stars":5}' });
    const chat = await twilio.chat.v2.services(service_sid).channels(made[7]).fetch();
    const attributes = JSON.parse(chat.attributes);
    assert.equal(attributes.status, "INACTIVE");
    assert.deepEqual(attributes.post_engagement_data, { stars: 5 });
    assert.deepEqual(attributes.pre_engagement_data, { question: "Räder & more?" });

    assert.equal(await webChannels(made[7]).remove(), true);
    const gone = await refused(webChannels(made[7]).fetch());
    assert.deepEqual([gone.status, gone.code], [404, 20404]);
    assert.equal((await webChannels.list()).length, 119);
  });

  scenario(`${version}: channels and flows go round`, async (world) => {
    const server = await world.server({ demo: false });
    const { flex_flow_sid: flexFlowSid, service_sid: chatServiceSid } = await server.credentials();
    const { flexApi } = await client(name, server);
    const { channel, flexFlow } = flexApi.v1;
    const opened = await channel.create({
      flexFlowSid,
      identity: "guest",
      chatUserFriendlyName: "Bob",
      chatFriendlyName: "Chat",
      chatUniqueName: "order-7",
    });
    assert.match(opened.taskSid, /^WT[0-9a-f]{32}$/);
    assert.match(opened.userSid, /^US[0-9a-f]{32}$/);
    assert.equal((await channel(opened.sid).fetch()).taskSid, opened.taskSid);
    assert.equal((await channel.list()).length, 1);
    const again = { flexFlowSid, identity: "x", chatUserFriendlyName: "x", chatFriendlyName: "x" };
    const taken = await refused(channel.create({ ...again, chatUniqueName: "order-7" }));
    assert.equal(taken.status, 409);
    assert.equal(await channel(opened.sid).remove(), true);

    const asked = {
      friendlyName: "Orders",
      chatServiceSid,
      channelType: "sms",
      contactIdentity: "+12025550100",
      enabled: true,
      integrationType: "external",
      "integration.url": "https://example.com/bot",
      "integration.retryCount": 2,
      longLived: true,
    };
    const flow = await flexFlow.create({
      ...asked,
      integration: { url: "https://example.com/bot", retryCount: 2 },
    });
    assert.equal(flow.channelType, "sms");
    assert.equal(flow.contactIdentity, "+12025550100");
    assert.equal(flow.integrationType, "external");
    assert.equal(flow.integration.url, "https://example.com/bot");
    assert.equal(flow.integration.retry_count, 2);
    assert.equal(flow.longLived, true);
    const both = await refused(
      flexFlow.create({ ...asked, integration: { url: "https://example.com/bot" } }),
    );
    assert.equal(both.status, 409);
    const studio = { integrationType: "studio", "integration.flowSid": `FW${"0".repeat(32)}` };
    await flexFlow(flow.sid).update({ ...studio, integration: { flowSid: studio["integration.flowSid"] } });
    const unheard = await refused(
      flexApi.v1.webChannel.create({
        flexFlowSid: flow.sid,
        identity: "x",
        customerFriendlyName: "x",
        chatFriendlyName: "x",
      }),
    );
    assert.deepEqual([unheard.status, unheard.code], [400, 20001]);
    const found = await flexFlow.list({ friendlyName: "Orders" });
    assert.deepEqual(found.map(({ sid }) => sid), [flow.sid]);
    assert.equal((await flexFlow.list()).length, 2);
    const changed = await flexFlow(flow.sid).update({ friendlyName: "Sales", enabled: false });
    assert.deepEqual([changed.friendlyName, changed.enabled], ["Sales", false]);
    assert.equal((await flexFlow(flow.sid).fetch()).integration.url, "https://example.com/bot");
    assert.equal(await flexFlow(flow.sid).remove(), true);
    assert.equal((await refused(flexFlow(flow.sid).fetch())).code, 20404);
    assert.equal((await refused(flexFlow(flexFlowSid).remove())).status, 409);
  });

  scenario(`${version}: what is wrong is refused in words`, async (world) => {
    const server = await world.server({ demo: false });
    const { flex_flow_sid, api_key_sid, api_key_secret } = await server.credentials();
    const { flexApi } = await client(name, server);
    const asked = {
      flexFlowSid: flex_flow_sid,
      identity: "x",
      customerFriendlyName: "x",
      chatFriendlyName: "x",
    };
    const create = (changed) => refused(flexApi.v1.webChannel.create({ ...asked, ...changed }));
    assert.equal((await create({ flexFlowSid: NO_FLOW })).code, 20404);
    const attributes = await create({ preEngagementData: "no JSON" });
    assert.deepEqual([attributes.status, attributes.code], [400, 20001]);
    assert.match(attributes.message, /PreEngagementData/);
    assert.equal((await create({ chatFriendlyName: "x".repeat(1 << 20) })).status, 413);
    assert.equal((await refused(flexApi.v1.webChannel(NO_CHANNEL).fetch())).code, 20404);
    assert.equal((await refused(flexApi.v1.webChannel("nonsense").fetch())).code, 20404);
    const forged = flexApi.v1.webChannel.page({ pageToken: "forged" });
    assert.equal((await refused(forged)).status, 400);
    const wrong = await client(name, server, { password: "wrong" });
    const denied = await refused(wrong.flexApi.v1.webChannel.list());
    assert.deepEqual([denied.status, denied.code], [401, 20003]);
    const keyed = await client(name, server, { user: api_key_sid, password: api_key_secret });
    assert.deepEqual(await keyed.flexApi.v1.webChannel.list(), []);
  });
}
