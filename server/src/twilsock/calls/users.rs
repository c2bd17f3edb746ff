//! Users, as they were when they were asked for.

use frontdesk_protocol::{ChannelSid, Identity};
use serde_json::{Value, json};

use super::{Answer, Ask, pages::Page};
use crate::{
    rooms::{Place, RoomError, place},
    storage::UserRecord,
};

/// `GET /v3/Users/{identity}`
pub(super) async fn fetch(ask: Ask<'_>, identity: &str) -> Result<Answer, Answer> {
    let identity = Identity::parse(identity).ok_or(RoomError::NoUser)?;
    let user = place::find_user(ask.store(), ask.actor, &identity).await?;
    Ok(Answer::ok(show(&user.ok_or(RoomError::NoUser)?)))
}

/// `GET /v3/Users?ChannelSid=CH…`: who is in a channel.
pub(super) async fn list(ask: Ask<'_>) -> Result<Answer, Answer> {
    let sid = ask.call.param("ChannelSid").and_then(|text| ChannelSid::parse(text).ok());
    let sid = sid.ok_or_else(|| Answer::bad("ChannelSid is not valid"))?;
    let place = Place::find(ask.store(), ask.actor, &sid).await?;
    place.membership.ok_or(RoomError::NotMember)?;
    let page = Page::of(ask)?;
    let after = page.after.unwrap_or(0);
    let mut members = ask.store().members(&sid, &[], after, page.size + 1).await?;
    let more = members.len() > page.size;
    members.truncate(page.size);
    let mut users = Vec::new();
    for member in &members {
        let user = ask.store().user_named(&ask.actor.party.account, &member.identity).await?;
        users.extend(user.as_ref().map(show));
    }
    let ends = members.first().zip(members.last()).map(|(first, last)| (first.n, last.n));
    let next = page.meta(ends, more)["next_token"].take();
    let meta = json!({ "prev_token": null, "next_token": next });
    Ok(Answer::ok(json!({ "users": users, "meta": meta })))
}

fn show(record: &UserRecord) -> Value {
    let user = &record.user;
    json!({
        "identity": user.identity,
        "friendly_name": Some(&user.name).filter(|name| !name.is_empty()),
        "attributes": json!(user.attributes).to_string(),
        // Nobody is told who is here: reachability is off.
        "is_online": null,
        "is_notifiable": null,
        "sync_unique_name": format!("{}.info", user.identity),
    })
}
