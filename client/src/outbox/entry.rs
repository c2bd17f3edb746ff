//! An entry of the outbox: a message that is not known to be durable on the server.

use frontdesk_protocol::{
    Cid, Millis, Stream, attributes::Attributes, read, readable, readable_words,
};
use serde::Serialize;

/// Why a message was refused for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SendFailure {
    /// The text is none that can be said.
    BadBody,
    /// Too long.
    TooLong,
    /// Its id was used for another text.
    Conflict,
    /// The chat has ended, or is gone.
    Ended,
    /// The user may not speak here.
    Forbidden,
    /// Something else.
    Other,
}

/// A message on its way, as it is kept on disk.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutboxEntry {
    /// The sender's own id: the entry's key.
    pub cid: Cid,
    /// The channel.
    pub stream: Stream,
    /// The text.
    pub body: String,
    /// What the program attached.
    #[serde(skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    /// When it was written: Unix milliseconds.
    pub written: Millis,
    /// Its place among the entries: higher is later.
    pub order: u64,
    /// Why it was refused for good, if it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<SendFailure>,
}

impl OutboxEntry {
    /// Reads what [`OutboxEntry::to_json`] wrote; `None` for anything else.
    #[must_use]
    pub fn from_json(text: &str) -> Option<Self> {
        read::text(text)
    }

    /// The entry as it is kept on disk.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("an entry has only string keys")
    }
}

readable! {
    OutboxEntry { cid, stream, body, written, order, failed; attributes }
}
readable_words! {
    SendFailure {
        "bad_body" => BadBody, "too_long" => TooLong, "conflict" => Conflict, "ended" => Ended,
        "forbidden" => Forbidden, _ => Other
    }
}
