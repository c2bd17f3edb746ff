//! Events: the entries of a stream's log. Everything that changes what somebody sees is one.

use serde::Serialize;
use serde_json::Value;

use crate::{
    attributes::Attributes,
    deserialized_by_reading,
    id::{ChannelSid, Cid, Identity, MessageSid},
    media::Media,
    read::{Fault, Read, field, field_or_default},
    state::{Member, Role, Status, Task},
    time::Millis,
};

/// One entry of a stream's log.
///
/// Written flat: `{"seq":7,"ts":…,"author":"…","kind":"msg","sid":"IM…","index":0,"body":"…"}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// Its position: dense from 1, given by the store, never reused.
    pub seq: u64,
    /// When: Unix milliseconds of the server.
    pub ts: Millis,
    /// Who caused it; `None` is the server itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<Identity>,
    /// What happened.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What happened. `target` is the `seq` of the message that is meant.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum EventKind {
    /// Something was said. The author is the event's.
    Msg {
        /// The message's public id.
        sid: MessageSid,
        /// Its number among messages only, from 0.
        index: u64,
        /// Its sender's own id.
        #[serde(skip_serializing_if = "Option::is_none")]
        cid: Option<Cid>,
        /// The text; empty once redacted, and perhaps beside a file.
        body: String,
        /// The file beside it; gone once redacted.
        #[serde(skip_serializing_if = "Option::is_none")]
        media: Option<Media>,
        /// What programs attached.
        #[serde(skip_serializing_if = "Attributes::is_empty")]
        attributes: Attributes,
    },
    /// A message's text or attributes were changed.
    Edit {
        /// The message.
        target: u64,
        /// Its new text; empty once redacted.
        body: String,
        /// Its new attributes.
        #[serde(skip_serializing_if = "Attributes::is_empty")]
        attributes: Attributes,
    },
    /// A message's text was taken back.
    Redact {
        /// The message.
        target: u64,
    },
    /// Somebody came in, or came back.
    Join {
        /// Who, as they are from now on.
        member: Member,
    },
    /// Somebody left.
    Leave {
        /// Who.
        identity: Identity,
    },
    /// A member's name, role or attributes changed; marks are not touched.
    Member {
        /// Who.
        identity: Identity,
        /// As what.
        role: Role,
        /// The name to show.
        name: String,
        /// What programs attached.
        #[serde(skip_serializing_if = "Attributes::is_empty")]
        attributes: Attributes,
    },
    /// The chat ended, or began again.
    Status {
        /// From now on.
        status: Status,
    },
    /// The channel's name or attributes changed.
    Attributes {
        /// The name to show.
        name: String,
        /// All attributes, as they are from now on.
        attributes: Attributes,
    },
    /// A member's consumption horizon moved forward.
    Read {
        /// Whose.
        identity: Identity,
        /// The message at the horizon.
        target: u64,
    },
    /// Messages reached a device of a member.
    Seen {
        /// Whose.
        identity: Identity,
        /// The newest message that did.
        target: u64,
    },
    /// In a queue: a task as it is from now on.
    Task {
        /// The task.
        task: Task,
    },
    /// In a user's stream: the user came into a channel or left it.
    Membership {
        /// The channel.
        channel: ChannelSid,
        /// Whether the user is in it now.
        joined: bool,
    },
    /// A kind this version does not know: it has a position and nothing to show.
    #[serde(untagged)]
    Unknown {},
}

