//! What a role allows.

use frontdesk_protocol::id::{RoleSid, ServiceSid};
use serde_json::Value;

use crate::storage::{
    DefaultRole, MemberRecord, RoleRecord, ServiceRecord, Store, StoreError, UserRecord,
};

/// Most roles of one service that are looked at.
const MOST: usize = 1_000;

/// Something that a role may allow; the names are the retired service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each says it all")]
pub enum Permission {
    AddMember,
    CreateChannel,
    DeleteAnyMessage,
    DeleteOwnMessage,
    DestroyChannel,
    EditAnyMessage,
    EditAnyMessageAttributes,
    EditAnyUserInfo,
    EditChannelAttributes,
    EditChannelName,
    EditOwnMessage,
    EditOwnMessageAttributes,
    EditOwnUserInfo,
    InviteMember,
    JoinChannel,
    LeaveChannel,
    RemoveMember,
    SendMessage,
}

impl Permission {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AddMember => "addMember",
            Self::CreateChannel => "createChannel",
            Self::DeleteAnyMessage => "deleteAnyMessage",
            Self::DeleteOwnMessage => "deleteOwnMessage",
            Self::DestroyChannel => "destroyChannel",
            Self::EditAnyMessage => "editAnyMessage",
            Self::EditAnyMessageAttributes => "editAnyMessageAttributes",
            Self::EditAnyUserInfo => "editAnyUserInfo",
            Self::EditChannelAttributes => "editChannelAttributes",
            Self::EditChannelName => "editChannelName",
            Self::EditOwnMessage => "editOwnMessage",
            Self::EditOwnMessageAttributes => "editOwnMessageAttributes",
            Self::EditOwnUserInfo => "editOwnUserInfo",
            Self::InviteMember => "inviteMember",
            Self::JoinChannel => "joinChannel",
            Self::LeaveChannel => "leaveChannel",
            Self::RemoveMember => "removeMember",
            Self::SendMessage => "sendMessage",
        }
    }
}

/// The roles of a service, and who has which by default.
#[derive(Debug, Clone, PartialEq)]
pub struct Roles {
    service: ServiceRecord,
    roles: Vec<RoleRecord>,
}

impl Roles {
    /// The roles of a service; `None` if it is not there.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn of(store: &dyn Store, service: &ServiceSid) -> Result<Option<Self>, StoreError> {
        let Some(record) = store.service(service).await? else { return Ok(None) };
        let roles = store.roles(service, 0, MOST).await?;
        Ok(Some(Self { service: record, roles }))
    }

    /// A member's role: their own, or the service's default.
    #[must_use]
    pub fn of_member(&self, member: &MemberRecord) -> RoleSid {
        member.role_sid.clone().unwrap_or_else(|| self.default(DefaultRole::ChannelUser))
    }

    /// A user's role: their own, or the service's default.
    #[must_use]
    pub fn of_user(&self, user: Option<&UserRecord>) -> RoleSid {
        let own = user.and_then(|user| user.role_sid.clone());
        own.unwrap_or_else(|| self.default(DefaultRole::ServiceUser))
    }

    /// The role that somebody who makes a channel has in it.
    #[must_use]
    pub fn of_creator(&self) -> RoleSid {
        self.default(DefaultRole::ChannelAdmin)
    }

    /// Whether a role allows something. One that is not there allows nothing.
    #[must_use]
    pub fn allow(&self, role: &RoleSid, what: Permission) -> bool {
        let role = self.roles.iter().find(|each| each.sid == *role);
        role.is_some_and(|role| role.permissions.iter().any(|each| each == what.name()))
    }

    /// Most members of a channel.
    #[must_use]
    pub fn most_members(&self) -> usize {
        let set = self.service.settings.get("Limits.ChannelMembers").and_then(Value::as_u64);
        set.and_then(|most| usize::try_from(most).ok()).unwrap_or(100)
    }

    fn default(&self, role: DefaultRole) -> RoleSid {
        let name = match role {
            DefaultRole::ServiceUser => "DefaultServiceRoleSid",
            DefaultRole::ChannelUser => "DefaultChannelRoleSid",
            DefaultRole::ChannelAdmin => "DefaultChannelCreatorRoleSid",
            DefaultRole::ServiceAdmin => "",
        };
        let set = self.service.settings.get(name).and_then(Value::as_str);
        let set = set.and_then(|text| RoleSid::parse(text).ok());
        set.unwrap_or_else(|| role.sid(&self.service.service.sid))
    }
}
