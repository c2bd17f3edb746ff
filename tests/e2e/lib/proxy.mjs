// A network between browser and server that can be cut: plain TCP, so that
// websockets feel it like everything else.

import { connect, createServer } from "node:net";

export class Proxy {
  /** Forwards from a free port to `port` on this machine. */
  static async start(port = 0) {
    const proxy = new Proxy();
    proxy.target = port;
    proxy.state = "open";
    proxy.pairs = new Set();
    proxy.server = createServer((client) => proxy.accept(client));
    await new Promise((done, fail) => proxy.server.once("error", fail).listen(0, "127.0.0.1", done));
    proxy.port = proxy.server.address().port;
    proxy.url = `http://localhost:${proxy.port}`;
    return proxy;
  }

  accept(client) {
    if (this.state === "cut") {
      client.destroy();
      return;
    }
    const server = connect(this.target, "127.0.0.1");
    const pair = { client, server };
    this.pairs.add(pair);
    const end = () => {
      client.destroy();
      server.destroy();
      this.pairs.delete(pair);
    };
    client.on("error", end).on("close", end);
    server.on("error", end).on("close", end);
    client.pipe(server);
    server.pipe(client);
    if (this.state === "silent") hold(pair);
  }

  /** Ends every connection and refuses new ones, until `heal()`. */
  cut() {
    this.state = "cut";
    for (const { client } of this.pairs) client.destroy();
  }

  /** Keeps connections open but lets nothing through, as a dead mobile network does. */
  silence() {
    this.state = "silent";
    for (const pair of this.pairs) hold(pair);
  }

  /** Everything works again; what `silence()` held back goes through. */
  heal() {
    this.state = "open";
    for (const { client, server } of this.pairs) {
      client.pipe(server);
      server.pipe(client);
    }
  }

  async dispose() {
    this.cut();
    await new Promise((done) => this.server.close(done));
  }
}

function hold({ client, server }) {
  client.unpipe(server);
  server.unpipe(client);
  client.pause();
  server.pause();
}
