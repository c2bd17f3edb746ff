// The server's own word on what was said, read without any code of the widget or the console.

/**
 * Everything in a stream, read over a socket of its own with the token of the agent who is signed
 * in on `page`: `{ state, messages }`, of a channel with all its messages from the first on.
 */
export function streamOf(page, stream) {
  return page.evaluate(read, stream);
}

/** The queue's tasks: every chat that was opened. */
export async function tasksOf(page) {
  const { queue_sid: queue } = await page.evaluate(() => fetch("/console/api/me").then((me) => me.json()));
  return (await streamOf(page, queue)).state.tasks ?? [];
}

// Runs inside the page, so it stands alone.
async function read(stream) {
  const answer = await fetch("/console/api/token", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  if (!answer.ok) throw new Error(`no token: ${answer.status} ${await answer.text()}`);
  const { token } = await answer.json();
  const socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/chat`, "frontdesk.chat.v1");
  const tell = (frame) => socket.send(JSON.stringify(frame));
  try {
    return await new Promise((done, fail) => {
      const messages = [];
      let state;
      socket.onclose = ({ code }) => fail(new Error(`the socket closed with ${code}`));
      socket.onopen = () => tell({ t: "hello", tok: token, inst: "reader", ch: [{ id: stream }] });
      socket.onmessage = ({ data }) => {
        const frame = JSON.parse(data);
        if (frame.t === "snap") state = frame.state;
        if (frame.t === "nack" || frame.t === "err") fail(new Error(data));
        if (frame.t === "live") {
          if (stream.startsWith("CH")) tell({ t: "fetch", ch: stream, after: 0, limit: 200 });
          else done({ state, messages });
        }
        if (frame.t === "page") {
          messages.push(...frame.items);
          if (frame.more) tell({ t: "fetch", ch: stream, after: messages.at(-1).seq, limit: 200 });
          else done({ state, messages });
        }
      };
    });
  } finally {
    socket.onclose = null;
    socket.close();
  }
}
