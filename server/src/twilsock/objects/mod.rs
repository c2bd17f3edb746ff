//! Sync objects: what the clients look at, as views of the log.
//!
//! None is stored. Its SID is the channel's or user's own, under another prefix; the number of an
//! event in it is the position in the stream that it is a view of, so the numbers grow, and mean the
//! same after a restart. [`name`] is which objects there are, the other files what is in each.

pub(super) mod channel;
pub(super) mod info;
pub(super) mod messages;
pub(super) mod my_channels;
pub(super) mod name;
pub(super) mod note;
pub(super) mod roster;

pub use name::{Kind, Object, Topic};
pub use note::{Note, Touch};

use frontdesk_protocol::Millis;
use serde_json::{Value, json};

use crate::http::time;

/// An object as it is answered: `head` is the number of the newest event in it.
pub(super) fn describe(
    root: &str,
    (object, unique_name): (&Object, Option<&str>),
    head: u64,
    updated: Millis,
) -> Value {
    let (sid, url) = (object.sid(), object.url(root));
    json!({
        "sid": sid,
        "unique_name": unique_name,
        "revision": format!("{head:x}"),
        "last_event_id": head,
        "date_created": time::iso(updated),
        "date_updated": time::iso(updated),
        "date_expires": null,
        "url": url,
        "links": { "items": format!("{url}/Items"), "context": format!("{url}/Context") },
    })
}

/// An item as it is answered: `key` is `index` in a list and `key` in a map.
pub(super) fn item(
    root: &str,
    object: &Object,
    (key, value): (&str, &Value),
    event: u64,
    (updated, data): (Millis, &Value),
) -> Value {
    let text = value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    let mut item = json!({
        "url": format!("{}/Items/{text}", object.url(root)),
        "revision": format!("{event:x}"),
        "last_event_id": event,
        "date_created": time::iso(updated),
        "date_updated": time::iso(updated),
        "date_expires": null,
        "data": data,
    });
    item[key] = value.clone();
    item
}
