//! Chats as programs keep books of them: lists of channels, messages, members, users, roles and
//! invitations, with what people never see of them.
//!
//! Every list is in the order things were made. Its items carry a number `n`, and a list goes on
//! after one.

use async_trait::async_trait;
use frontdesk_protocol::{
    ChannelSid, Cid, Identity, MemberSid, MessageSid, Millis, UserSid,
    attributes::Attributes,
    id::{AccountSid, InviteSid, RoleSid, ServiceSid},
    state::{Message, Role, Status},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{Service, StoreError, User};

/// Whether a channel is listed to everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChannelType {
    /// It is.
    Public,
    /// Only to who is in it.
    Private,
}

/// A channel.
#[derive(Debug, Clone, PartialEq)]
pub struct ChannelRecord {
    /// Its place in lists.
    pub n: u64,
    /// Its SID.
    pub sid: ChannelSid,
    /// The account.
    pub account: AccountSid,
    /// The service.
    pub service: ServiceSid,
    /// Its name for programs.
    pub unique_name: Option<String>,
    /// The name to show.
    pub name: String,
    /// Whether it is listed to everybody.
    pub kind: ChannelType,
    /// Whether the chat goes on.
    pub status: Status,
    /// What programs attached.
    pub attributes: Attributes,
    /// Who asked for it.
    pub created_by: Identity,
    /// When it was opened.
    pub created: Millis,
    /// When it was last changed.
    pub updated: Millis,
    /// How many are in it.
    pub members: u64,
    /// How many messages are in it; those that were taken back are not.
    pub messages: u64,
}

/// A message. Its place in lists is its index.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageRecord {
    /// The message.
    pub message: Message,
    /// Who last changed it, if anybody who is known did.
    pub edited_by: Option<Identity>,
}

/// Somebody who is in a channel.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberRecord {
    /// Their place in lists.
    pub n: u64,
    /// Their SID in this channel.
    pub sid: MemberSid,
    /// The channel.
    pub channel: ChannelSid,
    /// Who.
    pub identity: Identity,
    /// As what.
    pub role: Role,
    /// The role the account gave them, if it did.
    pub role_sid: Option<RoleSid>,
    /// The name to show.
    pub name: String,
    /// What programs attached.
    pub attributes: Attributes,
    /// The number of the last message they read.
    pub read: Option<u64>,
    /// When they read it.
    pub read_at: Option<Millis>,
    /// Whether they want to be told of new messages less.
    pub muted: bool,
    /// When they came in first.
    pub created: Millis,
    /// When they were last changed.
    pub updated: Millis,
}

/// A channel that a user is in.
#[derive(Debug, Clone, PartialEq)]
pub struct Membership {
    /// Its place in lists: the channel's.
    pub n: u64,
    /// The user as a member.
    pub member: MemberRecord,
    /// How many messages came after what they read.
    pub unread: u64,
}

/// A user.
#[derive(Debug, Clone, PartialEq)]
pub struct UserRecord {
    /// Their place in lists.
    pub n: u64,
    /// The user.
    pub user: User,
    /// The role the account gave them, if it did.
    pub role_sid: Option<RoleSid>,
    /// When they were made.
    pub created: Millis,
    /// When they were last changed.
    pub updated: Millis,
    /// How many channels they are in.
    pub channels: u64,
}

/// A chat service.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceRecord {
    /// Its place in lists.
    pub n: u64,
    /// The service.
    pub service: Service,
    /// What was set, by the names of its parameters; what was not is not there.
    pub settings: Map<String, Value>,
    /// When it was made.
    pub created: Millis,
    /// When it was last changed.
    pub updated: Millis,
}

/// What a role is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RoleType {
    /// One channel.
    Channel,
    /// The whole service.
    Deployment,
}

/// A role: permissions under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRecord {
    /// Its place in lists; not heeded when it is made.
    pub n: u64,
    /// Its SID.
    pub sid: RoleSid,
    /// The service.
    pub service: ServiceSid,
    /// Its name, for people.
    pub name: String,
    /// What it is about.
    pub kind: RoleType,
    /// The permissions' names.
    pub permissions: Vec<String>,
    /// When it was made; not heeded when it is made.
    pub created: Millis,
    /// When it was last changed; not heeded when it is made.
    pub updated: Millis,
}

/// An invitation into a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteRecord {
    /// Its place in lists.
    pub n: u64,
    /// Its SID.
    pub sid: InviteSid,
    /// The channel.
    pub channel: ChannelSid,
    /// Who is invited.
    pub identity: Identity,
    /// The role they will have, if not the service's default.
    pub role_sid: Option<RoleSid>,
    /// Who invites.
    pub created_by: Identity,
    /// When.
    pub created: Millis,
}

/// Which way a list of messages goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Order {
    /// Oldest first.
    Asc,
    /// Newest first.
    Desc,
}

/// Whoever an account's credentials speak for when nobody is named.
#[must_use]
pub fn system() -> Identity {
    Identity::parse("system").expect("plain characters")
}

