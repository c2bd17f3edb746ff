// Real Chromium, and what its pages did: console, errors, requests, sockets.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A page that is not in front keeps its timers: two people look at theirs at once.
  "--disable-background-timer-throttling",
  "--disable-backgrounding-occluded-windows",
  "--disable-renderer-backgrounding",
];

export class Browser {
  /** One person's browser with a profile of its own. `args` are further flags. */
  static async launch(name, { args = [], width = 1280, height = 800 } = {}) {
    const browser = new Browser();
    browser.name = name;
    browser.pages = [];
    browser.profile = await mkdtemp(join(tmpdir(), "frontdesk-chromium-"));
    browser.chromium = await puppeteer.launch({
      executablePath: process.env.FRONTDESK_CHROMIUM ?? "/usr/bin/chromium",
      headless: true, // `--headless=new`
      userDataDir: browser.profile,
      defaultViewport: { width, height },
      args: [...FLAGS, ...args],
      // A machine with other work to do starts a browser slowly.
      timeout: 120_000,
      protocolTimeout: 180_000,
    });
    const child = browser.chromium.process();
    alive.add(child);
    child.once("exit", () => alive.delete(child));
    return browser;
  }

  /** A new tab that records what it does; goes to `url` if one is given. */
  async page(url, { name = `${this.name}-${this.pages.length + 1}` } = {}) {
    const page = await this.chromium.newPage();
    page.record = await record(page, name);
    page.setDefaultTimeout(30_000);
    this.pages.push(page);
    if (url) await page.goto(url, { waitUntil: "load" });
    return page;
  }

  async dispose() {
    await this.chromium.close().catch(() => this.chromium.process()?.kill("SIGKILL"));
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * What a page did since it was opened:
 * `lines` (all of it as text), `errors` (uncaught exceptions and console.error),
 * `requests` ({url, method, type}), `failures` ({url, reason or status}), `sockets` (addresses).
 */
async function record(page, name) {
  const seen = { name, lines: [], errors: [], requests: [], failures: [], sockets: [] };
  const began = performance.now();
  const say = (text) => seen.lines.push(`${((performance.now() - began) / 1000).toFixed(3)} ${text}`);
  page.on("console", (message) => {
    const text = `console.${message.type()} ${message.text()}`;
    say(text);
    if (message.type() === "error") seen.errors.push(message.text());
  });
  page.on("pageerror", (error) => {
    say(`exception ${error?.stack ?? error}`);
    seen.errors.push(String(error?.message ?? error));
  });
  page.on("request", (request) => {
    const url = request.url();
    seen.requests.push({ url, method: request.method(), type: request.resourceType() });
    say(`request ${request.method()} ${url.slice(0, 200)}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) {
      seen.failures.push({ url: response.url(), status: response.status() });
      say(`answer ${response.status()} ${response.url()}`);
    }
  });
  page.on("requestfailed", (request) => {
    seen.failures.push({ url: request.url(), reason: request.failure()?.errorText });
    say(`failed ${request.url()} ${request.failure()?.errorText}`);
  });
  page.on("framenavigated", (frame) => say(`at ${frame.url()}`));
  page.on("error", (error) => say(`crash ${error.message}`));
  const cdp = await page.createCDPSession();
  await cdp.send("Network.enable");
  cdp.on("Network.webSocketCreated", ({ url }) => {
    seen.sockets.push(url);
    say(`socket ${url}`);
  });
  cdp.on("Network.webSocketFrameSent", ({ response }) => say(`socket > ${response.payloadData.slice(0, 300)}`));
  cdp.on("Network.webSocketFrameReceived", ({ response }) => say(`socket < ${response.payloadData.slice(0, 300)}`));
  cdp.on("Network.webSocketFrameError", ({ errorMessage }) => say(`socket error ${errorMessage}`));
  cdp.on("Network.webSocketClosed", () => say("socket closed"));
  return seen;
}

// Whatever happens to this process, no browser outlives it.
const alive = new Set();
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});
