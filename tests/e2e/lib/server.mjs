// The real server: started on a free port with a fresh data folder, killed, started again.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { until } from "./wait.mjs";

const run = promisify(execFile);

/** The program under test: what `cargo xtask e2e` names, else a debug build. */
export const BINARY =
  process.env.FRONTDESK_BIN ??
  join(
    process.env.CARGO_TARGET_DIR ??
      join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "frontdesk/target"),
    "debug/frontdesk",
  );

/** Our environment without `FRONTDESK_*`: to the server these are settings, and ours are not. */
function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FRONTDESK_")));
}

/** A port that was free a moment ago. */
export async function freePort() {
  const probe = createServer();
  await new Promise((done, fail) => probe.once("error", fail).listen(0, "127.0.0.1", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

export class Server {
  /**
   * @param {{args?: string[], env?: object, publicUrl?: string, demo?: boolean, port?: number}} options
   *   `args` and `env` are added to what is always given; `demo` is on unless told otherwise.
   */
  static async start(options = {}) {
    const server = new Server();
    server.options = options;
    server.port = options.port ?? (await freePort());
    server.publicUrl = options.publicUrl ?? `http://localhost:${server.port}`;
    server.data = await mkdtemp(join(tmpdir(), "frontdesk-e2e-"));
    server.log = "";
    await server.launch();
    return server;
  }

  /** The server's own address (`publicUrl` may be a proxy's). */
  get url() {
    return `http://localhost:${this.port}`;
  }

  /** Starts the program on the same port and data folder, and waits until it is ready. */
  async launch() {
    const { args = [], env = {}, demo = true } = this.options;
    this.log += `--- start\n`;
    const child = spawn(
      BINARY,
      [
        "serve",
        ...(demo ? ["--demo"] : []),
        "--listen", `127.0.0.1:${this.port}`,
        "--data", this.data,
        "--public-url", this.publicUrl,
        ...args,
      ],
      { env: { RUST_BACKTRACE: "1", ...environment(), ...env }, stdio: ["ignore", "pipe", "pipe"] },
    );
    this.child = child;
    this.ended = new Promise((done) => {
      child.once("error", (error) => {
        this.log += `--- could not start ${BINARY}: ${error.message}\n`;
        done({ error });
      });
      child.once("exit", (code, signal) => {
        this.log += `--- end, code ${code}, signal ${signal}\n`;
        done({ code, signal });
      });
    });
    child.stdout.on("data", (chunk) => (this.log += chunk));
    child.stderr.on("data", (chunk) => (this.log += chunk));
    alive.add(child);
    this.ended.then(() => alive.delete(child));
    let early;
    this.ended.then((end) => (early = end));
    await until("the server to be ready", async () => {
      if (early) return true;
      return (await fetch(`${this.url}/readyz`)).ok;
    }, 30_000);
    if (early) throw new Error(`the server ended at its start:\n${this.log}`);
  }

  /** What the first start wrote: account_sid, auth_token, site_id, agent {name, password}, … */
  async credentials() {
    return JSON.parse(await readFile(join(this.data, "credentials.json"), "utf8"));
  }

  /** `kill -9`, as a power cut would: waits until the process is gone. */
  async kill() {
    this.child.kill("SIGKILL");
    return this.ended;
  }

  /** SIGTERM, and waits until it has drained; gives its exit code. */
  async stop() {
    this.child.kill("SIGTERM");
    return this.ended;
  }

  /** `kill -9`, then a new start on the same port and data. */
  async restart() {
    await this.kill();
    await this.launch();
  }

  /** The server's own command line on this data folder, `["site", "add", …]`; gives its output. */
  async cli(args) {
    const { stdout } = await run(BINARY, [...args, "--data", this.data], { env: environment() });
    return stdout;
  }

  /** Basic authentication of the account, for its REST API. */
  async authorization() {
    const { account_sid, auth_token } = await this.credentials();
    return `Basic ${Buffer.from(`${account_sid}:${auth_token}`).toString("base64")}`;
  }

  /** Ends it for good and takes its data away. */
  async dispose() {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }
}

// Whatever happens to this process, no server outlives it.
const alive = new Set();
process.on("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});
