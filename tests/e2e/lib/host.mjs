// A site owner's page: static files on a port, and so an Origin, of their own.

import { createServer } from "node:http";

export class Host {
  /**
   * @param {Record<string, string | {body: string, headers?: object, status?: number}>} pages
   *   by path; change `host.pages` while it runs as you like.
   */
  static async start(pages = {}) {
    const host = new Host();
    host.pages = pages;
    host.server = createServer((request, response) => {
      const page = host.pages[new URL(request.url, "http://host").pathname];
      if (page === undefined) {
        // Browsers ask by themselves; a 404 would stand in the page's console.
        if (request.url === "/favicon.ico") return void response.writeHead(204).end();
        response.writeHead(404, { "content-type": "text/plain" }).end("not found");
        return;
      }
      const { body, headers = {}, status = 200 } = typeof page === "string" ? { body: page } : page;
      response.writeHead(status, { "content-type": "text/html; charset=utf-8", ...headers }).end(body);
    });
    await new Promise((done, fail) => host.server.once("error", fail).listen(0, "127.0.0.1", done));
    host.port = host.server.address().port;
    host.origin = `http://localhost:${host.port}`;
    return host;
  }

  /** A plain page that embeds the widget by the public tag. */
  static embedding(base, site, { body = "<h1>A shop</h1><p>Things to buy.</p>", head = "" } = {}) {
    return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>A shop</title><link rel="icon" href="data:,">${head}
    <script async src="${base}/frontdesk.js?site=${site}"></script>
  </head>
  <body>${body}</body>
</html>`;
  }

  async dispose() {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}
