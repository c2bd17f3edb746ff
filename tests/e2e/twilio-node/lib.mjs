// The official library in three versions, pointed at our server by their public
// property `baseUrl`: no code of theirs is changed.

import { createRequire } from "node:module";

export const require = createRequire(import.meta.url);
export const VERSIONS = { "twilio-3": "3.84.1", "twilio-4": "4.23.0", "twilio-6": "6.2.0" };

/** A client of this package for a server, as its account or with other credentials. */
export async function client(name, server, { user, password } = {}) {
  const { account_sid, auth_token } = await server.credentials();
  const twilio = require(name);
  const made = twilio(user ?? account_sid, password ?? auth_token, { accountSid: account_sid });
  made.flexApi.baseUrl = server.url;
  made.chat.baseUrl = server.url;
  return made;
}

/** What a promise is refused with. */
export async function refused(promise) {
  try {
    await promise;
  } catch (error) {
    return { status: error.status, code: error.code, message: error.message };
  }
  throw new Error("it was not refused");
}
