//! The channels a user is in, as the user has them.

use frontdesk_protocol::{
    ChannelSid, MemberSid, UserSid,
    id::{AccountSid, ServiceSid},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ask::{self, Ask, Path},
    members::{commit, consume},
    refused,
    scope::{self, Scope},
};
use crate::{
    http::answer::RestAnswer,
    openapi::refusals::Conflict,
    rest::{Answer, Listing, Meta, read, schema::Pages},
    storage::{Change, ChannelRecord, Membership, UserRecord},
};

/// A channel as one of its users has it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserChannel {
    /// The account.
    account_sid: AccountSid,
    /// The service.
    service_sid: ServiceSid,
    /// The channel.
    channel_sid: ChannelSid,
    /// The user.
    user_sid: UserSid,
    /// The user as its member.
    member_sid: MemberSid,
    /// Always `joined`.
    status: &'static str,
    /// The number of the last message they have read.
    last_consumed_message_index: Option<u64>,
    /// How many messages they have not read.
    unread_messages_count: u64,
    /// Whether they are told.
    notification_level: Level,
    /// What it is about.
    links: UserChannelLinks,
    /// Its own address.
    url: String,
}

/// Addresses of what it is about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserChannelLinks {
    channel: String,
    member: String,
}

/// Whether a user is told of what is said in a channel.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = NotificationLevel)]
pub(crate) enum Level {
    /// As everywhere.
    Default,
    /// Not of this one.
    Muted,
}

/// A page of channels.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserChannels {
    /// Where it is in the list.
    meta: Meta,
    /// What is on the page.
    channels: Vec<UserChannel>,
}

/// What is to be changed; what is not there stays.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct UserChannelChange {
    /// Whether they are told.
    notification_level: Option<Level>,
    /// The number of the last message they have read; it only moves forward.
    last_consumed_message_index: Option<u64>,
}

/// A channel a user is in.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Users/{user}/Channels/{channel}", tag = "User Channels",
    responses((status = 200, description = "The channel, as the user has it.", body = UserChannel)),
)]
pub(crate) async fn fetch(
    Path((service, user, channel)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let user = scope.user(&ask, &user).await?;
    let (_, membership) = find(&ask, &scope, &user, &channel).await?;
    Ok(ask::found(&show(&ask, &scope, &user, &membership)))
}

/// The channels a user is in.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Users/{user}/Channels", tag = "User Channels",
    params(Pages),
    responses((status = 200, description = "A page of channels.", body = UserChannels)),
)]
pub(crate) async fn list(
    Path((service, user)): Path<(String, String)>,
    listing: Listing,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let user = scope.user(&ask, &user).await?;
    let (after, most) = (listing.after().unwrap_or(0), listing.most());
    let identity = &user.user.identity;
    let found = ask.store().memberships(scope.sid(), identity, after, most).await?;
    let items = found.iter().map(|channel| (channel.n, show(&ask, &scope, &user, channel)));
    let (meta, channels) = ask.page(&listing, "channels", items.collect());
    Ok(ask::found(&UserChannels { meta, channels }))
}

/// Changes how a user has a channel.
#[utoipa::path(
    post, path = "/v2/Services/{service}/Users/{user}/Channels/{channel}", tag = "User Channels",
    request_body(content = UserChannelChange, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The channel, as the user has it.", body = UserChannel), Conflict),
)]
pub(crate) async fn update(
    Path((service, user, channel)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let user = scope.user(&ask, &user).await?;
    let (channel, _) = find(&ask, &scope, &user, &channel).await?;
    ask.not_here(&["LastConsumptionTimestamp"])?;
    let muted = ask.parsed("NotificationLevel", |text| match text {
        "default" => Some(false),
        "muted" => Some(true),
        _ => None,
    })?;
    let read = ask.parsed("LastConsumedMessageIndex", read::number)?;
    scope::pace(&ask, channel.sid.as_str())?;
    let identity = &user.user.identity;
    let mut changes = Vec::new();
    if muted.is_some() {
        let (channel, identity) = (channel.sid.clone(), identity.clone());
        changes.push(Change::KeepMember { channel, identity, role_sid: None, muted });
    }
    changes.extend(consume(&ask, &channel, identity, read).await?);
    commit(&ask, changes, &channel, identity).await?;
    let (_, membership) = find(&ask, &scope, &user, channel.sid.as_str()).await?;
    Ok(ask::found(&show(&ask, &scope, &user, &membership)))
}

/// Takes the user out of a channel.
#[utoipa::path(
    delete, path = "/v2/Services/{service}/Users/{user}/Channels/{channel}", tag = "User Channels",
    responses((status = 204, description = "They have left."), Conflict),
)]
pub(crate) async fn remove(
    Path((service, user, channel)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let user = scope.user(&ask, &user).await?;
    let (channel, _) = find(&ask, &scope, &user, &channel).await?;
    scope::pace(&ask, channel.sid.as_str())?;
    let identity = user.user.identity;
    let leave = Change::Leave { channel: channel.sid.clone(), identity: identity.clone() };
    commit(&ask, vec![leave], &channel, &identity).await?;
    Ok(ask::removed())
}

async fn find(
    ask: &Ask,
    scope: &Scope,
    user: &UserRecord,
    name: &str,
) -> Result<(ChannelRecord, Membership), RestAnswer> {
    let channel = scope.channel(ask, name).await?;
    let found = ask.store().membership(&channel.sid, &user.user.identity).await?;
    let what = format!("/Users/{}/Channels/{name}", user.user.sid);
    Ok((channel, found.ok_or_else(|| refused::absent(&what))?))
}

fn show(ask: &Ask, scope: &Scope, user: &UserRecord, membership: &Membership) -> UserChannel {
    let member = &membership.member;
    let (root, sid) = (scope.url(ask), &user.user.sid);
    let channel = format!("{root}/Channels/{}", member.channel);
    UserChannel {
        account_sid: user.user.account.clone(),
        service_sid: scope.sid().clone(),
        channel_sid: member.channel.clone(),
        user_sid: sid.clone(),
        member_sid: member.sid.clone(),
        status: "joined",
        last_consumed_message_index: member.read,
        unread_messages_count: membership.unread,
        notification_level: if member.muted { Level::Muted } else { Level::Default },
        url: format!("{root}/Users/{sid}/Channels/{}", member.channel),
        links: UserChannelLinks { member: format!("{channel}/Members/{}", member.sid), channel },
    }
}
