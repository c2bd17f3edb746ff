//! What happened in an object, as its subscribers are told.

use frontdesk_protocol::{ChannelSid, Millis};
use serde_json::{Value, json};

use super::{Kind, Object};
use crate::http::time;

/// Something happened that no stream tells of: whoever did it looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touch {
    /// In an object.
    Object(Object),
    /// To a channel among those that the user is in.
    Membership(ChannelSid),
}

/// An event of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// In which.
    pub object: Object,
    /// Its number: greater than that of any before it.
    pub id: u64,
    /// When it happened.
    pub ts: Millis,
    /// What happened.
    pub change: Change,
}

/// What happened in an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A document is this now.
    Document(Value),
    /// A list's context is this now.
    Context(Value),
    /// There is a new item.
    Added {
        /// Its index or key.
        key: Value,
        /// What it is.
        data: Value,
    },
    /// An item is this now.
    Updated {
        /// Its index or key.
        key: Value,
        /// What it is.
        data: Value,
    },
    /// There is an item less.
    Removed {
        /// Its index or key.
        key: Value,
    },
}

impl Note {
    /// The notification's payload. `root` is where addresses begin.
    #[must_use]
    pub fn payload(&self, root: &str) -> Value {
        let kind = self.object.kind();
        let word = kind.word();
        let revision = format!("{:x}", self.id);
        let mut event = json!({ "id": self.id, "date_created": time::iso(self.ts) });
        event[format!("{word}_sid")] = self.object.sid().into();
        event[format!("{word}_revision")] = revision.clone().into();
        let what = match &self.change {
            Change::Document(data) => {
                event["document_data"] = data.clone();
                "updated"
            }
            Change::Context(data) => {
                event["context_data"] = data.clone();
                "context_updated"
            }
            Change::Added { key, data } => {
                self.item(&mut event, kind, root, key);
                event["item_data"] = data.clone();
                "item_added"
            }
            Change::Updated { key, data } => {
                self.item(&mut event, kind, root, key);
                event["item_data"] = data.clone();
                "item_updated"
            }
            Change::Removed { key } => {
                self.item(&mut event, kind, root, key);
                "item_removed"
            }
        };
        json!({ "event_type": format!("{word}_{what}"), "event": event })
    }

    fn item(&self, event: &mut Value, kind: Kind, root: &str, key: &Value) {
        let name = match kind {
            Kind::List | Kind::Document => "item_index",
            Kind::Map => "item_key",
        };
        let text = key.as_str().map_or_else(|| key.to_string(), ToOwned::to_owned);
        event[name] = key.clone();
        event["item_revision"] = format!("{:x}", self.id).into();
        event["item_url"] = format!("{}/Items/{text}", self.object.url(root)).into();
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn events_look_as_the_clients_read_them() {
        let channel = ChannelSid::from_bits(1);
        let (key, data) = (json!(4), json!({"text": "hi"}));
        let note = |object, change| {
            Note { object, id: 17, ts: Millis(0), change }.payload("https://x").to_string()
        };
        let list = Object::Messages(channel.clone());
        expect![[r#"{"event":{"date_created":"1970-01-01T00:00:00Z","id":17,"item_data":{"text":"hi"},"item_index":4,"item_revision":"11","item_url":"https://x/v3/Lists/ES00000000000000000000000000000001/Items/4","list_revision":"11","list_sid":"ES00000000000000000000000000000001"},"event_type":"list_item_added"}"#]]
            .assert_eq(&note(list, Change::Added { key, data: data.clone() }));
        let map = Object::Roster(channel.clone());
        expect![[r#"{"event":{"date_created":"1970-01-01T00:00:00Z","id":17,"item_key":"MB1","item_revision":"11","item_url":"https://x/v3/Maps/MP00000000000000000000000000000001/Items/MB1","map_revision":"11","map_sid":"MP00000000000000000000000000000001"},"event_type":"map_item_removed"}"#]]
            .assert_eq(&note(map, Change::Removed { key: json!("MB1") }));
        let document = Object::Channel(channel);
        expect![[r#"{"event":{"date_created":"1970-01-01T00:00:00Z","document_data":{"text":"hi"},"document_revision":"11","document_sid":"ET00000000000000000000000000000001","id":17},"event_type":"document_updated"}"#]]
            .assert_eq(&note(document, Change::Document(data)));
    }
}
