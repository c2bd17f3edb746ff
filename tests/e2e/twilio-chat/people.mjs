// Applications on the official chat SDK, pointed at our server by options alone.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
export const VERSIONS = { "twilio-chat-3": "3.4.0", "twilio-chat-4": "4.1.0" };

/** A client of this package as somebody whom the account's own server vouches for. */
export async function connect(name, server, identity, ttl = 3600) {
  const { Client } = require(name);
  const client = await Client.create(await mint(server, identity, ttl), {
    twilsock: { uri: `${server.url.replace("http", "ws")}/v3/wsconnect` },
    Chat: { apiUri: server.url },
    cdsUri: server.url,
  });
  return client;
}

/** An access token of the account's. */
export async function mint(server, identity, ttl = 3600) {
  const { AccessToken } = require("twilio-6").jwt;
  const made = await server.credentials();
  const token = new AccessToken(made.account_sid, made.api_key_sid, made.api_key_secret, { identity, ttl });
  token.addGrant(new AccessToken.ChatGrant({ serviceSid: made.service_sid }));
  return token.toJwt();
}

/**
 * Waits until a client has opened all of a channel: requests that a cut takes along while it does,
 * it does not repeat, and rejects unheard.
 */
export async function opened(channel) {
  await Promise.all([channel.getMessages(), channel.getMembers()]);
  return channel;
}

/** What comes with the first event of this name that fits. */
export function once(emitter, name, fits = () => true) {
  return new Promise((done) => {
    const heard = (what) => {
      if (!fits(what)) return;
      emitter.removeListener(name, heard);
      done(what);
    };
    emitter.on(name, heard);
  });
}

/** The code that a promise is refused with. */
export async function refused(promise) {
  return promise.then(
    () => assert.fail("it was not refused"),
    (error) => error.code,
  );
}
