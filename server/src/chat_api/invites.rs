//! Invitations into a channel. One is used up when its bearer comes in.

use frontdesk_protocol::{Identity, id::InviteSid};
use serde_json::{Value, json};

use super::{
    ask::{self, Ask, Path},
    members::identities,
    refused::{self, Thing},
    scope::{self, Scope},
};
use crate::{
    http::{answer::RestAnswer, time},
    rest::{Answer, Listing},
    storage::{Change, ChannelRecord, DefaultRole, InviteRecord, RoleType, system},
};

/// `POST …/Invites`.
pub(crate) async fn create(Path((service, channel)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let identity = ask.required("Identity", Identity::parse)?;
    let role_sid = scope.role_parameter(&ask, "RoleSid", RoleType::Channel).await?;
    scope::pace(&ask, channel.sid.as_str())?;
    let sid = InviteSid::from_bits(ask.app().random().bits());
    let change = Change::Invite {
        channel: channel.sid.clone(),
        sid: sid.clone(),
        identity,
        role_sid,
        created_by: system(),
    };
    commit(&ask, change, &channel).await?;
    let invite = find(&ask, &channel, sid.as_str()).await?;
    Ok(ask::created(&show(&ask, &scope, &channel, &invite)))
}

/// `GET …/Invites/IN…`.
pub(crate) async fn fetch(
    Path((service, channel, sid)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let invite = find(&ask, &channel, &sid).await?;
    Ok(ask::found(&show(&ask, &scope, &channel, &invite)))
}

/// `GET …/Invites`: all, or those of some `Identity`.
pub(crate) async fn list(
    Path((service, channel)): Path<(String, String)>,
    listing: Listing,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let identities = identities(&listing)?;
    let after = listing.after().unwrap_or(0);
    let found = ask.store().invites(&channel.sid, &identities, after, listing.most()).await?;
    let items = found.iter().map(|invite| (invite.n, show(&ask, &scope, &channel, invite)));
    Ok(ask.page(&listing, "invites", items.collect()))
}

/// `DELETE …/Invites/IN…`.
pub(crate) async fn remove(
    Path((service, channel, sid)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let sid = find(&ask, &channel, &sid).await?.sid;
    scope::pace(&ask, channel.sid.as_str())?;
    commit(&ask, Change::Uninvite { channel: channel.sid.clone(), sid }, &channel).await?;
    Ok(ask::removed())
}

async fn commit(ask: &Ask, change: Change, channel: &ChannelRecord) -> Result<(), RestAnswer> {
    let what = format!("/Channels/{}/Invites", channel.sid);
    let done = ask.app().log.commit(ask.source(), vec![change]).await;
    done.map(drop).map_err(|error| refused::commit(error, Thing::Invite, &what))
}

async fn find(ask: &Ask, channel: &ChannelRecord, sid: &str) -> Result<InviteRecord, RestAnswer> {
    let found = match InviteSid::parse(sid) {
        Ok(sid) => ask.store().invite(&channel.sid, &sid).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| refused::absent(&format!("/Channels/{}/Invites/{sid}", channel.sid)))
}

fn show(ask: &Ask, scope: &Scope, channel: &ChannelRecord, invite: &InviteRecord) -> Value {
    json!({
        "sid": invite.sid,
        "account_sid": channel.account,
        "service_sid": channel.service,
        "channel_sid": channel.sid,
        "identity": invite.identity,
        "role_sid": scope.role(invite.role_sid.clone(), DefaultRole::ChannelUser),
        "created_by": invite.created_by,
        "date_created": time::iso(invite.created),
        "date_updated": time::iso(invite.created),
        "url": format!("{}/Channels/{}/Invites/{}", scope.url(ask), channel.sid, invite.sid),
    })
}
