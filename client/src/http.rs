//! What a client needs to know of HTTP: which request, and why it failed.

use frontdesk_protocol::rest::RestError;

/// A request of this participant. Counted up; never the same twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RequestId(pub u32);

/// Why a request did not give what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The HTTP status; 0 if there was no answer, or one that could not be read.
    pub status: u16,
    /// `Retry-After` in milliseconds, if the server gave one.
    pub retry_after_ms: Option<u64>,
    /// The error's body, if it is one of the server's.
    pub error: Option<Box<RestError>>,
}

impl Failure {
    /// No answer: the network, a time-out, or an answer that is not the server's.
    #[must_use]
    pub const fn unreachable() -> Self {
        Self { status: 0, retry_after_ms: None, error: None }
    }

    /// Whether the same again can help.
    #[must_use]
    pub const fn is_temporary(&self) -> bool {
        matches!(self.status, 0 | 408 | 425 | 429 | 500..=599)
    }
}
