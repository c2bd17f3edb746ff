// Programmable Chat as programs use it. Everything goes by SID: in 6.2.0 what a call gave back does
// not know its own.

import assert from "node:assert/strict";
import { scenario } from "../lib/index.mjs";
import { VERSIONS, client, refused } from "./lib.mjs";

const code = async (promise) => {
  const { status, code } = await refused(promise);
  return [status, code];
};

for (const [name, version] of Object.entries(VERSIONS)) {
  const start = async (world) => {
    const { v2 } = (await client(name, await world.server({ demo: false }))).chat;
    const [service] = await v2.services.list({ limit: 1 });
    return { v2, chat: v2.services(service.sid) };
  };

  scenario(`${version}: a channel and its messages go round`, async (world) => {
    const { chat } = await start(world);
    const attributes = JSON.stringify({ order: 7 });
    const asked = { friendlyName: "Support", uniqueName: "order-7", attributes, type: "private" };
    const { sid, dateCreated, ...made } = await chat.channels.create(asked);
    assert.deepEqual([made.attributes, made.type, made.createdBy], [attributes, "private", "system"]);
    assert.ok(dateCreated instanceof Date && !Number.isNaN(dateCreated.valueOf()));
    const channel = chat.channels(sid);
    assert.equal((await chat.channels("order-7").fetch()).sid, sid);
    assert.equal((await channel.update({ friendlyName: "Help" })).friendlyName, "Help");
    assert.deepEqual(await code(chat.channels.create({ uniqueName: "order-7" })), [409, 50307]);
    assert.deepEqual(await code(chat.channels(`CH${"0".repeat(32)}`).fetch()), [404, 20404]);

    const { messages } = channel;
    const said = await messages.create({ from: "bot", body: "Grüße, 世界 & more", attributes });
    assert.deepEqual([said.from, said.body, said.index], ["bot", "Grüße, 世界 & more", 0]);
    for (let n = 1; n < 120; n++) await messages.create({ body: String(n) });
    const all = await messages.list({ order: "desc", pageSize: 50 });
    assert.deepEqual(all.map((message) => message.index), [...Array(120).keys()].reverse());
    assert.equal((await messages.list({ limit: 70, pageSize: 30 })).length, 70);
    const second = await (await messages.page({ pageSize: 100 })).nextPage();
    assert.equal(second.instances.length, 20);
    assert.equal((await second.previousPage()).instances.length, 100);
    const changed = await messages(said.sid).update({ body: "Hi", lastUpdatedBy: "clerk" });
    assert.deepEqual([changed.body, changed.wasEdited, changed.lastUpdatedBy], ["Hi", true, "clerk"]);
    assert.equal(await messages(said.sid).remove(), true);
    assert.deepEqual(await code(messages(said.sid).fetch()), [404, 20404]);
    assert.deepEqual(await code(messages.create({ body: "x".repeat(32_769) })), [400, 50504]);
    assert.equal(await channel.remove(), true);
    assert.deepEqual(await code(channel.fetch()), [404, 20404]);
  });

  scenario(`${version}: members, users and invitations go round`, async (world) => {
    const { chat } = await start(world);
    const { sid } = await chat.channels.create({});
    const { members, messages, invites } = chat.channels(sid);
    const member = await members.create({ identity: "ann", attributes: '{"member_type":"agent"}' });
    assert.equal((await members("ann").fetch()).sid, member.sid);
    await messages.create({ body: "Hello" });
    const read = await members(member.sid).update({ lastConsumedMessageIndex: 0 });
    assert.equal(read.lastConsumedMessageIndex, 0);
    assert.deepEqual(await code(members.create({ identity: "ann" })), [409, 50404]);
    for (let n = 0; n < 99; n++) await members.create({ identity: `user-${n}` });
    assert.deepEqual(await code(members.create({ identity: "late" })), [403, 50403]);
    assert.equal((await members.list({ pageSize: 40 })).length, 100);
    assert.equal((await members.list({ identity: ["ann", "user-7"] })).length, 2);

    const user = chat.users((await chat.users("ann").fetch()).sid);
    assert.equal((await user.update({ friendlyName: "Ann" })).friendlyName, "Ann");
    const [joined] = await user.userChannels.list();
    assert.deepEqual([joined.channelSid, joined.status], [sid, "joined"]);
    const muted = await user.userChannels(sid).update({ notificationLevel: "muted" });
    assert.equal(muted.notificationLevel, "muted");
    assert.equal(await members(member.sid).remove(), true);
    assert.deepEqual(await user.userChannels.list(), []);
    assert.equal(await user.remove(), true);

    const invite = await invites.create({ identity: "bob" });
    assert.equal((await invites(invite.sid).fetch()).identity, "bob");
    assert.equal((await invites.list()).length, 1);
    assert.equal(await invites(invite.sid).remove(), true);
  });

  scenario(`${version}: services and roles go round`, async (world) => {
    const { v2 } = await start(world);
    const shop = v2.services((await v2.services.create({ friendlyName: "Shop" })).sid);
    assert.equal((await shop.roles.list()).length, 4);
    const permission = ["sendMessage", "deleteAnyMessage"];
    const made = await shop.roles.create({ friendlyName: "moderator", type: "channel", permission });
    assert.deepEqual(made.permissions, permission.toSorted());
    const role = shop.roles(made.sid);
    const changed = await role.update({ permission: ["sendMessage"] });
    assert.deepEqual(changed.permissions, ["sendMessage"]);
    assert.equal(await role.remove(), true);
    // Version 3 has objects where the others have names with dots.
    const limits = { limits: { channelMembers: 7 }, "limits.channelMembers": 7 };
    const set = await shop.update({ typingIndicatorTimeout: 8, ...limits });
    assert.deepEqual([set.typingIndicatorTimeout, set.limits.channel_members], [8, 7]);
    assert.equal(await shop.remove(), true);
    assert.equal((await v2.services.list()).length, 1);
  });
}
