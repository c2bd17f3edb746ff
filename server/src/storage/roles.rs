//! The roles that every service begins with.
//!
//! Their SIDs follow from the service's, so that a service always knows its defaults.

use frontdesk_protocol::id::{RoleSid, ServiceSid};

use super::{RoleType, ServiceRecord};
use crate::auth::sha256;

impl ServiceRecord {
    /// The role of whoever has none of their own.
    #[must_use]
    pub fn default_role(&self, role: DefaultRole) -> RoleSid {
        let set = role.setting().and_then(|name| self.settings.get(name));
        let set = set.and_then(|value| RoleSid::parse(value.as_str()?).ok());
        set.unwrap_or_else(|| role.sid(&self.service.sid))
    }
}

/// A role that every service begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DefaultRole {
    /// Of somebody who made a channel.
    ChannelAdmin,
    /// Of somebody in a channel.
    ChannelUser,
    /// Of somebody who may do everything.
    ServiceAdmin,
    /// Of anybody.
    ServiceUser,
}

impl DefaultRole {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::ServiceAdmin, Self::ServiceUser, Self::ChannelAdmin, Self::ChannelUser];

    /// Its SID in a service.
    #[must_use]
    pub fn sid(self, service: &ServiceSid) -> RoleSid {
        let hash = sha256(format!("role {service} {}", self.name()).as_bytes());
        RoleSid::from_bits(hash[..16].iter().fold(0, |bits, byte| bits << 8 | u128::from(*byte)))
    }

    /// The setting that puts another role in its place, if one can.
    #[must_use]
    pub const fn setting(self) -> Option<&'static str> {
        match self {
            Self::ServiceUser => Some("DefaultServiceRoleSid"),
            Self::ChannelUser => Some("DefaultChannelRoleSid"),
            Self::ChannelAdmin => Some("DefaultChannelCreatorRoleSid"),
            Self::ServiceAdmin => None,
        }
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ChannelAdmin => "channel admin",
            Self::ChannelUser => "channel user",
            Self::ServiceAdmin => "service admin",
            Self::ServiceUser => "service user",
        }
    }

    /// What it is about.
    #[must_use]
    pub const fn kind(self) -> RoleType {
        match self {
            Self::ChannelAdmin | Self::ChannelUser => RoleType::Channel,
            Self::ServiceAdmin | Self::ServiceUser => RoleType::Deployment,
        }
    }

    /// What it allows.
    #[must_use]
    pub const fn permissions(self) -> &'static [&'static str] {
        match self {
            Self::ChannelAdmin => &[
                "addMember",
                "deleteAnyMessage",
                "deleteOwnMessage",
                "destroyChannel",
                "editChannelAttributes",
                "editChannelName",
                "editOwnMessage",
                "editOwnMessageAttributes",
                "inviteMember",
                "leaveChannel",
                "removeMember",
                "sendMediaMessage",
                "sendMessage",
            ],
            Self::ChannelUser => &[
                "deleteOwnMessage",
                "editOwnMessage",
                "editOwnMessageAttributes",
                "leaveChannel",
                "sendMediaMessage",
                "sendMessage",
            ],
            Self::ServiceAdmin => &[
                "addMember",
                "createChannel",
                "deleteAnyMessage",
                "destroyChannel",
                "editAnyMessage",
                "editAnyMessageAttributes",
                "editAnyUserInfo",
                "editChannelAttributes",
                "editChannelName",
                "editOwnMessage",
                "editOwnMessageAttributes",
                "editOwnUserInfo",
                "inviteMember",
                "joinChannel",
                "removeMember",
                "sendMediaMessage",
                "sendMessage",
            ],
            Self::ServiceUser => &["createChannel", "editOwnUserInfo", "joinChannel"],
        }
    }
}
