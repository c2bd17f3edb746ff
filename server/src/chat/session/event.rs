//! What can happen to a session.

use std::{collections::BTreeMap, sync::Arc};

use frontdesk_protocol::{CloseCode, Identity, Millis, Stream, frame::NackCode};

use crate::{
    live::Published,
    storage::{Events, Head, MessagePage, Party, Said, Snapshot},
};

/// Something happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// A text frame came in.
    Text(String),
    /// A binary frame came in.
    Binary,
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
    /// The connection is over: the client closed it, it broke, or its framing was broken.
    Gone,
    /// Answers [`super::Effect::Verify`].
    Verified(Result<Grant, TokenRefusal>),
    /// Answers [`super::Effect::Follow`].
    Followed {
        /// The request's.
        ticket: u32,
        /// The stream.
        stream: Stream,
        /// Its ends.
        head: Result<Head, Unreadable>,
    },
    /// Answers [`super::Effect::ReadSnapshot`].
    SnapshotRead {
        /// The request's.
        ticket: u32,
        /// The stream.
        stream: Stream,
        /// The stream as it stands.
        snapshot: Result<Box<Snapshot>, Unreadable>,
    },
    /// Answers [`super::Effect::ReadEvents`].
    EventsRead {
        /// The request's.
        ticket: u32,
        /// The stream.
        stream: Stream,
        /// What follows the position.
        events: Result<Events, Unreadable>,
    },
    /// Answers [`super::Effect::Say`].
    Committed(Result<Said, Refused>),
    /// Answers [`super::Effect::Move`], however it went: marks are sent again by themselves.
    Marked,
    /// Answers [`super::Effect::ReadPage`].
    PageRead(Result<MessagePage, Unreadable>),
    /// Answers [`super::Effect::Recheck`]: the newest positions.
    Rechecked(Result<BTreeMap<Stream, u64>, TokenRefusal>),
    /// A stream that is followed has a new event.
    Published {
        /// The stream.
        stream: Stream,
        /// The event.
        event: Arc<Published>,
    },
    /// Events of a stream were passed over: the store has them.
    Lagging {
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
    /// The server is about to stop.
    Drain {
        /// Come back after so many milliseconds.
        after_ms: u64,
    },
    /// The connection has to end, for a reason outside of it.
    Shut {
        /// With this code.
        code: CloseCode,
        /// For the close frame.
        reason: &'static str,
    },
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

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRefusal {
    /// It has ended.
    Expired,
    /// Not ours, broken, or revoked.
    Refused,
    /// Good, but not from this Origin.
    Origin,
    /// It cannot be found out now.
    Unavailable,
}

impl TokenRefusal {
    /// The code a connection is closed with, and why.
    #[must_use]
    pub const fn close(self) -> (CloseCode, &'static str) {
        match self {
            Self::Expired => (CloseCode::TokenExpired, "the token has expired"),
            Self::Refused => (CloseCode::TokenRefused, "the token was refused"),
            Self::Origin => (CloseCode::Forbidden, "the token is not for this Origin"),
            Self::Unavailable => (CloseCode::TryLater, "the store cannot be read now"),
        }
    }
}

/// Why a stream cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Not there, or not theirs: the two look the same.
    NotFound,
    /// The store failed.
    Unavailable,
}

/// Why a message was not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub code: NackCode,
    /// Whether the same again can help.
    pub retry: bool,
    /// Milliseconds to wait before that.
    pub after: Option<u64>,
}
