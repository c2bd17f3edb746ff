//! One Chat connection as a pure machine.
//!
//! [`Session::update`] takes the time and what happened, and says what to do about it. It reads no
//! clock, draws no randomness and awaits nothing: checking a token, reading the log, committing and
//! subscribing are [`Effect`]s, and their answers come back as [`Event`]s.
//!
//! ```text
//! UPGRADED (5 s) ─hello→ VERIFYING → OPENING ─welcome→ OPEN → CLOSED
//!   a stream:  Opening → Snapshot or Replaying(from) → Live(next);  Lagging(next) → Live
//! ```
//!
//! - [`event`], [`effect`], [`settings`]: the doors in and out, and the figures.
//! - `hello`, `auth`, `heartbeat`: the connection as a whole.
//! - `follow`: which streams, and the one cursor of each; `feed`: what is read from the store for
//!   them, one piece at a time and only while the queue is short.
//! - `requests`, `writes`: what the client asks for; `queue`: how much waits for it.
//!
//! Three rules hold everywhere. Nothing is said after the decision to close. Nothing enters the
//! queue that does not fit it. Positions alone decide what is sent of a stream: below the cursor is
//! dropped, equal is sent, above is read from the store first.

mod auth;
pub mod effect;
pub mod event;
mod feed;
mod follow;
mod heartbeat;
mod hello;
mod queue;
mod requests;
pub mod settings;
mod writes;

use std::sync::Arc;

use bytes::Bytes;
use frontdesk_protocol::{
    CloseCode, Millis, Stream,
    frame::{Hello, Nack, ServerFrame},
};

use auth::Token;
pub use effect::Effect;
pub use event::{Event, Grant, Refused, TokenRefusal, Unreadable};
use follow::Streams;
use heartbeat::Heart;
use queue::Queue;
use requests::Fetches;
pub use settings::Settings;
use writes::Writes;

use crate::limits::{Bucket, Rate};

/// The server's side of one connection.
#[derive(Debug)]
pub struct Session {
    settings: Arc<Settings>,
    /// The connection's id, for the log and for support.
    conn: String,
    phase: Phase,
    token: Option<Token>,
    /// A new token is being checked, for `auth`.
    refreshing: bool,
    streams: Streams,
    /// Whether the `hello` named any streams.
    asked_for_streams: bool,
    /// Streams of the `hello` that are not there: told behind the `welcome`.
    lost: Vec<Stream>,
    /// The subscription for which something is being read.
    feeding: Option<u32>,
    queue: Queue,
    writes: Writes,
    fetches: Fetches,
    heart: Heart,
    frames: Bucket,
    /// Frames over that budget, in a row.
    frames_over: u32,
    sends: Bucket,
    sends_rate: Rate,
    effects: Vec<Effect>,
}

/// How far a connection is. What is only known in one phase is kept in it.
#[derive(Debug)]
enum Phase {
    /// Nothing was said yet.
    Upgraded { until: Millis },
    /// The token of the `hello` is being checked.
    Verifying { until: Millis, hello: Box<Hello> },
    /// The streams of the `hello` are being looked up.
    Opening { until: Millis, wall: Millis },
    /// Welcomed.
    Open,
    /// Decided: nothing more is said.
    Closed,
}

impl Session {
    /// The session of a connection that was upgraded `now`. `conn` is a random id; `jitter`, in
    /// `0.0..1.0`, spreads the first pings of connections that came at the same moment.
    #[must_use]
    pub fn new(now: Millis, settings: Arc<Settings>, conn: String, jitter: f64) -> Self {
        let until = now.plus(settings.hello_ms);
        Self {
            conn,
            phase: Phase::Upgraded { until },
            token: None,
            refreshing: false,
            streams: Streams::default(),
            asked_for_streams: false,
            lost: Vec::new(),
            feeding: None,
            queue: Queue::default(),
            writes: Writes::default(),
            fetches: Fetches::default(),
            heart: Heart::new(jitter),
            frames: Bucket::full(settings.frames, now),
            frames_over: 0,
            sends: Bucket::full(settings.guest_sends, now),
            sends_rate: settings.guest_sends,
            effects: Vec::new(),
            settings,
        }
    }

    /// Everything that can happen, and what to do about it, in this order.
    ///
    /// `now` is a clock that never jumps, from any start. Once an [`Effect::Close`] was given out
    /// there are no further effects, whatever happens.
    pub fn update(&mut self, now: Millis, event: Event) -> Vec<Effect> {
        if self.is_closed() {
            return Vec::new();
        }
        self.take(now, event);
        if !self.is_closed() {
            self.start_writing();
            self.start_fetching();
            self.start_feeding();
        }
        std::mem::take(&mut self.effects)
    }

