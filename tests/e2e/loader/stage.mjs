// What the loader's tests stand on: a server that plays ours, a foreign page that embeds it, and a
// browser. The widget is a double of few lines, for only the loader is looked at here.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { transform } from "esbuild";
import { launch } from "puppeteer-core";

const SITE = "site_1";

const source = await readFile(new URL("../../../loader/frontdesk.js", import.meta.url), "utf8");
const { code: loader } = await transform(source, { minify: true, target: "es2022" });

/** The widget's double: writes down what it is told, and shows a box with a field. */
export const WIDGET = `
  export default async ({ module_or_path }) => { if (!(await module_or_path).ok) throw "no wasm"; };
  const told = [];
  export const silence = () => told.push("silence");
  export const mount = (root, options) => {
    const trap = (way) => way(() => { throw new WebAssembly.RuntimeError("broken"); });
    (window.mounts ||= []).push({ root, options, told, trap });
    const field = document.createElement("input");
    field.id = "field";
    root.append(field);
    if (options.open) field.focus();
    return {
      open() { told.push("open"); field.focus(); },
      close() { told.push("close"); },
      staffed(is) { told.push({ staffed: is }); },
      destroy() { told.push("destroy"); },
    };
  };`;

async function listen(handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** A server, a page on another Origin, and a browser; `close` ends all three. */
export async function stage() {
  const browser = await launch({
    executablePath: process.env.FRONTDESK_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  const desk = {
    requests: [],
    widget: WIDGET,
    site: { status: 200, cors: true },
    wasm: 200,
    brand: "#3554d1",
    /** What a request for the widget waits for. */
    gate: Promise.resolve(),
  };
  const server = await listen(async ({ url, headers }, answer) => {
    desk.requests.push({ url, cookie: headers.cookie });
    const send = (status, type, body, more = {}) =>
      answer.writeHead(status, { "Content-Type": type, ...more }).end(body);
    const open = { "Access-Control-Allow-Origin": "*" };
    if (url.startsWith("/frontdesk.js")) {
      const config = {
        site: SITE, brand: desk.brand, label: "Chat with us",
        widget_js: "assets/widget-1.js", widget_wasm: "assets/widget-1.wasm",
      };
      send(200, "text/javascript", loader.replace("__FRONTDESK_CONFIG__", JSON.stringify(config)));
    } else if (url.startsWith("/assets/widget-1.js")) {
      await desk.gate;
      send(200, "text/javascript", desk.widget, open);
    } else if (url.startsWith("/assets/widget-1.wasm")) {
      send(desk.wasm, "application/wasm", "\0asm\x01\0\0\0", open);
    } else {
      send(desk.site.status, "application/json", `{"site":"${SITE}","staffed":true}`, desk.site.cors ? open : {});
    }
  });
  const address = `http://127.0.0.1:${server.address().port}`;
  const host = { csp: "", head: "", body: "" };
  const pages = await listen((request, answer) => {
    const policy = host.csp && { "Content-Security-Policy": host.csp.replaceAll("DESK", address) };
    answer.writeHead(200, { "Content-Type": "text/html", ...policy });
    answer.end(`<!doctype html><html lang="en"><title>Shop</title><head>${host.head}</head>
      <body><button id="page">Page</button>${host.body}</body></html>`);
  });
  const tag = `<script async src="${address}/frontdesk.js?site=${SITE}"></script>`;
  return {
    SITE, desk, host, tag, address,
    origin: `http://localhost:${pages.address().port}`,
    /** A fresh visitor on the page; `errors` and `words` fill as the page goes on. */
    async visit({ width = 1200, height = 800, before } = {}) {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      await page.setViewport({ width, height });
      page.errors = [];
      page.words = [];
      page.on("pageerror", (error) => page.errors.push(String(error)));
      page.on("console", (message) => page.words.push(message.text()));
      if (before) await page.evaluateOnNewDocument(before);
      await page.goto(this.origin, { waitUntil: "networkidle0" });
      return page;
    },
    async close() {
      await browser.close();
      server.close();
      pages.close();
    },
  };
}

/** What the launcher and the panel look like to a program. */
export const look = (page) =>
  page.evaluate(() => {
    const hosts = document.querySelectorAll("front-desk");
    const shadow = hosts[0]?.shadowRoot;
    if (!shadow) return { hosts: 0 };
    const part = (name) => shadow.querySelector(`[part=${name}]`);
    const [launcher, panel, wait] = ["launcher", "panel", "wait"].map(part);
    return {
      hosts: hosts.length,
      name: launcher.getAttribute("aria-label"),
      expanded: launcher.getAttribute("aria-expanded"),
      controls: launcher.getAttribute("aria-controls") === panel.id,
      badge: part("badge").textContent,
      open: panel.open,
      modal: panel.matches(":modal"),
      waiting: wait && !wait.hidden ? wait.textContent : null,
      mounts: window.mounts?.length ?? 0,
      trees: shadow.querySelectorAll("[part=body]").length,
      focus: shadow.activeElement?.id || shadow.activeElement?.getAttribute("part") || null,
    };
  });

/** Waits until the launcher and the panel look like this. */
export async function until(page, wanted) {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const seen = await look(page);
    const differs = Object.keys(wanted).filter((key) => seen[key] !== wanted[key]);
    if (!differs.length) return seen;
    if (Date.now() > deadline) {
      throw new Error(`wanted ${JSON.stringify(wanted)}, saw ${JSON.stringify(seen)}; ${page.words}`);
    }
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
}

/** The launcher's handle, for clicks. */
export const launcher = (page) => page.$("front-desk >>> [part=launcher]");
