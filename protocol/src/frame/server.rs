//! Frames from the server to a client.

use serde::Serialize;
use serde_json::Value;

use super::{Advertised, UnreadableFrame};
use crate::{
    event::Event,
    id::{Cid, Identity, Stream},
    json,
    limits::Limits,
    read::{Fault, Read, field, field_or_default},
    readable, readable_words,
    state::{Message, StreamState},
    time::Millis,
};

/// How a stream is followed: from where the client was, or from a fresh snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// What follows continues where the client was.
    Resume,
    /// What the client has is not valid any more, or it had nothing: a `snap` follows.
    Reset,
}

/// A stream that is followed, in `welcome`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Followed {
    /// The stream.
    pub id: Stream,
    /// The epoch of the store.
    pub epoch: String,
    /// The newest position.
    pub head: u64,
    /// The oldest position still kept.
    pub oldest: u64,
    /// What comes next.
    pub mode: Mode,
}

/// The answer to `hello`. A `sub` is answered stream by stream: `snap` or `evs`, then `live`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Welcome {
    /// The connection's id, for support.
    pub conn: String,
    /// The server's clock: Unix milliseconds.
    pub now: Millis,
    /// Milliseconds between pings.
    pub hb: u64,
    /// Milliseconds the server waits for a pong.
    pub pong: u64,
    /// What is allowed.
    pub limits: Limits,
    /// When the token ends: Unix milliseconds.
    pub exp: Millis,
    /// Who the token says the client is.
    pub me: Identity,
    /// The streams that are followed.
    pub ch: Vec<Followed>,
}

/// A stream as it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Snap {
    /// The stream.
    pub ch: Stream,
    /// The epoch of the store.
    pub epoch: String,
    /// The position it is a picture of: events up to here are in it.
    pub seq: u64,
    /// Channel, members, tasks.
    pub state: StreamState,
    /// The newest page of messages, oldest first.
    pub items: Vec<Message>,
    /// Whether there are older messages.
    pub more: bool,
}

/// A piece of replay: the events `from..=to`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evs {
    /// The stream.
    pub ch: Stream,
    /// Position of the first.
    pub from: u64,
    /// Position of the last.
    pub to: u64,
    /// The events, without a hole.
    pub items: Vec<Event>,
    /// Whether more replay follows.
    pub more: bool,
}

/// Replay of a stream is done; what follows is new.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Live {
    /// The stream.
    pub ch: Stream,
    /// The position the client must have applied by now.
    pub seq: u64,
}

/// A `send` is durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ack {
    /// The sender's own id.
    pub cid: Cid,
    /// The channel.
    pub ch: Stream,
    /// The message's position.
    pub seq: u64,
    /// Its number among messages.
    pub index: u64,
    /// When it was stored.
    pub ts: Millis,
    /// Whether it had been stored before this `send`.
    pub dup: bool,
}

/// Why something was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NackCode {
    /// The body is empty or holds what no message may.
    BadBody,
    /// The body, the attributes or the frame is too long.
    TooLong,
    /// The same `cid` was used for another content.
    Conflict,
    /// Too fast; `after` says when to try again.
    Rate,
    /// The store cannot take it now.
    Unavailable,
    /// The stream is not live on this connection yet.
    NotLive,
    /// The channel is not there, or not yours.
    NotFound,
    /// You may look but not speak here.
    Forbidden,
    /// A program of the account's was asked, and refuses it.
    Refused,
    /// The chat has ended.
    Ended,
    /// The token was refused.
    Unauthorized,
    /// A reason of tomorrow.
    Unknown,
}

/// A `send`, `fetch`, `sub` or `auth` was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Nack {
    /// The sender's own id, for a `send`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cid: Option<Cid>,
    /// The stream, for anything that names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ch: Option<Stream>,
    /// Why.
    pub code: NackCode,
    /// Whether the same again can help.
    pub retry: bool,
    /// Milliseconds to wait before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
}

/// A page of messages as they stand now, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// The channel.
    pub ch: Stream,
    /// The messages.
    pub items: Vec<Message>,
    /// Whether there are more on that side.
    pub more: bool,
}

/// Something went wrong that is not the answer to one frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorFrame {
    /// A short code for programs.
    pub code: String,
    /// Whether the connection is closed next.
    pub fatal: bool,
    /// A sentence for developers.
    pub msg: String,
}

