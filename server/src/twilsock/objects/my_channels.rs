//! `IDENTITY.channels`: the channels that a user is in.
//!
//! That they come and go is told by the user's own stream. How far the user has read in one is
//! told by the channel's, whose positions are others: so an event's number is the user's position
//! with [`SMALL`] bits behind it, which count what happened since without having a position.

use frontdesk_protocol::{ChannelSid, UserSid};
use serde_json::{Value, json};

use super::name;
use crate::storage::{ChannelRecord, Membership, Store, StoreError};

/// Bits behind a position.
const SMALL: u32 = 20;

/// The number of an event at a position of the user's stream. Below 2^53, so that a client can
/// count it.
pub(in crate::twilsock) const fn id(position: u64) -> u64 {
    position << SMALL
}

/// The position that a number has in front.
pub(in crate::twilsock) const fn position(id: u64) -> u64 {
    id >> SMALL
}

/// The item of a channel.
pub(in crate::twilsock) fn value(channel: &ChannelRecord, membership: &Membership) -> Value {
    json!({
        "status": "joined",
        "type": channel.kind,
        "channel": name::channel(&channel.sid),
        "lastConsumedMessageIndex": membership.member.read,
        "notificationLevel": level(membership),
        "createdBy": channel.created_by,
    })
}

/// `default` or `muted`.
pub(in crate::twilsock) const fn level(membership: &Membership) -> &'static str {
    if membership.member.muted { "muted" } else { "default" }
}

/// The channels, oldest membership first.
pub(in crate::twilsock) async fn all(
    store: &dyn Store,
    user: &UserSid,
) -> Result<Vec<ChannelSid>, StoreError> {
    let snapshot = store.snapshot(&user.clone().into(), 0).await?;
    Ok(snapshot.map(|snapshot| snapshot.state.channels).unwrap_or_default())
}
