//! Who asks, as a store needs to know it.

use frontdesk_protocol::{Identity, id::AccountSid, state::Role};

/// Somebody with an identity in an account, proven by a token.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Party {
    /// The account. An identity means nothing outside of its own.
    pub account: AccountSid,
    /// Who.
    pub identity: Identity,
    /// What the token was made for.
    pub kind: PartyKind,
}

/// What kind of token speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartyKind {
    /// A visitor.
    Guest,
    /// A person who answers.
    Agent,
}

/// What somebody may do with a stream at this instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing: to them it is not there.
    None,
    /// Look.
    Reader,
    /// Look and speak.
    Member(Role),
}

impl Access {
    /// Whether events may be shown.
    #[must_use]
    pub const fn can_read(self) -> bool {
        matches!(self, Self::Reader | Self::Member(_))
    }
}