/// A frame from the server.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ServerFrame {
    /// The answer to `hello`.
    Welcome(Welcome),
    /// A stream as it stands.
    Snap(Snap),
    /// A piece of replay.
    Evs(Evs),
    /// Replay is done.
    Live(Live),
    /// A new event.
    Ev {
        /// The stream.
        ch: Stream,
        /// The event, its fields beside `ch`.
        #[serde(flatten)]
        event: Event,
    },
    /// A `send` is durable.
    Ack(Ack),
    /// A request was refused.
    Nack(Nack),
    /// A page of history.
    Page(Page),
    /// Are you there? These are the heads of what you follow.
    Ping {
        /// Its number.
        n: u64,
        /// The newest positions.
        heads: Advertised,
    },
    /// The new token is good.
    AuthOk {
        /// When it ends: Unix milliseconds.
        exp: Millis,
    },
    /// The token ends soon.
    AuthSoon {
        /// In this many milliseconds.
        #[serde(rename = "in")]
        in_ms: u64,
    },
    /// The server is about to stop; come back after this many milliseconds.
    Drain {
        /// Milliseconds.
        after: u64,
    },
    /// Somebody is writing, or not any more.
    Typing {
        /// The channel.
        ch: Stream,
        /// Who.
        who: Identity,
        /// Whether.
        on: bool,
    },
    /// Something went wrong.
    Err(ErrorFrame),
}

impl ServerFrame {
    /// Reads a frame; `Ok(None)` is a type of tomorrow, which a client passes over.
    ///
    /// # Errors
    /// [`UnreadableFrame`] if it is no frame at all: the client reports it and reconnects.
    pub fn parse(text: &str) -> Result<Option<Self>, UnreadableFrame> {
        let frame = json::parse(text).ok_or(UnreadableFrame::Syntax)?;
        let mut fault = Fault::default();
        let kind: String = field(&frame, "t", &mut fault);
        let read = Self::read(&kind, &frame, &mut fault);
        fault.unless_noted(read).ok_or(UnreadableFrame::Shape)
    }

    /// `None` for a type of tomorrow.
    fn read(kind: &str, frame: &Value, fault: &mut Fault) -> Option<Self> {
        Some(match kind {
            "welcome" => Self::Welcome(Read::read(frame, fault)),
            "snap" => Self::Snap(Read::read(frame, fault)),
            "evs" => Self::Evs(Read::read(frame, fault)),
            "live" => Self::Live(Read::read(frame, fault)),
            "ev" => Self::Ev { ch: field(frame, "ch", fault), event: Read::read(frame, fault) },
            "ack" => Self::Ack(Read::read(frame, fault)),
            "nack" => Self::Nack(Read::read(frame, fault)),
            "page" => Self::Page(Read::read(frame, fault)),
            "ping" => Self::Ping {
                n: field(frame, "n", fault),
                heads: field_or_default(frame, "heads", fault),
            },
            "auth_ok" => Self::AuthOk { exp: field(frame, "exp", fault) },
            "auth_soon" => Self::AuthSoon { in_ms: field(frame, "in", fault) },
            "drain" => Self::Drain { after: field(frame, "after", fault) },
            "typing" => Self::Typing {
                ch: field(frame, "ch", fault),
                who: field(frame, "who", fault),
                on: field(frame, "on", fault),
            },
            "err" => Self::Err(Read::read(frame, fault)),
            _ => return None,
        })
    }

    /// The frame as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("a frame has only string keys")
    }
}

readable! {
    Followed { id, epoch, head, oldest, mode }
    Welcome { conn, now, hb, pong, limits, exp, me, ch }
    Snap { ch, epoch, seq, state; items, more }
    Evs { ch, from, to, items, more }
    Live { ch, seq }
    Ack { cid, ch, seq, index, ts, dup }
    Nack { cid, ch, code, retry, after }
    Page { ch, items, more }
    ErrorFrame { code, fatal, msg }
}
readable_words! {
    Mode { "resume" => Resume, "reset" => Reset, }
    NackCode {
        "bad_body" => BadBody, "too_long" => TooLong, "conflict" => Conflict, "rate" => Rate,
        "unavailable" => Unavailable, "not_live" => NotLive, "not_found" => NotFound,
        "forbidden" => Forbidden, "refused" => Refused, "ended" => Ended, "unauthorized" => Unauthorized,
        _ => Unknown
    }
}
