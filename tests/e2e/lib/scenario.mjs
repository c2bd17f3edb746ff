// One end-to-end test: makes what it asks for, takes it all away afterwards, and
// leaves pictures and logs if it failed.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Browser } from "./browser.mjs";
import { Host } from "./host.mjs";
import { Proxy } from "./proxy.mjs";
import { Server } from "./server.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ARTIFACTS = process.env.FRONTDESK_ARTIFACTS ?? join(HERE, "../artifacts/by-hand");

// A test that was given up may have left timers behind: they do not keep the
// process alive. (An unref'd timer runs only if something else still waits.)
after(() => setTimeout(() => process.exit(), 3_000).unref());

/**
 * @param {string} name  the rule that the test holds
 * @param {(world: World) => Promise<void>} work
 */
export function scenario(name, work, { timeout = 180_000, ...options } = {}) {
  // The runner's own limit is only for a clean-up that hangs.
  test(name, { timeout: timeout + 90_000, ...options }, async () => {
    const world = new World(name);
    try {
      await within(timeout, work(world));
    } catch (error) {
      await world.save("failed").catch((again) => console.error("no artifacts:", again));
      throw error;
    } finally {
      await world.dispose();
    }
  });
}

async function within(timeout, work) {
  let timer;
  const tooLate = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Error(`not done after ${timeout / 1000} s`)), timeout);
  });
  try {
    await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

class World {
  constructor(name) {
    this.folder = join(ARTIFACTS, name.toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, 80));
    this.servers = [];
    this.browsers = [];
    this.others = [];
    this.notes = [];
  }

  /** The server, started and ready; see `Server.start` for the options. */
  async server(options) {
    const server = await Server.start(options);
    this.servers.push(server);
    return server;
  }

  /**
   * The server behind a network that can be cut: browsers use `server.publicUrl`
   * (the proxy's), the test itself `server.url`. Gives `{ server, proxy }`.
   */
  async serverBehindProxy(options = {}) {
    const proxy = await Proxy.start();
    this.others.push(proxy);
    const server = await this.server({ ...options, publicUrl: proxy.url });
    proxy.target = server.port;
    return { server, proxy };
  }

  /** A person's browser, with a profile of its own. */
  async browser(name, options) {
    const browser = await Browser.launch(name, options);
    this.browsers.push(browser);
    return browser;
  }

  /** A page of another Origin, which that server's new site allows: `{ host, site, url }`. */
  async hostOf(server, options = {}) {
    const host = await Host.start();
    this.others.push(host);
    const tag = await server.cli(["site", "add", "--origin", host.origin]);
    const site = /frontdesk\.js\?site=([\w-]+)/.exec(tag)?.[1];
    if (!site) throw new Error(`\`frontdesk site add\` printed no tag: ${tag}`);
    host.pages["/"] = Host.embedding(server.publicUrl, site, options);
    return { host, site, url: `${host.origin}/` };
  }

  /** A page of another Origin that no site knows. */
  async stranger(pages) {
    const host = await Host.start(pages);
    this.others.push(host);
    return host;
  }

  /** A line for the artifacts of a failed test. */
  note(text) {
    this.notes.push(text);
  }

  /** A picture of a page, kept whether the test fails or not. */
  async picture(page, name) {
    await mkdir(this.folder, { recursive: true });
    const path = join(this.folder, `${name}.png`);
    await page.screenshot({ path });
    return path;
  }

  /** Every page's picture and log, and every server's log. */
  async save(why) {
    await mkdir(this.folder, { recursive: true });
    const write = (name, text) => writeFile(join(this.folder, name), text);
    if (this.notes.length > 0) await write("notes.txt", `${this.notes.join("\n")}\n`);
    for (const [number, server] of this.servers.entries()) {
      await write(`server-${number + 1}.log`, server.log);
    }
    for (const page of this.browsers.flatMap((browser) => browser.pages)) {
      const { name, lines } = page.record;
      await write(`${name}.log`, `${lines.join("\n")}\n`);
      if (page.isClosed()) continue;
      await page
        .screenshot({ path: join(this.folder, `${name}-${why}.png`) })
        .catch((error) => write(`${name}-no-picture.txt`, String(error)));
    }
    console.log(`        pictures and logs: ${this.folder}`);
  }

  async dispose() {
    for (const thing of [...this.browsers, ...this.servers, ...this.others]) {
      await thing.dispose().catch((error) => console.error("could not clean up:", error));
    }
  }
}
