//! `CH….roster`: who is in a channel, by their member SIDs.

use frontdesk_protocol::{Millis, state::Member};
use serde_json::{Value, json};

use crate::{http::time, rooms::Roles, storage::MemberRecord};

/// A member's item.
pub(in crate::twilsock) fn value(member: &MemberRecord, roles: &Roles) -> Value {
    json!({
        "identity": member.identity,
        "userInfo": format!("{}.info", member.identity),
        "roleSid": roles.of_member(member),
        "type": "chat",
        "attributes": json!(member.attributes).to_string(),
        "lastConsumedMessageIndex": member.read,
        "lastConsumptionTimestamp": member.read_at.map(time::iso),
        "dateCreated": time::iso(member.created),
        "dateUpdated": time::iso(member.updated),
    })
}

/// The item of somebody of whom nothing is known but that they came in.
pub(in crate::twilsock) fn joined(member: &Member, at: Millis) -> Value {
    json!({
        "identity": member.identity,
        "userInfo": format!("{}.info", member.identity),
        "roleSid": null,
        "type": "chat",
        "attributes": json!(member.attributes).to_string(),
        "lastConsumedMessageIndex": null,
        "lastConsumptionTimestamp": null,
        "dateCreated": time::iso(at),
        "dateUpdated": time::iso(at),
    })
}
