//! On whose behalf something is changed.

use frontdesk_protocol::Identity;

/// On whose behalf the log is changed. It decides which hooks there are: an account's programs are
/// not told of what they did themselves, unless they ask for it, so that two of them cannot set
/// each other off for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Somebody with a token: a visitor, an agent, a client of the retired service's SDKs.
    Client(Identity),
    /// A program of the account's, over REST.
    Program {
        /// Whether it wants others to be told: `X-Twilio-Webhook-Enabled: true`.
        tells: bool,
    },
    /// The server itself.
    Server,
}

impl Source {
    /// Whether programs are told afterwards.
    #[must_use]
    pub const fn tells(&self) -> bool {
        matches!(self, Self::Client(_) | Self::Program { tells: true })
    }

    /// Whether a program is asked before.
    #[must_use]
    pub const fn asks(&self) -> bool {
        matches!(self, Self::Client(_))
    }

    /// Who, if it is somebody with a token.
    #[must_use]
    pub const fn identity(&self) -> Option<&Identity> {
        match self {
            Self::Client(identity) => Some(identity),
            Self::Program { .. } | Self::Server => None,
        }
    }
}
