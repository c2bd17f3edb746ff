//! Why something is not said or changed, and how a sender is told.

use frontdesk_protocol::{BodyError, frame::NackCode};

/// Why something is not said or changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The text is no message.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The attributes are too long.
    #[error("the attributes are too long")]
    AttributesTooLong,
    /// Too fast.
    #[error("too fast; try again in {after_ms} ms")]
    Rate {
        /// Milliseconds to wait.
        after_ms: u64,
    },
    /// It is not there, or not the sender's.
    #[error("not found")]
    NotFound,
    /// The sender may look but not do this.
    #[error("not allowed")]
    Forbidden,
    /// A program of the account's was asked, and refuses.
    #[error("it was refused")]
    Refused,
    /// The chat has ended.
    #[error("the chat has ended")]
    Ended,
    /// The same `cid` was used for another content.
    #[error("the same id was used for another content")]
    Conflict,
    /// The store cannot take it now.
    #[error("the server cannot take it now")]
    Unavailable,
}

impl Refusal {
    /// The code on the wire.
    #[must_use]
    pub const fn code(&self) -> NackCode {
        match self {
            Self::Body(BodyError::TooLong { .. }) | Self::AttributesTooLong => NackCode::TooLong,
            Self::Body(BodyError::Empty | BodyError::Nul) => NackCode::BadBody,
            Self::Rate { .. } => NackCode::Rate,
            Self::NotFound => NackCode::NotFound,
            Self::Forbidden => NackCode::Forbidden,
            Self::Refused => NackCode::Refused,
            Self::Ended => NackCode::Ended,
            Self::Conflict => NackCode::Conflict,
            Self::Unavailable => NackCode::Unavailable,
        }
    }

    /// Whether the same again can help.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        match self {
            Self::Rate { .. } | Self::Unavailable => true,
            Self::Body(_)
            | Self::AttributesTooLong
            | Self::NotFound
            | Self::Forbidden
            | Self::Refused
            | Self::Ended
            | Self::Conflict => false,
        }
    }

    /// Milliseconds to wait before that.
    #[must_use]
    pub const fn after_ms(&self) -> Option<u64> {
        match self {
            Self::Rate { after_ms } => Some(*after_ms),
            Self::Unavailable => Some(1_000),
            Self::Body(_)
            | Self::AttributesTooLong
            | Self::NotFound
            | Self::Forbidden
            | Self::Refused
            | Self::Ended
            | Self::Conflict => None,
        }
    }
}
