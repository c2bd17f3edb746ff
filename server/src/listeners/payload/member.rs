//! Members.

use frontdesk_protocol::{
    ChannelSid, Identity, MemberSid, Millis, attributes::Attributes, id::RoleSid,
};

use super::{Place, Told, json};
use crate::{http::time::iso, listeners::Event, storage::Stamp};

/// A member, as a hook is told of them.
#[derive(Debug, Clone, Copy)]
pub struct MemberFacts<'a> {
    /// The channel.
    pub channel: &'a ChannelSid,
    /// The member.
    pub sid: &'a MemberSid,
    /// Who.
    pub identity: &'a Identity,
    /// Their role.
    pub role: &'a RoleSid,
    /// What programs attached.
    pub attributes: &'a Attributes,
}

/// `onMemberAdded`.
#[must_use]
pub fn member_added(place: Place<'_>, member: MemberFacts<'_>) -> Told {
    begin(place.event(Event::MemberAdded), member).stamp("DateCreated", Stamp::Time)
}

/// `onMemberUpdated`: somebody who came in at `created`, as they are from now on.
#[must_use]
pub fn member_updated(place: Place<'_>, member: MemberFacts<'_>, created: Millis) -> Told {
    begin(place.event(Event::MemberUpdated), member)
        .field("DateCreated", iso(created))
        .stamp("DateUpdated", Stamp::Time)
}

/// `onMemberRemoved`: `Reason` says whether they left or were made to.
#[must_use]
pub fn member_removed(place: Place<'_>, member: MemberFacts<'_>, created: Millis) -> Told {
    let left = place.source.identity() == Some(member.identity);
    begin(place.event(Event::MemberRemoved), member)
        .field("Reason", if left { "LEFT" } else { "REMOVED" })
        .field("DateCreated", iso(created))
        .stamp("DateRemoved", Stamp::Time)
}

fn begin(told: Told, member: MemberFacts<'_>) -> Told {
    told.field("ChannelSid", member.channel)
        .field("MemberSid", member.sid)
        .field("Identity", member.identity)
        .field("RoleSid", member.role)
        .field("Attributes", json(member.attributes))
}
