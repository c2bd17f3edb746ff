//! Channels.

use frontdesk_protocol::{ChannelSid, Identity, Millis, attributes::Attributes};

use super::{Place, Told, json};
use crate::{
    http::time::iso,
    listeners::Event,
    storage::{ChannelType, Stamp},
};

/// A channel, as a hook is told of it.
#[derive(Debug, Clone, Copy)]
pub struct ChannelFacts<'a> {
    /// The channel.
    pub sid: &'a ChannelSid,
    /// Whether it is listed to everybody.
    pub kind: ChannelType,
    /// The name to show.
    pub name: &'a str,
    /// Its name for programs.
    pub unique_name: Option<&'a str>,
    /// Who asked for it.
    pub created_by: &'a Identity,
    /// What it carries.
    pub attributes: &'a Attributes,
}

/// `onChannelAdded`.
#[must_use]
pub fn channel_added(place: Place<'_>, channel: ChannelFacts<'_>) -> Told {
    begin(place.event(Event::ChannelAdded), channel)
        .field("Attributes", json(channel.attributes))
        .stamp("DateCreated", Stamp::Time)
}

/// `onChannelUpdated`: a channel that was opened at `created`, as it is from now on.
#[must_use]
pub fn channel_updated(place: Place<'_>, channel: ChannelFacts<'_>, created: Millis) -> Told {
    begin(place.event(Event::ChannelUpdated), channel)
        .field("Attributes", json(channel.attributes))
        .field("DateCreated", iso(created))
        .stamp("DateUpdated", Stamp::Time)
}

/// `onChannelDestroyed`. What it carried is erased with it, so it is not told either.
#[must_use]
pub fn channel_destroyed(place: Place<'_>, channel: ChannelFacts<'_>, created: Millis) -> Told {
    begin(place.event(Event::ChannelDestroyed), channel)
        .field("DateCreated", iso(created))
        .stamp("DateRemoved", Stamp::Time)
}

fn begin(told: Told, channel: ChannelFacts<'_>) -> Told {
    told.field("ChannelSid", channel.sid)
        .field("ChannelType", kind(channel.kind))
        .field("FriendlyName", channel.name)
        .field_if("UniqueName", channel.unique_name)
        .field("CreatedBy", channel.created_by)
}

pub(super) const fn kind(kind: ChannelType) -> &'static str {
    match kind {
        ChannelType::Public => "public",
        ChannelType::Private => "private",
    }
}
