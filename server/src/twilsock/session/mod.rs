//! One connection as a pure machine.
//!
//! [`Session::update`] takes the time and what happened, and says what to do about it. It reads no
//! clock, draws no randomness and awaits nothing.
//!
//! ```text
//! WAITING (hello_ms) ─init→ VERIFYING ─reply→ OPEN → CLOSED
//!   a request:  queued → under way → answered; one at a time, in the order in which they came
//!   an object:  looked up → establishing → established; followed from a position on
//! ```
//!
//! - [`event`], [`effect`], [`settings`]: the doors in and out, and the figures.
//! - `token`: who the connection is, and for how long; `heartbeat`: are they there.
//! - `calls`: the requests it carries; `subscriptions`: the objects it follows.
//! - `replies`: frames of ours.
//!
//! Two rules hold everywhere. Nothing is said after the decision to close. What is told of an
//! object has greater numbers than what was told before.

mod calls;
pub mod effect;
pub mod event;
mod heartbeat;
mod replies;
pub mod settings;
mod subscriptions;
mod token;

use std::sync::Arc;

use frontdesk_protocol::{Identity, Millis, Stream};
use serde_json::{Value, json};

pub use effect::Effect;
pub use event::{Event, Grant, Shut};
pub use settings::Settings;

use self::{calls::Calls, heartbeat::Heart, replies::Status, subscriptions::Subscriptions};
use super::{
    frame,
    incoming::{self, Incoming},
};
use crate::{http::bearer::BearerError, limits::Bucket};

/// Seconds after which somebody who is not heard of again has stopped writing: one more than the
/// clients wait before they say it again.
const TYPING_SECONDS: u64 = 6;

/// The server's side of one connection.
#[derive(Debug)]
pub struct Session {
    settings: Arc<Settings>,
    /// Random: what ids of frames begin with.
    conn: String,
    frames_sent: u64,
    phase: Phase,
    token: Option<token::Token>,
    /// The frame that asked for the token which is being looked at.
    updating: Option<String>,
    calls: Calls,
    subscriptions: Subscriptions,
    heart: Heart,
    frames: Bucket,
    /// Frames over that budget, in a row.
    frames_over: u32,
    queued: Queued,
    effects: Vec<Effect>,
}

/// How far a connection is.
#[derive(Debug)]
enum Phase {
    /// Nothing was said yet.
    Waiting { until: Millis },
    /// The token is being looked at.
    Verifying { until: Millis, id: String, continuation: Option<String> },
    /// It is somebody.
    Open,
    /// Decided: nothing more is said.
    Closed,
}

/// What was given out and is not reported as written.
#[derive(Debug, Default)]
struct Queued {
    frames: usize,
    bytes: usize,
}

impl Session {
    /// The session of a connection that was upgraded `now`. `conn` is a random id; `jitter`, in
    /// `0.0..1.0`, spreads the first pings of connections that came at the same moment.
    #[must_use]
    pub fn new(now: Millis, settings: Arc<Settings>, conn: String, jitter: f64) -> Self {
        Self {
            conn,
            frames_sent: 0,
            phase: Phase::Waiting { until: now.plus(settings.hello_ms) },
            token: None,
            updating: None,
            calls: Calls::default(),
            subscriptions: Subscriptions::default(),
            heart: Heart::new(jitter),
            frames: Bucket::full(settings.frames, now),
            frames_over: 0,
            queued: Queued::default(),
            effects: Vec::new(),
            settings,
        }
    }

    /// Everything that can happen, and what to do about it, in this order. Once an
    /// [`Effect::Close`] was given out there are no further effects, whatever happens.
    pub fn update(&mut self, now: Millis, event: Event) -> Vec<Effect> {
        if self.is_closed() {
            return Vec::new();
        }
        self.take(now, event);
        if !self.is_closed() {
            self.start_calls();
            self.start_feeding();
        }
        std::mem::take(&mut self.effects)
    }

    fn take(&mut self, now: Millis, event: Event) {
        match event {
            Event::Binary(bytes) => self.frame(now, &bytes),
            Event::Text => self.shut(Shut::NotSpoken),
            Event::Control => self.heart.beat(now, self.settings.heartbeat_ms),
            Event::Tick => self.tick(now),
            Event::Flushed { frames, bytes } => {
                self.queued.frames = self.queued.frames.saturating_sub(frames);
                self.queued.bytes = self.queued.bytes.saturating_sub(bytes);
            }
            Event::Stalled => self.close(Shut::Slow, false),
            Event::Gone => self.phase = Phase::Closed,
            Event::Verified(verdict) => self.verified(now, verdict),
            Event::Answered { number, answer } => self.answered(number, *answer),
            Event::Resolved { correlation, found } => self.resolved(&correlation, found),
            Event::Fed { number, topic, result } => {
                self.fed(number, &topic, result.map(|fed| *fed));
            }
            Event::Published { stream } => self.subscriptions.mark(&stream),
            Event::Typing { stream, who, on } => self.somebody_types(&stream, &who, on),
            Event::Shut(shut) => self.shut(shut),
        }
    }

