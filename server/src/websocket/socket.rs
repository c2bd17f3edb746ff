//! The one place where websocket frames meet a real stream.
//!
//! A [`Socket`] keeps no buffer while nothing happens: bytes are read on the stack, a message's
//! buffer lives as long as the message, and a chunk of output as long as it takes to write it. It
//! owns the closing handshake: after [`Socket::close`] nothing is sent but the close frame, and two
//! seconds later the stream is done with, whatever the peer does.

use std::{
    future::poll_fn,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use frontdesk_protocol::Millis;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{
    close::{self, Violation},
    decode::{Decoder, Limits, Message},
    encode::Opcode,
};

mod outgoing;

use outgoing::Outgoing;

/// Bytes read at once, on the stack.
const READ_BYTES: usize = 4096;

/// What a connection may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketLimits {
    /// What may come in.
    pub incoming: Limits,
    /// Most frames that wait to be written.
    pub queue_frames: usize,
    /// Most bytes that wait to be written; one longer frame may wait alone.
    pub queue_bytes: usize,
    /// How long a write may make no progress.
    pub stall_ms: u64,
    /// From the decision to close to the end of the stream.
    pub close_ms: u64,
}

impl Default for SocketLimits {
    fn default() -> Self {
        Self {
            incoming: Limits::default(),
            queue_frames: 256,
            queue_bytes: 262_144,
            stall_ms: 10_000,
            close_ms: 2_000,
        }
    }
}

/// What happened on a connection.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// A whole message. Pings are answered already; a close is being answered.
    Message(Message),
    /// So much left the queue.
    Flushed {
        /// Frames.
        frames: usize,
        /// Bytes of their payloads.
        bytes: usize,
    },
    /// The peer broke the framing and is being told so.
    Violation(Violation),
    /// A write makes no progress.
    Stalled,
    /// The stream is done with. Nothing follows.
    Gone,
}

/// The queue has no room for another frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too much waits to be written")]
pub struct QueueFull;

/// How far the closing handshake is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    No,
    /// Our close frame is on its way; theirs is still missing.
    Sent {
        until: Millis,
    },
    /// Both sides have said it: write the rest, then the stream is done.
    Both {
        until: Millis,
    },
    /// The peer's bytes mean nothing any more: write the rest, shut down, and throw away what comes
    /// until the peer has gone, because unread bytes would turn our close frame into a reset.
    Linger {
        until: Millis,
    },
    Done,
}

