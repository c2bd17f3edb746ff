//! `CH….messages`: what was said, by its number.

use frontdesk_protocol::{Event, EventKind, Identity, Millis, state::Message};
use serde_json::{Value, json};

use crate::http::time;

/// A message's item, as it stands now.
pub(in crate::twilsock) fn value(message: &Message, edited_by: Option<&Identity>) -> Value {
    let attributes = json!(message.attributes).to_string();
    let mut value = json!({
        "sid": message.sid,
        "author": message.author,
        "text": message.body,
        "type": if message.media.is_some() { "media" } else { "text" },
        "attributes": attributes,
        "timestamp": time::iso(message.ts),
        "memberSid": null,
    });
    if let Some(media) = &message.media {
        value["media"] = json!({
            "sid": media.sid,
            "size": media.size_bytes,
            "content_type": media.content_type,
            "filename": media.filename,
        });
    }
    if let Some(edited) = message.edited {
        edit(&mut value, edited, edited_by);
    }
    value
}

/// The item of a message that was just said, and its index; `None` of any other event, and of a
/// message that was taken back since.
pub(in crate::twilsock) fn said(event: &Event) -> Option<(u64, Value)> {
    let EventKind::Msg { sid, index, cid, body, media, attributes } = &event.kind else {
        return None;
    };
    let message = Message {
        seq: event.seq,
        index: *index,
        sid: sid.clone(),
        cid: *cid,
        author: event.author.clone()?,
        body: body.clone(),
        media: media.clone(),
        attributes: attributes.clone(),
        ts: event.ts,
        edited: None,
        redacted: false,
    };
    let is_there = !body.is_empty() || media.is_some();
    is_there.then(|| (*index, value(&message, None)))
}

fn edit(value: &mut Value, edited: Millis, by: Option<&Identity>) {
    value["dateUpdated"] = time::iso(edited).into();
    value["lastUpdatedBy"] = json!(by);
}