    /// When [`Event::Tick`] is due; `None` once closed.
    #[must_use]
    pub fn deadline(&self) -> Option<Millis> {
        match &self.phase {
            Phase::Waiting { until } | Phase::Verifying { until, .. } => Some(*until),
            Phase::Open => {
                let token = self.token.as_ref().map(token::Token::deadline);
                Some(token.map_or(self.heart.deadline(), |at| at.min(self.heart.deadline())))
            }
            Phase::Closed => None,
        }
    }

    /// Whether the client's next frame should be read now: frames that are not read hold their
    /// sender back.
    #[must_use]
    pub fn wants_frames(&self) -> bool {
        match self.phase {
            Phase::Waiting { .. } => true,
            Phase::Open => !self.calls.is_full() && self.has_room(),
            Phase::Verifying { .. } | Phase::Closed => false,
        }
    }

    /// Whether the decision to close has been taken.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self.phase, Phase::Closed)
    }

    /// Whether something may be read to be told.
    fn has_room(&self) -> bool {
        self.queued.frames < self.settings.queue_frames
            && self.queued.bytes < self.settings.queue_bytes
    }

    fn tick(&mut self, now: Millis) {
        match &self.phase {
            Phase::Waiting { until } if now >= *until => self.close(Shut::Silent, false),
            Phase::Verifying { until, id, .. } if now >= *until => {
                let id = id.clone();
                self.refuse(&id, BearerError::Unavailable);
            }
            Phase::Open => {
                self.token_tick(now);
                if !self.is_closed() {
                    self.heart_tick(now);
                }
            }
            Phase::Waiting { .. } | Phase::Verifying { .. } | Phase::Closed => {}
        }
    }

    fn frame(&mut self, now: Millis, bytes: &[u8]) {
        self.heart.beat(now, self.settings.heartbeat_ms);
        let pace = self.frames.take(self.settings.frames, now);
        self.frames_over = if pace.is_ok() { 0 } else { self.frames_over + 1 };
        if self.frames_over > self.settings.frames_over {
            return self.shut(Shut::Flood);
        }
        let incoming = match incoming::read(bytes) {
            Ok(incoming) => incoming,
            Err(error) => {
                tracing::debug!(%error, "a frame was not read");
                return self.shut(Shut::NotSpoken);
            }
        };
        match (incoming, &self.phase) {
            (Incoming::Init { id, token, continuation }, Phase::Waiting { until }) => {
                self.phase = Phase::Verifying { until: *until, id, continuation };
                self.effects.push(Effect::Verify { token });
            }
            (_, Phase::Waiting { .. }) => self.shut(Shut::NotSpoken),
            (Incoming::Reply, _) => {}
            (Incoming::Close, _) => self.close(Shut::Asked, true),
            (Incoming::Update { id, token }, _) => self.update_token(id, token),
            (Incoming::Message { id, call }, _) => match pace {
                Ok(()) => self.call(id, call),
                Err(after_ms) => self.throttle(&id, after_ms),
            },
            (Incoming::Noted { id }, _) => self.reply(&id, Status::OK, json!({}), None),
            (Incoming::Init { id, .. } | Incoming::Unknown { id }, _) => {
                let status = Status { code: 400, status: "BAD_REQUEST", error: None };
                self.reply(&id, status, json!({}), None);
            }
        }
    }

    fn somebody_types(&mut self, stream: &Stream, who: &Identity, on: bool) {
        let Stream::Channel(channel) = stream else { return };
        // There is no word for having stopped: it ends by itself, or with what was written.
        if !on || !self.has_room() || !self.subscriptions.follow_channel(channel) {
            return;
        }
        let payload = json!({
            "channel_sid": channel,
            "identity": who,
            "typing_timeout": TYPING_SECONDS,
        });
        self.notify("twilio.ipmsg.typing_indicator", &payload);
    }

    fn notify(&mut self, message_type: &str, payload: &Value) {
        let id = self.next_id();
        let header = json!({ "method": "notification", "id": id, "message_type": message_type });
        self.send(header, Some(payload));
    }

    fn send(&mut self, header: Value, payload: Option<&Value>) {
        if self.is_closed() {
            return;
        }
        let bytes = frame::write(header, payload);
        self.queued.frames += 1;
        self.queued.bytes += bytes.len();
        self.effects.push(Effect::Send(bytes));
    }

    /// Says why, and closes.
    fn shut(&mut self, shut: Shut) {
        if let Some((code, status)) = shut.told() {
            let id = self.next_id();
            let status = json!({ "code": code, "status": status });
            let header = json!({ "method": "close", "id": id, "status": status });
            let reconnect_min_ms = self.settings.reconnect_ms;
            let body = json!({ "backoff_policy": { "reconnect_min_ms": reconnect_min_ms } });
            self.send(header, Some(&body));
        }
        self.close(shut, true);
    }

    /// The terminal decision.
    fn close(&mut self, shut: Shut, flush: bool) {
        if self.is_closed() {
            return;
        }
        self.effects.push(Effect::Close { code: shut.code(), reason: shut.reason(), flush });
        self.phase = Phase::Closed;
        self.calls = Calls::default();
    }

    fn next_id(&mut self) -> String {
        self.frames_sent += 1;
        format!("TM{}-{:x}", self.conn, self.frames_sent)
    }
}

#[cfg(test)]
mod tests;
