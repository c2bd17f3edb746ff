//! What can go wrong in a store.

use frontdesk_protocol::{ChannelSid, Identity};

/// The store itself failed. Nothing the caller asked for can be changed to make it work.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The store has stopped taking anything: it is closing, or a write failed and the process is
    /// about to end.
    #[error("the store is closed")]
    Closed,
    /// The database refused or failed.
    #[error("the database failed: {0}")]
    Database(String),
    /// Something stored cannot be read back as what it should be.
    #[error("the store holds something unreadable: {0}")]
    Corrupt(String),
}

impl StoreError {
    /// Whether the same again can help, after a pause.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        match self {
            Self::Closed | Self::Database(_) => true,
            Self::Corrupt(_) => false,
        }
    }
}

/// Why a change cannot be: it was weighed inside the transaction, against what holds at that
/// instant, and nothing of its commit was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// No such channel, member, task or message.
    #[error("not found")]
    NotFound,
    /// The author is no member of the channel, or not any more.
    #[error("not a member of the channel")]
    NotMember,
    /// The message is somebody else's.
    #[error("not the author of the message")]
    NotAuthor,
    /// The chat has ended.
    #[error("the chat has ended")]
    Ended,
    /// The same `cid` was used for another content.
    #[error("the same id was used for another content")]
    Conflict,
    /// What should be made exists.
    #[error("exists already")]
    Exists,
    /// As many are in as may be.
    #[error("the channel is full")]
    Full,
    /// Somebody else has taken the task.
    #[error("the task was taken by somebody else")]
    TaskTaken {
        /// Who.
        by: Identity,
    },
    /// The task is closed.
    #[error("the task is closed")]
    TaskClosed,
    /// The same idempotency key and content were answered before: with this channel.
    #[error("answered before")]
    Answered {
        /// The channel that was opened then.
        channel: ChannelSid,
    },
    /// The same idempotency key was used for another content.
    #[error("the idempotency key was used for another content")]
    KeyReused,
}

/// Why a commit was not done. Nothing of it was.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CommitError {
    /// A change cannot be.
    #[error("{reason}")]
    Rejected {
        /// Which change of the commit, from 0.
        index: usize,
        /// Why.
        reason: Rejection,
    },
    /// The store failed. Whether the commit was done is not known if it is [`StoreError::Closed`]:
    /// ask again with the same ids.
    #[error(transparent)]
    Store(#[from] StoreError),
}