/// A websocket over a stream.
#[derive(Debug)]
pub struct Socket<Io> {
    io: Io,
    limits: SocketLimits,
    decoder: Decoder,
    /// Bytes that were read behind a message and not looked at yet.
    unread: Vec<u8>,
    out: Outgoing,
    closing: Closing,
    stalled_since: Option<Millis>,
    /// Whether our direction of the stream is shut down.
    shut: bool,
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Socket<Io> {
    /// A websocket over a stream whose upgrade was answered.
    pub fn new(io: Io, limits: SocketLimits) -> Self {
        Self {
            io,
            limits,
            decoder: Decoder::new(limits.incoming),
            unread: Vec::new(),
            out: Outgoing::default(),
            closing: Closing::No,
            stalled_since: None,
            shut: false,
        }
    }

    /// Allows longer or shorter messages from the next frame on.
    pub fn set_message_bytes(&mut self, message_bytes: usize) {
        self.decoder.set_message_bytes(message_bytes);
    }

    /// Queues a text message. Nothing happens once the connection is being closed.
    ///
    /// # Errors
    /// [`QueueFull`]; the frame was not taken.
    pub fn send_text(&mut self, text: Bytes) -> Result<(), QueueFull> {
        self.send(Opcode::Text, text)
    }

    /// Queues a binary message. Nothing happens once the connection is being closed.
    ///
    /// # Errors
    /// [`QueueFull`]; the frame was not taken.
    pub fn send_binary(&mut self, bytes: Bytes) -> Result<(), QueueFull> {
        self.send(Opcode::Binary, bytes)
    }

    /// Asks whether the peer is there; it answers with a pong, which is a message. Nothing happens
    /// once the connection is being closed.
    pub fn ping(&mut self) {
        if self.closing == Closing::No {
            self.out.push(Opcode::Ping, Bytes::new());
        }
    }

    fn send(&mut self, opcode: Opcode, payload: Bytes) -> Result<(), QueueFull> {
        if self.closing != Closing::No {
            return Ok(());
        }
        let (frames, bytes) = (self.out.frames(), self.out.bytes());
        let fits = frames < self.limits.queue_frames
            && (frames == 0 || bytes + payload.len() <= self.limits.queue_bytes);
        if !fits {
            return Err(QueueFull);
        }
        self.out.push(opcode, payload);
        Ok(())
    }

    /// Begins to close. With `flush` what is queued goes out before the close frame, else nothing
    /// does but the rest of a frame that is half written. The first call decides.
    pub fn close(&mut self, now: Millis, code: u16, reason: &str, flush: bool) {
        if self.closing != Closing::No {
            return;
        }
        if !flush {
            self.out.drop_unsent();
        }
        self.out.push(Opcode::Close, close::payload(code, reason).into());
        self.closing = Closing::Sent { until: now.plus(self.limits.close_ms) };
    }

    /// When [`Socket::step`] has something to say although nothing moved; `None` for never.
    #[must_use]
    pub fn deadline(&self) -> Option<Millis> {
        let stall = self.stalled_since.map(|since| since.plus(self.limits.stall_ms));
        let closing = match self.closing {
            Closing::Sent { until } | Closing::Both { until } | Closing::Linger { until } => {
                return Some(until);
            }
            Closing::No | Closing::Done => None,
        };
        [stall, closing, self.decoder.deadline()].into_iter().flatten().min()
    }

    /// Waits for the next thing to happen. `clock` is read as often as needed. Without `read` the
    /// peer's messages stay where they are: that is how a sender is held back.
    ///
    /// Nothing is lost when the returned future is dropped.
    pub async fn step(&mut self, clock: &impl Fn() -> Millis, read: bool) -> Step {
        poll_fn(|cx| self.poll_step(cx, clock, read)).await
    }

    fn poll_step(
        &mut self,
        cx: &mut Context<'_>,
        clock: &impl Fn() -> Millis,
        read: bool,
    ) -> Poll<Step> {
        let now = clock();
        if let Some(step) = self.expire(now) {
            return Poll::Ready(step);
        }
        if let Poll::Ready(step) = self.poll_write(cx, now) {
            return Poll::Ready(step);
        }
        if read || self.closing != Closing::No {
            return self.poll_read(cx, now);
        }
        Poll::Pending
    }

    /// What the clock alone decides.
    fn expire(&mut self, now: Millis) -> Option<Step> {
        match self.closing {
            Closing::Done => return Some(Step::Gone),
            Closing::Sent { until } | Closing::Both { until } | Closing::Linger { until } => {
                return (now >= until).then(|| self.done());
            }
            Closing::No => {}
        }
        if let Err(violation) = self.decoder.expire(now) {
            return Some(self.violated(now, violation));
        }
        let stalled = self.stalled_since?;
        if now.since(stalled) < self.limits.stall_ms {
            return None;
        }
        self.stalled_since = Some(now);
        Some(Step::Stalled)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, now: Millis) -> Poll<Step> {
        let (mut frames, mut bytes) = (0, 0);
        let mut wrote = false;
        while let Some(chunk) = self.out.chunk() {
            match Pin::new(&mut self.io).poll_write(cx, chunk) {
                Poll::Ready(Ok(0) | Err(_)) => return Poll::Ready(self.done()),
                Poll::Ready(Ok(len)) => {
                    wrote = true;
                    let left = self.out.advance(len);
                    frames += left.frames;
                    bytes += left.bytes;
                }
                Poll::Pending => {
                    if wrote || self.stalled_since.is_none() {
                        self.stalled_since = Some(now);
                    }
                    break;
                }
            }
        }
        if self.out.is_empty() {
            self.stalled_since = None;
            // TLS keeps what does not fill a record until it is told to let go.
            match Pin::new(&mut self.io).poll_flush(cx) {
                Poll::Ready(Err(_)) => return Poll::Ready(self.done()),
                Poll::Pending => return pending_or_flushed(frames, bytes),
                Poll::Ready(Ok(())) => {}
            }
            match self.closing {
                Closing::Both { .. } => {
                    if Pin::new(&mut self.io).poll_shutdown(cx).is_ready() {
                        return Poll::Ready(self.done());
                    }
                }
                Closing::Linger { .. } if !self.shut => {
                    self.shut = Pin::new(&mut self.io).poll_shutdown(cx).is_ready();
                }
                Closing::No | Closing::Sent { .. } | Closing::Linger { .. } | Closing::Done => {}
            }
        }
        pending_or_flushed(frames, bytes)
    }

    fn poll_read(&mut self, cx: &mut Context<'_>, now: Millis) -> Poll<Step> {
        loop {
            if !self.unread.is_empty() {
                let bytes = std::mem::take(&mut self.unread);
                if let Some(step) = self.take_in(now, &bytes) {
                    return Poll::Ready(step);
                }
                if matches!(self.closing, Closing::Both { .. }) {
                    return self.poll_write(cx, now);
                }
            }
            let mut space = [MaybeUninit::uninit(); READ_BYTES];
            let mut buffer = ReadBuf::uninit(&mut space);
            match Pin::new(&mut self.io).poll_read(cx, &mut buffer) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(_)) => return Poll::Ready(self.done()),
                Poll::Ready(Ok(())) if buffer.filled().is_empty() => {
                    return Poll::Ready(self.done());
                }
                Poll::Ready(Ok(())) if matches!(self.closing, Closing::Linger { .. }) => {}
                Poll::Ready(Ok(())) => self.unread = buffer.filled().to_vec(),
            }
        }
    }

    /// Decodes up to the first message; what is behind it stays in `unread`.
    fn take_in(&mut self, now: Millis, bytes: &[u8]) -> Option<Step> {
        let mut input = bytes;
        loop {
            let message = match self.decoder.feed(now, &mut input) {
                Ok(None) => return None,
                Ok(Some(message)) => message,
                Err(violation) => {
                    let known = self.closing != Closing::No;
                    let step = self.violated(now, violation);
                    return (!known).then_some(step);
                }
            };
            match (&message, self.closing) {
                (Message::Close(_), Closing::Sent { until }) => {
                    self.closing = Closing::Both { until };
                    return None;
                }
                // Somebody who is being sent away is not listened to any more.
                (
                    _,
                    Closing::Sent { .. }
                    | Closing::Both { .. }
                    | Closing::Linger { .. }
                    | Closing::Done,
                ) => continue,
                (Message::Close(frame), Closing::No) => {
                    let code = frame.as_ref().map_or(1000, |(code, _)| *code);
                    self.close(now, code, "", false);
                    let until = now.plus(self.limits.close_ms);
                    self.closing = Closing::Both { until };
                }
                (Message::Ping(payload), Closing::No) => self.out.pong(payload.clone().into()),
                (Message::Text(_) | Message::Binary(_) | Message::Pong(_), Closing::No) => {}
            }
            self.unread = input.to_vec();
            return Some(Step::Message(message));
        }
    }

    fn violated(&mut self, now: Millis, violation: Violation) -> Step {
        self.close(now, violation.code, violation.reason, false);
        self.closing = match self.closing {
            Closing::Sent { until } | Closing::Both { until } | Closing::Linger { until } => {
                Closing::Linger { until }
            }
            Closing::No | Closing::Done => Closing::Done,
        };
        self.decoder = Decoder::default();
        Step::Violation(violation)
    }

    fn done(&mut self) -> Step {
        self.closing = Closing::Done;
        self.out = Outgoing::default();
        self.stalled_since = None;
        Step::Gone
    }
}

const fn pending_or_flushed(frames: usize, bytes: usize) -> Poll<Step> {
    if frames == 0 { Poll::Pending } else { Poll::Ready(Step::Flushed { frames, bytes }) }
}

#[cfg(test)]
mod tests;
