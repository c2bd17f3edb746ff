// What a good programmer writes in an afternoon: a chat server with socket.io 4 and better-sqlite3
// whose acknowledgement means the same as ours: the message is on disk (WAL, synchronous=FULL, one
// commit a message), has a dense position in its channel, and is stored once per `cid`.
//
//     node server.mjs DATABASE_FILE     prints {"port": …} once it listens on 127.0.0.1
import { createServer } from "node:http";
import Database from "better-sqlite3";
import { Server } from "socket.io";

const db = new Database(process.argv[2]);
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec(`
  CREATE TABLE IF NOT EXISTS message (
    channel TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    author  TEXT NOT NULL,
    cid     TEXT NOT NULL,
    body    TEXT NOT NULL,
    ts      INTEGER NOT NULL,
    PRIMARY KEY (channel, seq),
    UNIQUE (channel, author, cid)
  ) WITHOUT ROWID`);
const known = db.prepare("SELECT seq, ts FROM message WHERE channel = ? AND author = ? AND cid = ?");
const head = db.prepare("SELECT coalesce(max(seq), 0) + 1 AS next FROM message WHERE channel = ?");
const insert = db.prepare("INSERT INTO message VALUES (?, ?, ?, ?, ?, ?)");

const append = db.transaction((channel, author, cid, body) => {
  const before = known.get(channel, author, cid);
  if (before) return { ...before, dup: true };
  const seq = head.get(channel).next;
  const ts = Date.now();
  insert.run(channel, seq, author, cid, body, ts);
  return { seq, ts, dup: false };
});

const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false });

io.on("connection", (socket) => {
  const { author, channel } = socket.handshake.auth;
  socket.join(channel);
  socket.on("send", ({ cid, body }, acknowledge) => {
    const stored = append(channel, author, cid, body);
    acknowledge({ cid, ...stored });
    if (!stored.dup) io.to(channel).emit("msg", { channel, author, cid, body, ...stored });
  });
  socket.on("typing", ({ on }) => socket.to(channel).volatile.emit("typing", { author, on }));
});

http.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: http.address().port })));
process.on("SIGTERM", () => {
  io.close();
  db.close();
  process.exit(0);
});
