//! The states of the Chat connection.

use frontdesk_protocol::Millis;

use crate::effect::SocketId;

/// Where the connection is. One value tells the whole truth; the banner is made from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Connection {
    /// Nothing to connect for yet.
    #[default]
    Idle,
    /// A token is on its way.
    Token,
    /// The socket is being opened.
    Connecting {
        /// The socket.
        socket: SocketId,
    },
    /// The socket is open, `hello` is sent.
    Hello {
        /// The socket.
        socket: SocketId,
    },
    /// Welcomed; what was missed comes in. What is live already can be used.
    Syncing {
        /// The socket.
        socket: SocketId,
    },
    /// Everything followed is up to date.
    Live {
        /// The socket.
        socket: SocketId,
        /// Since when, by the caller's clock.
        since: Millis,
        /// Whether the server has said that it will stop soon.
        draining: bool,
    },
    /// Waiting for the next try.
    Waiting {
        /// Failed tries in a row.
        tries: u32,
    },
    /// Not wanted now; comes back by itself.
    Suspended(SuspendReason),
    /// Given up.
    Failed(FailReason),
    /// The chat has ended, or the user went.
    Closed,
}

/// Why there is no connection although all is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuspendReason {
    /// The browser is offline.
    Offline,
    /// The page has been hidden for long and no chat is running.
    Hidden,
    /// The page is in the back/forward cache.
    Away,
    /// The visitor has too many tabs; it comes back when this one becomes visible.
    TooManySockets,
}

/// Why the connection was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailReason {
    /// The two sides do not understand each other (4001).
    Protocol,
    /// This widget is too old: please reload (4002).
    Version,
    /// The guest's token was refused, and its secret too: offer a new chat (4401).
    Token,
    /// This page, or this user, may not (4403).
    Forbidden,
    /// The chat is not there any more (4404).
    ChannelGone,
}

/// Tries in a row after which "try again" is offered. It goes on by itself, though: a server that
/// is away for ten minutes must not need a hand at every client.
pub const UNREACHABLE_TRIES: u32 = 5;

impl Connection {
    /// The socket, if there is one.
    #[must_use]
    pub const fn socket(self) -> Option<SocketId> {
        match self {
            Self::Connecting { socket }
            | Self::Hello { socket }
            | Self::Syncing { socket }
            | Self::Live { socket, .. } => Some(socket),
            Self::Idle
            | Self::Token
            | Self::Waiting { .. }
            | Self::Suspended(_)
            | Self::Failed(_)
            | Self::Closed => None,
        }
    }

    /// The socket, if it has been welcomed: frames other than `hello` may be sent.
    #[must_use]
    pub const fn welcomed(self) -> Option<SocketId> {
        match self {
            Self::Syncing { socket } | Self::Live { socket, .. } => Some(socket),
            Self::Connecting { .. }
            | Self::Hello { .. }
            | Self::Idle
            | Self::Token
            | Self::Waiting { .. }
            | Self::Suspended(_)
            | Self::Failed(_)
            | Self::Closed => None,
        }
    }

    /// Whether everything followed is up to date.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Live { .. })
    }

    /// Whether so many tries failed that "try again" should be offered.
    #[must_use]
    pub const fn is_unreachable(self) -> bool {
        matches!(self, Self::Waiting { tries } if tries >= UNREACHABLE_TRIES)
    }
}
