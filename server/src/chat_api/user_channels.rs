//! The channels a user is in, as the user has them.

use serde_json::{Value, json};

use super::{
    ask::{self, Ask, Path},
    members::{commit, consume},
    refused,
    scope::{self, Scope},
};
use crate::{
    http::answer::RestAnswer,
    rest::{Answer, Listing},
    storage::{Change, ChannelRecord, Membership, UserRecord},
};

/// `GET …/Users/US…/Channels/{SID or unique name}`.
pub(crate) async fn fetch(
    Path((service, user, channel)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let user = scope.user(&ask, &user).await?;
    let (_, membership) = find(&ask, &scope, &user, &channel).await?;
    Ok(ask::found(&show(&ask, &scope, &user, &membership)))
}

/// `GET …/Users/US…/Channels`.
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
    Ok(ask.page(&listing, "channels", items.collect()))
}

/// `POST …/Users/US…/Channels/CH…`.
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
    let read = ask.parsed("LastConsumedMessageIndex", |text| text.parse().ok())?;
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

/// `DELETE …/Users/US…/Channels/CH…`: the user leaves it.
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

fn show(ask: &Ask, scope: &Scope, user: &UserRecord, membership: &Membership) -> Value {
    let member = &membership.member;
    let (root, sid) = (scope.url(ask), &user.user.sid);
    let channel = format!("{root}/Channels/{}", member.channel);
    json!({
        "account_sid": user.user.account,
        "service_sid": scope.sid(),
        "channel_sid": member.channel,
        "user_sid": sid,
        "member_sid": member.sid,
        "status": "joined",
        "last_consumed_message_index": member.read,
        "unread_messages_count": membership.unread,
        "notification_level": if member.muted { "muted" } else { "default" },
        "links": { "channel": channel, "member": format!("{channel}/Members/{}", member.sid) },
        "url": format!("{root}/Users/{sid}/Channels/{}", member.channel),
    })
}