/// Books of chats. A list gives at most `most` items after the item `after`; 0 is the beginning.
#[async_trait]
#[expect(missing_docs, reason = "each is a plain look-up or list of the type it names")]
pub trait Chats: Send + Sync + 'static {
    async fn channel(&self, sid: &ChannelSid) -> Result<Option<ChannelRecord>, StoreError>;
    async fn channel_named(
        &self,
        service: &ServiceSid,
        unique_name: &str,
    ) -> Result<Option<ChannelRecord>, StoreError>;
    /// A channel of a service of the account, by its SID or its unique name: whether it is there,
    /// and no more. For what is asked often: the records are two look-ups, and count besides.
    async fn channel_at(
        &self,
        account: &AccountSid,
        service: &ServiceSid,
        name: &str,
    ) -> Result<Option<ChannelSid>, StoreError>;
    /// A service's channels, of one type or of all.
    async fn channels(
        &self,
        service: &ServiceSid,
        kind: Option<ChannelType>,
        after: u64,
        most: usize,
    ) -> Result<Vec<ChannelRecord>, StoreError>;
    /// A message of a channel that was not taken back.
    async fn message(
        &self,
        channel: &ChannelSid,
        sid: &MessageSid,
    ) -> Result<Option<MessageRecord>, StoreError>;
    /// A channel's messages that were not taken back, beyond the index `after`, and no more than
    /// about a mebibyte of them, one message excepted; `None` is the beginning. Also whether there
    /// are more.
    async fn message_list(
        &self,
        channel: &ChannelSid,
        order: Order,
        after: Option<u64>,
        most: usize,
    ) -> Result<(Vec<MessageRecord>, bool), StoreError>;
    /// Whether somebody used this id of theirs for a message in a channel.
    async fn is_said(
        &self,
        channel: &ChannelSid,
        author: &Identity,
        cid: Cid,
    ) -> Result<bool, StoreError>;
    /// The position of the last message at or below an index; 0 if there is none.
    async fn position(&self, channel: &ChannelSid, index: u64) -> Result<u64, StoreError>;
    async fn member(
        &self,
        channel: &ChannelSid,
        sid: &MemberSid,
    ) -> Result<Option<MemberRecord>, StoreError>;
    async fn member_named(
        &self,
        channel: &ChannelSid,
        identity: &Identity,
    ) -> Result<Option<MemberRecord>, StoreError>;
    /// Somebody who is or was in a channel.
    async fn member_ever(
        &self,
        channel: &ChannelSid,
        identity: &Identity,
    ) -> Result<Option<MemberRecord>, StoreError>;
    /// Who is in a channel: these identities, or all if there are none.
    async fn members(
        &self,
        channel: &ChannelSid,
        identities: &[Identity],
        after: u64,
        most: usize,
    ) -> Result<Vec<MemberRecord>, StoreError>;
    /// The channels of a service that somebody is in.
    async fn memberships(
        &self,
        service: &ServiceSid,
        identity: &Identity,
        after: u64,
        most: usize,
    ) -> Result<Vec<Membership>, StoreError>;
    async fn membership(
        &self,
        channel: &ChannelSid,
        identity: &Identity,
    ) -> Result<Option<Membership>, StoreError>;
    async fn user_record(&self, sid: &UserSid) -> Result<Option<UserRecord>, StoreError>;
    async fn user_named(
        &self,
        account: &AccountSid,
        identity: &Identity,
    ) -> Result<Option<UserRecord>, StoreError>;
    async fn users(
        &self,
        account: &AccountSid,
        after: u64,
        most: usize,
    ) -> Result<Vec<UserRecord>, StoreError>;
    async fn service(&self, sid: &ServiceSid) -> Result<Option<ServiceRecord>, StoreError>;
    async fn service_list(
        &self,
        account: &AccountSid,
        after: u64,
        most: usize,
    ) -> Result<Vec<ServiceRecord>, StoreError>;
    /// Changes a service's name and settings.
    async fn set_service(
        &self,
        sid: &ServiceSid,
        name: String,
        settings: Map<String, Value>,
    ) -> Result<(), StoreError>;
    /// Removes a service with its roles: `false` if it has channels or flows.
    async fn delete_service(&self, sid: &ServiceSid) -> Result<bool, StoreError>;
    async fn role(&self, sid: &RoleSid) -> Result<Option<RoleRecord>, StoreError>;
    async fn roles(
        &self,
        service: &ServiceSid,
        after: u64,
        most: usize,
    ) -> Result<Vec<RoleRecord>, StoreError>;
    /// Makes a role, or changes its permissions.
    async fn put_role(&self, role: RoleRecord) -> Result<(), StoreError>;
    /// Removes a role: `false` if somebody has it.
    async fn delete_role(&self, sid: &RoleSid) -> Result<bool, StoreError>;
    async fn invite(
        &self,
        channel: &ChannelSid,
        sid: &InviteSid,
    ) -> Result<Option<InviteRecord>, StoreError>;
    /// A channel's invitations: of these identities, or all if there are none.
    async fn invites(
        &self,
        channel: &ChannelSid,
        identities: &[Identity],
        after: u64,
        most: usize,
    ) -> Result<Vec<InviteRecord>, StoreError>;
}
