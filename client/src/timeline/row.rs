//! A row of the timeline: one message, with all that a view needs to draw it.

use frontdesk_protocol::{Cid, Identity, Media, Millis, attributes::Attributes, state::Message};

use crate::{clock::Day, outbox::SendFailure};

/// What a keyed list keys by: never changes while the row lives, the local echo's time included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RowKey {
    /// One's own message.
    Cid(Cid),
    /// A message of somebody else, or of a program that gave no id.
    Seq(u64),
}

/// How far one's own message has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receipt {
    /// In the outbox.
    Sending,
    /// Durable on the server.
    Sent,
    /// On a device of somebody else in the chat.
    Delivered,
    /// Read by somebody else in the chat.
    Read,
    /// Refused for good; it can be tried again or discarded.
    Failed(SendFailure),
}

/// A message as it stands now.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its key.
    pub key: RowKey,
    /// Its position in the log; `None` while it is only a local echo.
    pub seq: Option<u64>,
    /// Its sender's own id.
    pub cid: Option<Cid>,
    /// Who said it; the name is in [`super::Timeline::member`].
    pub author: Identity,
    /// Whether that is the user.
    pub mine: bool,
    /// The text; empty once redacted, and perhaps beside a file.
    pub body: String,
    /// The file beside it.
    pub media: Option<Media>,
    /// What programs attached.
    pub attributes: Attributes,
    /// When it was said: Unix milliseconds of the server (of the client for a local echo).
    pub ts: Millis,
    /// Whether it was changed later.
    pub edited: bool,
    /// Whether it was taken back.
    pub redacted: bool,
    /// How far it has come, if it is the user's.
    pub receipt: Option<Receipt>,
    /// A date divider for this day belongs above it.
    pub divider: Option<Day>,
    /// Whether it begins a group of one author within five minutes.
    pub starts_group: bool,
    /// Whether it ends that group.
    pub ends_group: bool,
}

impl Row {
    /// What it says in one line: its text, or else what its file is called.
    #[must_use]
    pub fn gist(&self) -> &str {
        match &self.media {
            Some(media) if self.body.is_empty() => {
                media.filename.as_deref().unwrap_or(&media.content_type)
            }
            Some(_) | None => &self.body,
        }
    }

    /// The row of a message in the log; receipt and layout are filled in by the timeline.
    pub(super) fn of_message(message: Message, me: &Identity) -> Self {
        let mine = message.author == *me;
        let key = match message.cid {
            Some(cid) if mine => RowKey::Cid(cid),
            Some(_) | None => RowKey::Seq(message.seq),
        };
        Self {
            key,
            seq: Some(message.seq),
            cid: message.cid,
            author: message.author,
            mine,
            body: message.body,
            media: message.media,
            attributes: message.attributes,
            ts: message.ts,
            edited: message.edited.is_some(),
            redacted: message.redacted,
            receipt: None,
            divider: None,
            starts_group: true,
            ends_group: true,
        }
    }
}

/// A change of the rows. Several are applied one after the other.
#[derive(Debug, Clone, PartialEq)]
pub enum Diff {
    /// These are all the rows now. Keys that were there before are the same messages.
    Reset(Vec<Row>),
    /// A new row at this place; those from there on move down.
    Insert {
        /// The place.
        at: usize,
        /// The row.
        row: Row,
    },
    /// The row at this place is now this one; its key is the same.
    Update {
        /// The place.
        at: usize,
        /// The row.
        row: Row,
    },
    /// The row at this place is gone.
    Remove {
        /// The place.
        at: usize,
        /// Its key.
        key: RowKey,
    },
}
