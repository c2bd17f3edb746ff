//! Why something is not done to a channel.

use frontdesk_protocol::BodyError;

use crate::{
    engagement::EndError,
    log::Refusal,
    storage::{Rejection, StoreError},
};

/// Why something is not done to a channel.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RoomError {
    /// No such channel, or none they may know of.
    #[error("channel not found")]
    NoChannel,
    /// No such message in the channel.
    #[error("message not found")]
    NoMessage,
    /// No such member of the channel.
    #[error("member not found")]
    NoMember,
    /// No such user, or none they may know of.
    #[error("user not found")]
    NoUser,
    /// Nobody is invited.
    #[error("invitation not found")]
    NoInvite,
    /// They are not in the channel.
    #[error("not a member of the channel")]
    NotMember,
    /// Their role does not allow it, or a program of the account's was asked and refuses.
    #[error("not allowed")]
    Forbidden,
    /// The channel's name for programs is taken.
    #[error("a channel with this unique name exists")]
    NameTaken,
    /// Whoever should come in is in, or invited, already.
    #[error("in the channel, or invited, already")]
    InAlready,
    /// As many are in as may be.
    #[error("the channel is full")]
    Full,
    /// The chat has ended.
    #[error("the chat has ended")]
    Ended,
    /// The text is no message.
    #[error(transparent)]
    Body(#[from] BodyError),
    /// The attributes are too long.
    #[error("the attributes are too long")]
    AttributesTooLong,
    /// The same message id was used for another content.
    #[error("the same id was used for another content")]
    Conflict,
    /// Too fast.
    #[error("too fast; try again in {after_ms} ms")]
    Rate {
        /// Milliseconds to wait.
        after_ms: u64,
    },
    /// The store cannot be asked now.
    #[error("the server cannot do it now")]
    Unavailable,
}

impl RoomError {
    /// Whether the same again can help.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self, Self::Rate { .. } | Self::Unavailable)
    }
}

impl From<StoreError> for RoomError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a channel could not be read or changed");
        Self::Unavailable
    }
}

impl From<Rejection> for RoomError {
    fn from(reason: Rejection) -> Self {
        match reason {
            Rejection::NotMember => Self::NotMember,
            Rejection::NotAuthor => Self::Forbidden,
            Rejection::Ended => Self::Ended,
            Rejection::Conflict => Self::Conflict,
            Rejection::Exists => Self::InAlready,
            Rejection::Full => Self::Full,
            Rejection::NotFound
            | Rejection::TaskTaken { .. }
            | Rejection::TaskClosed
            | Rejection::Answered { .. }
            | Rejection::KeyReused => Self::NoChannel,
        }
    }
}

impl From<Refusal> for RoomError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Body(error) => Self::Body(error),
            Refusal::AttributesTooLong => Self::AttributesTooLong,
            Refusal::Rate { after_ms } => Self::Rate { after_ms },
            Refusal::NotFound => Self::NoChannel,
            Refusal::Forbidden | Refusal::Refused => Self::Forbidden,
            Refusal::Ended => Self::Ended,
            Refusal::Conflict => Self::Conflict,
            Refusal::Unavailable => Self::Unavailable,
        }
    }
}

impl From<EndError> for RoomError {
    fn from(error: EndError) -> Self {
        match error {
            EndError::NotFound => Self::NoChannel,
            EndError::Store(error) => error.into(),
        }
    }
}
