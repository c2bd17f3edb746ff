//! The frames of `chat/1`: text frames, one JSON object each, `t` is its type.
//!
//! A client ignores types and fields it does not know, so that an older widget meets a newer
//! server in peace; a server refuses unknown types from a client with close code 4001.

mod client;
mod server;
#[cfg(test)]
mod tests;

pub use client::{Advertised, ClientFrame, Fetch, FetchFrom, Hello, Send, StreamRef};
pub use server::{
    Ack, ErrorFrame, Evs, Followed, Live, Mode, Nack, NackCode, Page, ServerFrame, Snap, Welcome,
};

/// Why a frame of the server's could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub enum UnreadableFrame {
    /// No JSON.
    Syntax,
    /// A field that is missing or of the wrong type.
    Shape,
}

impl UnreadableFrame {
    /// What is wrong, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Syntax => "frame is not readable",
            Self::Shape => "frame lacks a field, or has a wrong one",
        }
    }
}

/// Why a frame of a client's could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FrameError {
    /// No JSON object, or one that lacks what its type needs.
    #[error("frame is not readable: {0}")]
    Json(#[from] serde_json::Error),
    /// A type this side does not know.
    #[error("frame type is not known")]
    UnknownType,
}

/// The type of a frame, looked at before the rest of it is read.
#[derive(serde::Deserialize)]
struct Tag<'a> {
    #[serde(borrow)]
    t: std::borrow::Cow<'a, str>,
}