impl EventKind {
    /// Reads the kind out of the event's fields; one that is not known is [`EventKind::Unknown`].
    fn read(event: &Value, fault: &mut Fault) -> Self {
        let kind: String = field(event, "kind", fault);
        match kind.as_str() {
            "msg" => Self::Msg {
                sid: field(event, "sid", fault),
                index: field(event, "index", fault),
                cid: field(event, "cid", fault),
                body: field(event, "body", fault),
                media: field(event, "media", fault),
                attributes: field_or_default(event, "attributes", fault),
            },
            "edit" => Self::Edit {
                target: field(event, "target", fault),
                body: field(event, "body", fault),
                attributes: field_or_default(event, "attributes", fault),
            },
            "redact" => Self::Redact { target: field(event, "target", fault) },
            "join" => Self::Join { member: field(event, "member", fault) },
            "leave" => Self::Leave { identity: field(event, "identity", fault) },
            "member" => Self::Member {
                identity: field(event, "identity", fault),
                role: field(event, "role", fault),
                name: field(event, "name", fault),
                attributes: field_or_default(event, "attributes", fault),
            },
            "status" => Self::Status { status: field(event, "status", fault) },
            "attributes" => Self::Attributes {
                name: field(event, "name", fault),
                attributes: field_or_default(event, "attributes", fault),
            },
            "read" => Self::Read {
                identity: field(event, "identity", fault),
                target: field(event, "target", fault),
            },
            "seen" => Self::Seen {
                identity: field(event, "identity", fault),
                target: field(event, "target", fault),
            },
            "task" => Self::Task { task: field(event, "task", fault) },
            "membership" => Self::Membership {
                channel: field(event, "channel", fault),
                joined: field(event, "joined", fault),
            },
            _ => Self::Unknown {},
        }
    }
}

impl Read for Event {
    fn read(event: &Value, fault: &mut Fault) -> Self {
        Self {
            seq: field(event, "seq", fault),
            ts: field(event, "ts", fault),
            author: field(event, "author", fault),
            kind: EventKind::read(event, fault),
        }
    }
}
deserialized_by_reading!(Event);

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;
    use crate::id::MediaSid;

    #[test]
    fn an_event_is_written_flat_and_reads_back() {
        let event = Event {
            seq: 7,
            ts: Millis(1_795_350_884_000),
            author: Identity::parse("guest-1"),
            kind: EventKind::Msg {
                sid: MessageSid::from_bits(1),
                index: 0,
                cid: Some(Cid(2)),
                body: "Hello".into(),
                media: None,
                attributes: Attributes::new(),
            },
        };
        let text = serde_json::to_string(&event).unwrap();
        expect![[r#"{"seq":7,"ts":1795350884000,"author":"guest-1","kind":"msg","sid":"IM00000000000000000000000000000001","index":0,"cid":"00000000000000000000000000000002","body":"Hello"}"#]]
        .assert_eq(&text);
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
    }

    #[test]
    fn a_file_stands_beside_a_text_or_alone() {
        let event = Event {
            seq: 8,
            ts: Millis(1),
            author: Identity::parse("guest-1"),
            kind: EventKind::Msg {
                sid: MessageSid::from_bits(1),
                index: 0,
                cid: None,
                body: String::new(),
                media: Some(Media {
                    sid: MediaSid::from_bits(3),
                    content_type: "image/png".into(),
                    filename: Some("sketch.png".into()),
                    size_bytes: 4_096,
                }),
                attributes: Attributes::new(),
            },
        };
        let text = serde_json::to_string(&event).unwrap();
        expect![[r#"{"seq":8,"ts":1,"author":"guest-1","kind":"msg","sid":"IM00000000000000000000000000000001","index":0,"body":"","media":{"sid":"ME00000000000000000000000000000003","content_type":"image/png","filename":"sketch.png","size_bytes":4096}}"#]]
        .assert_eq(&text);
        assert_eq!(serde_json::from_str::<Event>(&text).unwrap(), event);
        let nameless = text.replace(r#""filename":"sketch.png","#, "");
        assert!(serde_json::from_str::<Event>(&nameless).is_ok());
        let sizeless = text.replace(r#","size_bytes":4096"#, "");
        assert!(serde_json::from_str::<Event>(&sizeless).is_err());
    }

    #[test]
    fn a_kind_of_tomorrow_keeps_its_position() {
        let event: Event =
            serde_json::from_str(r#"{"seq":9,"ts":1,"kind":"poll","question":"?"}"#).unwrap();
        assert_eq!((event.seq, event.kind), (9, EventKind::Unknown {}));
    }

    #[test]
    fn a_known_kind_without_its_field_is_refused() {
        assert!(serde_json::from_str::<Event>(r#"{"seq":9,"ts":1,"kind":"edit"}"#).is_err());
    }
}