    fn take(&mut self, now: Millis, event: Event) {
        match event {
            Event::Text(text) => self.text(now, &text),
            Event::Binary => self.close(CloseCode::Unsupported, "frames are text"),
            Event::Control => drop(self.count_frame(now)),
            Event::Tick => self.tick(now),
            Event::Flushed { frames, bytes } => self.queue.flushed(frames, bytes),
            Event::Stalled => self.close(CloseCode::SlowConsumer, "writes make no progress"),
            Event::Gone => self.phase = Phase::Closed,
            Event::Verified(verdict) => self.verified(now, verdict),
            Event::Followed { ticket, stream, head } => {
                self.followed(now, ticket, &stream, head);
            }
            Event::SnapshotRead { ticket, stream, snapshot } => {
                self.snapshot_read(ticket, &stream, snapshot);
            }
            Event::EventsRead { ticket, stream, events } => {
                self.events_read(ticket, &stream, events);
            }
            Event::Committed(answer) => self.committed(answer),
            Event::Marked => self.marked(),
            Event::PageRead(page) => self.page_read(page),
            Event::Rechecked(answer) => self.rechecked(now, answer),
            Event::Published { stream, event } => self.published(&stream, &event),
            Event::Lagging { stream } => self.lagging(&stream),
            Event::Typing { stream, who, on } => self.somebody_types(stream, who, on),
            Event::Drain { after_ms } => self.drain(after_ms),
            Event::Shut { code, reason } => self.close(code, reason),
        }
    }

    /// When [`Event::Tick`] is due; `None` once closed.
    #[must_use]
    pub fn deadline(&self) -> Option<Millis> {
        match &self.phase {
            Phase::Upgraded { until }
            | Phase::Verifying { until, .. }
            | Phase::Opening { until, .. } => Some(*until),
            Phase::Open => {
                let token = self.token.as_ref().map(Token::deadline);
                Some(token.map_or(self.heart.deadline(), |at| at.min(self.heart.deadline())))
            }
            Phase::Closed => None,
        }
    }

    /// Whether the client's next frame should be read now. Frames that are not read hold their
    /// sender back: that is what bounds what a connection has asked for and not got yet.
    #[must_use]
    pub fn wants_frames(&self) -> bool {
        match self.phase {
            Phase::Upgraded { .. } => true,
            Phase::Open => {
                self.queue.has_room_for_answers()
                    && !self.writes.is_full()
                    && !self.fetches.is_full()
            }
            Phase::Verifying { .. } | Phase::Opening { .. } | Phase::Closed => false,
        }
    }

    /// Whether the decision to close has been taken.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed)
    }

    /// Frames and bytes that were given out and not reported as flushed.
    #[must_use]
    pub const fn queued(&self) -> (usize, usize) {
        self.queue.size()
    }

    fn tick(&mut self, now: Millis) {
        match self.phase {
            Phase::Upgraded { until } if now >= until => {
                self.close(CloseCode::HelloTimeout, "no hello in time");
            }
            Phase::Verifying { until, .. } | Phase::Opening { until, .. } if now >= until => {
                self.close(CloseCode::TryLater, "the store takes too long");
            }
            Phase::Open => {
                self.token_tick(now);
                if !self.is_closed() {
                    self.heart_tick(now);
                }
            }
            Phase::Upgraded { .. }
            | Phase::Verifying { .. }
            | Phase::Opening { .. }
            | Phase::Closed => {}
        }
    }

    /// The server is about to stop. Who has not been welcomed has nothing to lose.
    fn drain(&mut self, after_ms: u64) {
        match self.phase {
            Phase::Open => self.send(&ServerFrame::Drain { after: after_ms }),
            Phase::Upgraded { .. }
            | Phase::Verifying { .. }
            | Phase::Opening { .. }
            | Phase::Closed => self.close(CloseCode::Restart, "the server restarts"),
        }
    }

    /// Queues a frame that has to go out. Who leaves no room even for these is too slow.
    fn send(&mut self, frame: &ServerFrame) {
        self.send_text(frame.to_json().into());
    }

    fn send_text(&mut self, text: Bytes) {
        if self.is_closed() {
            return;
        }
        if self.queue.is_over() {
            return self.close(CloseCode::SlowConsumer, "too much waits to be written");
        }
        self.queue.push(text.len());
        self.effects.push(Effect::Send(text));
    }

    fn nack(&mut self, nack: Nack) {
        self.send(&ServerFrame::Nack(nack));
    }

    /// The terminal decision.
    fn close(&mut self, code: CloseCode, reason: &'static str) {
        if self.is_closed() {
            return;
        }
        let flush = code != CloseCode::SlowConsumer;
        self.effects.push(Effect::Close { code, reason, flush });
        self.phase = Phase::Closed;
    }
}

#[cfg(test)]
mod tests;
