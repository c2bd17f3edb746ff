// Waiting for something to be true; never for time to pass.

const LOOK_EVERY_MS = 40;

/**
 * Calls `look` until it gives something truthy, and gives that.
 * @param {string} what  what is waited for, in words: the error says it
 * @param {() => any | Promise<any>} look  may throw: that counts as "not yet"
 */
export async function until(what, look, timeoutMs = 15_000) {
  const end = performance.now() + timeoutMs;
  let last;
  for (;;) {
    try {
      const found = await look();
      if (found) return found;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) {
      throw new Error(`waited ${timeoutMs} ms in vain: ${what}`, { cause: last });
    }
    await pause(LOOK_EVERY_MS);
  }
}

/**
 * Waits until `look` has given the same JSON for `quietMs`: for asserting that
 * nothing more comes, where there is no event to wait for.
 */
export async function settled(what, look, quietMs = 500, timeoutMs = 15_000) {
  let seen;
  let since = performance.now();
  return until(`${what} to settle`, async () => {
    const value = await look();
    const now = JSON.stringify(value);
    if (now !== seen) {
      seen = now;
      since = performance.now();
    }
    return performance.now() - since >= quietMs ? { value } : undefined;
  }, timeoutMs).then((found) => found.value);
}

/** The pause between two looks; a test has no use for it. */
function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
