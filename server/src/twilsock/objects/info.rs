//! `IDENTITY.info`: a user's name and attributes.

use serde_json::{Value, json};

use crate::storage::{User, UserRecord};

/// The map's items. Nobody is told who is here: reachability is off.
pub(in crate::twilsock) fn items(user: &User) -> [(&'static str, Value); 3] {
    let name = Some(&user.name).filter(|name| !name.is_empty());
    [
        ("attributes", json!({ "value": json!(user.attributes).to_string() })),
        ("friendlyName", json!({ "value": name })),
        ("reachability", json!({ "online": null, "notifiable": null })),
    ]
}

/// The number of the newest event in the map: the moment of the last change, which no stream tells.
pub(in crate::twilsock) const fn head(record: &UserRecord) -> u64 {
    record.updated.0
}
