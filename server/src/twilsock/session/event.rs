//! What can happen to a session.

use bytes::Bytes;
use frontdesk_protocol::{CloseCode, Identity, Millis, Stream};
use serde_json::Value;

use super::super::{
    calls::Answer,
    feed::Fed,
    objects::{Object, Topic},
};
use crate::{
    http::bearer::BearerError,
    storage::{Party, StoreError},
};

/// Something happened.
#[derive(Debug)]
pub enum Event {
    /// A binary frame came in.
    Binary(Bytes),
    /// A text frame came in.
    Text,
    /// A ping or pong of the framing came in.
    Control,
    /// [`super::Session::deadline`] has come.
    Tick,
    /// So much of what was sent has left.
    Flushed {
        /// Frames.
        frames: usize,
        /// Bytes.
        bytes: usize,
    },
    /// Writes make no progress.
    Stalled,
    /// The connection is over.
    Gone,
    /// Answers [`super::Effect::Verify`].
    Verified(Result<Grant, BearerError>),
    /// Answers [`super::Effect::Call`].
    Answered {
        /// The request's.
        number: u64,
        /// The answer.
        answer: Box<Answer>,
    },
    /// Answers [`super::Effect::Resolve`].
    Resolved {
        /// The request's.
        correlation: Value,
        /// Each object that was asked for.
        found: Vec<(Sought, Result<Option<Object>, StoreError>)>,
    },
    /// Answers [`super::Effect::Feed`].
    Fed {
        /// The request's.
        number: u64,
        /// The topic.
        topic: Topic,
        /// What happened in it.
        result: Result<Box<Fed>, StoreError>,
    },
    /// A stream that is followed has news.
    Published {
        /// The stream.
        stream: Stream,
    },
    /// Somebody in a stream that is followed is writing, or not any more.
    Typing {
        /// The stream.
        stream: Stream,
        /// Who.
        who: Identity,
        /// Whether.
        on: bool,
    },
    /// The connection has to end.
    Shut(Shut),
}

/// Whom a good token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// Who.
    pub party: Party,
    /// When it ends: Unix milliseconds.
    pub exp: Millis,
    /// The server's clock when it was checked: Unix milliseconds.
    pub wall: Millis,
}

/// An object that a client wants to follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// Its SID.
    pub sid: String,
    /// The word for its kind.
    pub kind: String,
    /// The last event that the client has, if it says.
    pub after: Option<u64>,
}

/// Why a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// The client asked for it.
    Asked,
    /// The server stops, or has to let somebody else in: come back.
    Away,
    /// The token has ended.
    Expired,
    /// The token is none of ours, or is not good any more.
    Refused,
    /// It is not what is spoken here.
    NotSpoken,
    /// No first frame in time.
    Silent,
    /// It does not read, or does not answer.
    Slow,
    /// It says far too much.
    Flood,
}

impl Shut {
    /// The code and word of the frame that says so, if it is worth one.
    /// Source: `twilsock@0.5.14:lib/twilsock.js`, `onIncomingMessage`.
    #[must_use]
    pub const fn told(self) -> Option<(u16, &'static str)> {
        match self {
            Self::Asked | Self::Silent | Self::Slow => None,
            Self::Away => Some((308, "OFFLOAD")),
            Self::Expired => Some((410, "TOKEN_EXPIRED")),
            Self::Refused => Some((401, "UNAUTHORIZED")),
            Self::NotSpoken => Some((406, "NOT_ACCEPTABLE")),
            Self::Flood => Some((429, "TOO_MANY_REQUESTS")),
        }
    }

    /// The code of the websocket.
    #[must_use]
    pub const fn code(self) -> CloseCode {
        match self {
            Self::Asked => CloseCode::Normal,
            Self::Away => CloseCode::Restart,
            Self::Expired => CloseCode::TokenExpired,
            Self::Refused => CloseCode::TokenRefused,
            Self::NotSpoken => CloseCode::BadFrame,
            Self::Silent => CloseCode::HelloTimeout,
            Self::Slow => CloseCode::SlowConsumer,
            Self::Flood => CloseCode::RateLimited,
        }
    }

    /// For the close frame and the log.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Asked => "",
            Self::Away => "come back",
            Self::Expired => "the token has expired",
            Self::Refused => "the token was refused",
            Self::NotSpoken => "not Twilsock 3",
            Self::Silent => "no init in time",
            Self::Slow => "no answer in time",
            Self::Flood => "too many frames",
        }
    }
}
