//! Users.

use frontdesk_protocol::{Identity, Millis, UserSid, attributes::Attributes, id::RoleSid};

use super::{Place, Told, json};
use crate::{http::time::iso, listeners::Event, storage::Stamp};

/// A user, as a hook is told of them.
#[derive(Debug, Clone, Copy)]
pub struct UserFacts<'a> {
    /// The user.
    pub sid: &'a UserSid,
    /// Who.
    pub identity: &'a Identity,
    /// The name to show.
    pub name: &'a str,
    /// Their role.
    pub role: &'a RoleSid,
    /// What programs attached.
    pub attributes: &'a Attributes,
}

/// `onUserAdded`.
#[must_use]
pub fn user_added(place: Place<'_>, user: UserFacts<'_>) -> Told {
    begin(place.event(Event::UserAdded), user).stamp("DateCreated", Stamp::Time)
}

/// `onUserUpdated`: a user who was made at `created`, as they are from now on.
#[must_use]
pub fn user_updated(place: Place<'_>, user: UserFacts<'_>, created: Millis) -> Told {
    begin(place.event(Event::UserUpdated), user)
        .field("DateCreated", iso(created))
        .stamp("DateUpdated", Stamp::Time)
}

fn begin(told: Told, user: UserFacts<'_>) -> Told {
    told.field("UserSid", user.sid)
        .field("Identity", user.identity)
        .field("FriendlyName", user.name)
        .field("RoleSid", user.role)
        .field("Attributes", json(user.attributes))
}
