//! Lists of channels, as they were when they were asked for.

use frontdesk_protocol::ChannelSid;
use serde_json::{Value, json};

use super::{Answer, Ask, find::absent, pages::Page};
use crate::{
    http::time,
    rooms::{ActorKind, Place, RoomError},
    storage::{ChannelRecord, ChannelType, Membership},
    twilsock::objects::{Kind, my_channels, name},
};

/// `GET /v3/SyncList`: the channels that they are in, and the objects of each.
pub(super) async fn sync_list(ask: Ask<'_>) -> Result<Answer, Answer> {
    let (found, meta) = memberships(ask).await?;
    let show = |(channel, membership): &(ChannelRecord, Membership)| {
        json!({
            "channel_sid": channel.sid,
            "status": "joined",
            "channel": name::channel(&channel.sid),
            "messages": name::messages(&channel.sid),
            "roster": name::roster(&channel.sid),
            "last_consumed_message_index": membership.member.read,
            "notification_level": my_channels::level(membership),
        })
    };
    let channels: Vec<Value> = found.iter().map(show).collect();
    Ok(Answer::ok(json!({ "channels": channels, "meta": meta })))
}

/// `GET /v3/MyChannels`: the channels that they are in.
pub(super) async fn mine(ask: Ask<'_>) -> Result<Answer, Answer> {
    let (found, meta) = memberships(ask).await?;
    let channels: Vec<Value> =
        found.iter().map(|(channel, membership)| show(channel, Some(membership))).collect();
    Ok(Answer::ok(json!({ "channels": channels, "meta": meta })))
}

/// `GET /v3/PublicChannels`: the channels that are listed to everybody whom the account vouches
/// for.
pub(super) async fn public(ask: Ask<'_>) -> Result<Answer, Answer> {
    let page = Page::of(ask)?;
    match ask.actor.kind {
        ActorKind::Visitor => return Ok(Answer::ok(json!({ "channels": [], "meta": no_more() }))),
        ActorKind::User => {}
    }
    let account = &ask.actor.party.account;
    let Some(service) = ask.store().service_list(account, 0, 1).await?.into_iter().next() else {
        return Ok(Answer::ok(json!({ "channels": [], "meta": no_more() })));
    };
    let (kind, after) = (Some(ChannelType::Public), page.after.unwrap_or(0));
    let sid = &service.service.sid;
    let mut found = ask.store().channels(sid, kind, after, page.size + 1).await?;
    let more = found.len() > page.size;
    found.truncate(page.size);
    let ends = found.first().zip(found.last()).map(|(first, last)| (first.n, last.n));
    let mut channels = Vec::new();
    for channel in &found {
        let identity = &ask.actor.party.identity;
        let membership = ask.store().membership(&channel.sid, identity).await?;
        channels.push(show(channel, membership.as_ref()));
    }
    let mut meta = page.meta(ends, more);
    meta["previous_token"] = Value::Null;
    Ok(Answer::ok(json!({ "channels": channels, "meta": meta })))
}

/// `GET /v3/PublicChannels/{SID or unique name}`: any channel that they may know of.
pub(super) async fn one(ask: Ask<'_>, name: &str) -> Result<Answer, Answer> {
    let sid = match ChannelSid::parse(name) {
        Ok(sid) => sid,
        Err(_) => named(ask, name).await?.ok_or(RoomError::NoChannel)?,
    };
    let place = Place::find(ask.store(), ask.actor, &sid).await?;
    Ok(Answer::ok(show(&place.channel, place.membership.as_ref())))
}

async fn named(ask: Ask<'_>, name: &str) -> Result<Option<ChannelSid>, Answer> {
    for service in ask.store().services(&ask.actor.party.account).await? {
        if let Some(channel) = ask.store().channel_named(&service.sid, name).await? {
            return Ok(Some(channel.sid));
        }
    }
    Ok(None)
}

/// A page of the channels that they are in, with its tokens.
async fn memberships(ask: Ask<'_>) -> Result<(Vec<(ChannelRecord, Membership)>, Value), Answer> {
    let page = Page::of(ask)?;
    let (account, identity) = (&ask.actor.party.account, &ask.actor.party.identity);
    let user = ask.store().user_named(account, identity).await?;
    let user = user.ok_or_else(|| absent(Kind::Map, false))?;
    let all = my_channels::all(ask.store(), &user.user.sid).await?;
    let from = usize::try_from(page.after.unwrap_or(0)).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    for sid in all.iter().skip(from).take(page.size) {
        let channel = ask.store().channel(sid).await?;
        let membership = ask.store().membership(sid, identity).await?;
        found.extend(channel.zip(membership));
    }
    let upto = from.saturating_add(page.size);
    let mut meta = page.meta(Some((0, upto as u64)), all.len() > upto);
    meta["previous_token"] = Value::Null;
    Ok((found, meta))
}

fn no_more() -> Value {
    json!({ "previous_token": null, "next_token": null })
}

fn show(channel: &ChannelRecord, membership: Option<&Membership>) -> Value {
    json!({
        "sid": channel.sid,
        "channel_sid": channel.sid,
        "unique_name": channel.unique_name,
        "friendly_name": Some(&channel.name).filter(|name| !name.is_empty()),
        "attributes": json!(channel.attributes).to_string(),
        "type": channel.kind,
        "created_by": channel.created_by,
        "date_created": time::iso(channel.created),
        "date_updated": time::iso(channel.updated),
        "members_count": channel.members,
        "messages_count": channel.messages,
        "status": if membership.is_some() { "joined" } else { "notParticipating" },
        "last_consumed_message_index": membership.and_then(|membership| membership.member.read),
        "notification_level": membership.map_or("default", my_channels::level),
    })
}
