// Two clients of the official SDK, unchanged, on our server.

import assert from "node:assert/strict";
import { scenario, until } from "../lib/index.mjs";
import { VERSIONS, connect, mint, once, opened, refused } from "./people.mjs";

for (const [name, version] of Object.entries(VERSIONS)) {
  scenario(`${version}: two users make a channel, talk in it and leave it`, async (world) => {
    const server = await world.server({ demo: false });
    const [ann, bob] = await Promise.all([connect(name, server, "ann"), connect(name, server, "bob")]);
    const made = await ann.createChannel({ friendlyName: "Tea", uniqueName: "tea", attributes: { hot: true } });
    assert.equal(made.friendlyName, "Tea");
    const invited = once(bob, "channelJoined", (channel) => channel.sid === made.sid);
    await made.add("bob");
    const his = await invited;
    await until("ann to see bob", async () => (await made.getMembers()).length === 2);

    const heard = once(his, "messageAdded");
    assert.equal(await made.sendMessage("milk?", { to: "tea" }), 0);
    const message = await heard;
    assert.deepEqual([message.author, message.body, message.attributes], ["ann", "milk?", { to: "tea" }]);
    const typing = once(made, "typingStarted");
    await his.typing();
    assert.equal((await typing).identity, "bob");
    const read = once(made, "memberUpdated", ({ member }) => member.lastConsumedMessageIndex === 0);
    assert.equal(await his.updateLastConsumedMessageIndex(0), 0);
    await read;

    const edited = once(his, "messageUpdated");
    const own = (await made.getMessages()).items[0];
    await own.updateBody("sugar?");
    assert.equal((await edited).message.body, "sugar?");
    await own.updateAttributes({ to: "nobody" });
    const removed = once(his, "messageRemoved");
    await own.remove();
    assert.equal((await removed).index, 0);

    for (let n = 1; n <= 7; n += 1) await his.sendMessage(`no ${n}`);
    const page = await made.getMessages(3);
    assert.deepEqual(page.items.map(({ body }) => body), ["no 5", "no 6", "no 7"]);
    const before = await page.prevPage();
    assert.deepEqual(before.items.map(({ body }) => body), ["no 2", "no 3", "no 4"]);
    assert.ok(before.hasPrevPage && before.hasNextPage);

    assert.equal(await refused(his.updateFriendlyName("Coffee")), 50107);
    const renamed = once(his, "updated", ({ updateReasons }) => updateReasons.includes("friendlyName"));
    await made.updateFriendlyName("Coffee");
    await renamed;
    await ann.user.updateFriendlyName("Ann");
    await until("ann to have a name", () => ann.user.friendlyName === "Ann");
    await his.setUserNotificationLevel("muted");
    await until("bob to be left alone", () => his.notificationLevel === "muted");

    const left = once(made, "memberLeft");
    await his.leave();
    assert.equal((await left).identity, "bob");
    await assert.rejects(his.sendMessage("late"));
    await made.delete();
    await Promise.all([ann.shutdown(), bob.shutdown()]);
  });

  scenario(`${version}: what was said while a client was away is told in order and once`, async (world) => {
    const { server, proxy } = await world.serverBehindProxy({ demo: false });
    const near = await connect(name, server, "ann");
    const far = await connect(name, { ...server, url: proxy.url, credentials: () => server.credentials() }, "bob");
    const made = await near.createChannel({ friendlyName: "Tea" });
    const joined = once(far, "channelJoined");
    await made.add("bob");
    const his = await opened(await joined);
    await opened(made);
    await his.sendMessage("here");
    const heard = [];
    his.on("messageAdded", ({ body }) => heard.push(body));
    const gone = once(far, "connectionStateChanged", (state) => state === "connecting");
    await proxy.cut();
    await gone;
    for (let n = 1; n <= 50; n += 1) await made.sendMessage(`missed ${n}`);
    await proxy.heal();
    await until("all of it to be there", () => heard.includes("missed 50"), 60_000);
    const expected = Array.from({ length: 50 }, (_, n) => `missed ${n + 1}`);
    assert.deepEqual(heard.filter((body) => body !== "here"), expected);
    await his.sendMessage("back");
    await Promise.all([near.shutdown(), far.shutdown()]);
  });

  scenario(`${version}: a server that was killed is found again, and a token is renewed`, async (world) => {
    const server = await world.server({ demo: false });
    // Told three minutes before its end.
    const ann = await connect(name, server, "ann", 182);
    await once(ann, "tokenAboutToExpire");
    await ann.updateToken(await mint(server, "ann"));
    const made = await ann.createChannel({ friendlyName: "Tea" });
    await opened(made);
    await made.sendMessage("before");
    const back = once(ann, "connectionStateChanged", (state) => state === "connected");
    await server.restart();
    await back;
    assert.equal(await made.sendMessage("after"), 1);
    await until("both to be there", async () => {
      const { items } = await made.getMessages();
      return items.map(({ body }) => body).join() === "before,after";
    });
    await ann.shutdown();
  });
}
