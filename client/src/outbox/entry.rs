//! An entry of the outbox: a message that is not known to be durable on the server.

use frontdesk_protocol::{
    Cid, Millis, Stream, attributes::Attributes, json::Object, read, readable, readable_words,
};

/// Why a message was refused for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// A program of the site's owner does not let it through.
    Refused,
    /// Something else.
    Other,
}

impl SendFailure {
    const fn word(self) -> &'static str {
        match self {
            Self::BadBody => "bad_body",
            Self::TooLong => "too_long",
            Self::Conflict => "conflict",
            Self::Ended => "ended",
            Self::Forbidden => "forbidden",
            Self::Refused => "refused",
            Self::Other => "other",
        }
    }
}

/// A message on its way, as it is kept on disk.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxEntry {
    /// The sender's own id: the entry's key.
    pub cid: Cid,
    /// The channel.
    pub stream: Stream,
    /// The text.
    pub body: String,
    /// What the program attached.
    pub attributes: Attributes,
    /// When it was written: Unix milliseconds.
    pub written: Millis,
    /// Its place among the entries: higher is later.
    pub order: u64,
    /// Why it was refused for good, if it was.
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
        Object::new()
            .text("cid", &self.cid.to_hex())
            .text("stream", self.stream.as_str())
            .text("body", &self.body)
            .object_if_any("attributes", &self.attributes)
            .number("written", self.written.0)
            .number("order", self.order)
            .text_if("failed", self.failed.map(SendFailure::word))
            .end()
    }
}

readable! {
    OutboxEntry { cid, stream, body, written, order, failed; attributes }
}
readable_words! {
    SendFailure {
        "bad_body" => BadBody, "too_long" => TooLong, "conflict" => Conflict, "ended" => Ended,
        "forbidden" => Forbidden, "refused" => Refused, _ => Other
    }
}
