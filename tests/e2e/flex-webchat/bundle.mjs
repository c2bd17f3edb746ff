// The official web chat, as it was published: fetched once by npm, checked, and never part of this
// project. Its own dependencies are in the bundle already, so only the one file is taken.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const PACKAGE = "@twilio/flex-webchat-ui@2.9.4";
const INTEGRITY = "sha512-s/rEF6qtdjX2ylVK2ur7WDY/p3YIDXEwS0oV5Ojqtui0aMkC/2SIwhVFz4u3+cjFyjpc5eUMU2U2HTA7LEYvtw==";
const FILE = "package/bundle/twilio-flex-webchat.prod.browser.js";

const cache = process.env.FRONTDESK_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "frontdesk");

/** The bundle's text. */
export async function bundle() {
  const folder = join(cache, "npm");
  const path = join(folder, "flex-webchat-ui-2.9.4.tgz");
  await mkdir(folder, { recursive: true });
  let packed = await readFile(path).catch(() => undefined);
  if (!packed || integrity(packed) !== INTEGRITY) {
    const fresh = join(folder, `fetching-${process.pid}`);
    await mkdir(fresh, { recursive: true });
    const { stdout } = await run("npm", ["pack", PACKAGE, "--silent", "--pack-destination", fresh]);
    const got = join(fresh, stdout.trim().split("\n").at(-1));
    packed = await readFile(got);
    if (integrity(packed) !== INTEGRITY) throw new Error(`${PACKAGE} is not what was published`);
    await rename(got, path);
    await rm(fresh, { recursive: true });
  }
  const { stdout } = await run("tar", ["-xzOf", path, FILE], { maxBuffer: 1 << 24 });
  return stdout;
}

function integrity(bytes) {
  return `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
}
