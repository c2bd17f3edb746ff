// What a good programmer writes in an afternoon: messages by REST with Node's http and
// better-sqlite3. An answer means the same as ours: the message is on disk (WAL,
// synchronous=FULL, one commit a message) and has a dense position in its channel.
//
//     node rest.mjs DATABASE_FILE USER PASSWORD CHANNELS
//
// prints {"port": …} once it listens on 127.0.0.1, with the channels CH0…0 on made.
import { createServer } from "node:http";
import { randomBytes } from "node:crypto";
import Database from "better-sqlite3";

const [file, user, password, channels] = process.argv.slice(2);
const expected = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

const db = new Database(file);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec(`
  CREATE TABLE IF NOT EXISTS channel (sid TEXT PRIMARY KEY, next INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS message (
    channel TEXT NOT NULL,
    idx     INTEGER NOT NULL,
    sid     TEXT NOT NULL UNIQUE,
    author  TEXT NOT NULL,
    body    TEXT NOT NULL,
    ts      INTEGER NOT NULL,
    PRIMARY KEY (channel, idx)
  ) WITHOUT ROWID`);
const take = db.prepare("UPDATE channel SET next = next + 1 WHERE sid = ? RETURNING next - 1 AS idx");
const insert = db.prepare("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?)");
for (let at = 0; at < Number(channels); at += 1) {
  db.prepare("INSERT OR IGNORE INTO channel VALUES (?, 0)").run(`CH${at.toString(16).padStart(32, "0")}`);
}

const append = db.transaction((channel, author, body) => {
  const index = take.get(channel)?.idx;
  if (index === undefined) return undefined;
  const sid = `IM${randomBytes(16).toString("hex")}`;
  const ts = Date.now();
  insert.run(channel, index, sid, author, body, ts);
  return { sid, channel_sid: channel, from: author, body, index, date_created: new Date(ts).toISOString() };
});

function answer(response, status, value) {
  const text = JSON.stringify(value);
  response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

const http = createServer((request, response) => {
  const address = /^\/v2\/Services\/IS\w+\/Channels\/(CH\w+)\/Messages$/.exec(request.url);
  if (request.headers.authorization !== expected) return answer(response, 401, { status: 401 });
  if (request.method !== "POST" || !address) return answer(response, 404, { status: 404 });
  let text = "";
  request.setEncoding("utf8").on("data", (part) => (text += part)).on("end", () => {
    const form = new URLSearchParams(text);
    const message = append(address[1], form.get("From") ?? "system", form.get("Body") ?? "");
    answer(response, message ? 201 : 404, message ?? { status: 404 });
  });
});
http.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: http.address().port })));
process.on("SIGTERM", () => {
  db.close();
  process.exit(0);
});
