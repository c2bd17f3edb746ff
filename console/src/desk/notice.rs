//! What the banner says about the connection.

use frontdesk_client::{Connection, FailReason, SuspendReason};

/// A banner above the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Banner {
    /// What is the matter, and what it means.
    pub words: &'static str,
    /// What a click does about it.
    pub remedy: Option<Remedy>,
    /// Whether it does not get better by itself.
    pub broken: bool,
}

/// What a click in the banner does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Connects at once.
    TryNow,
    /// Loads the page anew.
    Reload,
}

impl Remedy {
    /// What stands on the button.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::TryNow => "Try now",
            Self::Reload => "Reload",
        }
    }
}

const fn waiting(words: &'static str, remedy: Option<Remedy>) -> Option<Banner> {
    Some(Banner { words, remedy, broken: false })
}

const fn broken(words: &'static str, remedy: Remedy) -> Option<Banner> {
    Some(Banner { words, remedy: Some(remedy), broken: true })
}

/// The banner for a connection. `was_live` keeps it quiet while the page is only just opening.
#[must_use]
pub const fn banner(connection: Connection, was_live: bool) -> Option<Banner> {
    match connection {
        Connection::Idle
        | Connection::Live { .. }
        | Connection::Syncing { .. }
        | Connection::Closed
        | Connection::Suspended(SuspendReason::Hidden | SuspendReason::Away) => None,
        Connection::Token | Connection::Connecting { .. } | Connection::Hello { .. } => {
            if was_live { waiting("Connecting again …", None) } else { None }
        }
        Connection::Waiting { .. } if connection.is_unreachable() => {
            let words = "The server cannot be reached. What you write is kept and will be sent.";
            Some(Banner { words, remedy: Some(Remedy::TryNow), broken: true })
        }
        Connection::Waiting { .. } => {
            waiting("No connection. What you write is safe and will be sent.", Some(Remedy::TryNow))
        }
        Connection::Suspended(SuspendReason::Offline) => {
            waiting("You are offline. What you write is safe and will be sent.", None)
        }
        Connection::Suspended(SuspendReason::TooManySockets) => {
            waiting("The console is open in too many tabs.", Some(Remedy::TryNow))
        }
        Connection::Failed(FailReason::Protocol) => {
            broken("Something went wrong in the connection.", Remedy::Reload)
        }
        Connection::Failed(FailReason::Version) => {
            broken("This console is older than its server.", Remedy::Reload)
        }
        Connection::Failed(FailReason::Token) => {
            broken("The server did not let you in.", Remedy::TryNow)
        }
        Connection::Failed(FailReason::Forbidden) => {
            broken("The server refuses connections from this address.", Remedy::TryNow)
        }
        Connection::Failed(FailReason::ChannelGone) => {
            broken("A chat is not there any more.", Remedy::TryNow)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_only_opening_shows_no_banner() {
        assert_eq!(banner(Connection::Token, false), None);
        assert!(banner(Connection::Token, true).is_some());
    }

    #[test]
    fn a_server_that_is_away_for_long_is_said_to_be_unreachable() {
        let banner = |tries| banner(Connection::Waiting { tries }, true).map(|b| b.broken);
        assert_eq!((banner(1), banner(5)), (Some(false), Some(true)));
    }
}
