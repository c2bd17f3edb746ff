//! Messages of a channel.

use frontdesk_protocol::{
    Body, BodyError, Identity, Media, MediaSid, MessageSid,
    limits::{BODY_BYTES, MESSAGE_ATTRIBUTES_BYTES},
};
use serde_json::{Value, json};

use super::{
    ask::{self, Ask, Path},
    refused::{self, Thing},
    scope::{self, Scope},
};
use crate::{
    http::{answer::RestAnswer, time},
    rest::{Answer, Listing},
    storage::{Author, Change, ChannelRecord, MessageRecord, Order, Speaker, system},
};

/// `POST …/Messages`.
pub(crate) async fn create(Path((service, channel)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    ask.not_here(&["DateCreated", "DateUpdated", "LastUpdatedBy"])?;
    let media = ask.parsed("MediaSid", |text| MediaSid::parse(text).ok())?;
    let text = ask.text("Body")?.filter(|text| media.is_none() || !text.is_empty());
    let body = match text.as_deref().map(body).transpose()? {
        Some(body) => body,
        None if media.is_some() => String::new(),
        None => return Err(RestAnswer::bad_request("Body is required, or MediaSid")),
    };
    let attributes = ask.attributes(MESSAGE_ATTRIBUTES_BYTES)?.unwrap_or_default();
    let from = ask.parsed("From", Identity::parse)?.unwrap_or_else(system);
    if let Some(media) = &media {
        sayable(&ask, media, &from).await?;
    }
    scope::pace(&ask, channel.sid.as_str())?;
    let sid = MessageSid::from_bits(ask.app().random().bits());
    let change = Change::Say {
        channel: channel.sid.clone(),
        author: Speaker::Anybody(from),
        sid: sid.clone(),
        cid: None,
        body,
        media,
        attributes,
        submitted: None,
    };
    commit(&ask, change, &channel).await?;
    let message = find(&ask, &channel, sid.as_str()).await?;
    Ok(ask::created(&show(&ask, &scope, &channel, &message)))
}

/// `GET …/Messages/IM…`.
pub(crate) async fn fetch(
    Path((service, channel, sid)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let message = find(&ask, &channel, &sid).await?;
    Ok(ask::found(&show(&ask, &scope, &channel, &message)))
}

/// `GET …/Messages`: oldest first, or newest first with `Order=desc`.
pub(crate) async fn list(
    Path((service, channel)): Path<(String, String)>,
    listing: Listing,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let order = listing.filter("Order", |text| match text {
        "asc" => Some(Order::Asc),
        "desc" => Some(Order::Desc),
        _ => None,
    })?;
    let order = order.unwrap_or(Order::Asc);
    let (after, most) = (listing.after(), listing.most());
    let (found, more) = ask.store().message_list(&channel.sid, order, after, most).await?;
    let place =
        |record: &MessageRecord| (record.message.index, show(&ask, &scope, &channel, record));
    Ok(ask.page_cut(&listing, "messages", found.iter().map(place).collect(), more))
}

/// `POST …/Messages/IM…`: changes text and attributes.
pub(crate) async fn update(
    Path((service, channel, sid)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let MessageRecord { message, .. } = find(&ask, &channel, &sid).await?;
    ask.not_here(&["DateCreated", "DateUpdated"])?;
    let new_body = ask.text("Body")?.as_deref().map(body).transpose()?;
    let attributes = ask.attributes(MESSAGE_ATTRIBUTES_BYTES)?;
    let by = ask.parsed("LastUpdatedBy", Identity::parse)?.unwrap_or_else(system);
    let from = ask.parsed("From", Identity::parse)?;
    if from.is_some_and(|from| from != message.author) {
        return Err(RestAnswer::bad_request("From cannot be changed"));
    }
    scope::pace(&ask, channel.sid.as_str())?;
    let change = Change::Edit {
        channel: channel.sid.clone(),
        author: Author::Anybody(by),
        target: message.seq,
        body: new_body.unwrap_or(message.body),
        attributes: attributes.unwrap_or(message.attributes),
    };
    commit(&ask, change, &channel).await?;
    let message = find(&ask, &channel, &sid).await?;
    Ok(ask::found(&show(&ask, &scope, &channel, &message)))
}

/// `DELETE …/Messages/IM…`: what was said is erased; its place stays.
pub(crate) async fn remove(
    Path((service, channel, sid)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    let target = find(&ask, &channel, &sid).await?.message.seq;
    scope::pace(&ask, channel.sid.as_str())?;
    let author = Author::Anybody(system());
    let change = Change::Redact { channel: channel.sid.clone(), author, target };
    commit(&ask, change, &channel).await?;
    Ok(ask::removed())
}

async fn commit(ask: &Ask, change: Change, channel: &ChannelRecord) -> Result<(), RestAnswer> {
    let what = format!("/Channels/{}", channel.sid);
    let done = ask.app().log.commit(ask.source(), vec![change]).await;
    done.map(drop).map_err(|error| refused::commit(error, Thing::Channel, &what))
}

/// Refuses a file that the store would not let this author say.
async fn sayable(ask: &Ask, media: &MediaSid, from: &Identity) -> Result<(), RestAnswer> {
    let found = ask.store().media(media).await?;
    let fits = found.is_some_and(|found| {
        let is_theirs = found.brought.owner.is_none_or(|owner| owner == *from);
        found.brought.account == *ask.account() && is_theirs && found.said.is_none()
    });
    if fits {
        return Ok(());
    }
    Err(RestAnswer::bad_request(
        "MediaSid: there is no such file, it is beside a message already, or another than From \
         brought it",
    ))
}

fn body(text: &str) -> Result<String, RestAnswer> {
    match Body::parse(text) {
        Ok(body) => Ok(body.into_string()),
        Err(BodyError::TooLong { .. }) => Err(refused::body_too_long(BODY_BYTES)),
        Err(error @ (BodyError::Empty | BodyError::Nul)) => {
            Err(RestAnswer::bad_request(format!("Body: the {error}")))
        }
    }
}

async fn find(ask: &Ask, channel: &ChannelRecord, sid: &str) -> Result<MessageRecord, RestAnswer> {
    let found = match MessageSid::parse(sid) {
        Ok(sid) => ask.store().message(&channel.sid, &sid).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| refused::absent(&format!("/Channels/{}/Messages/{sid}", channel.sid)))
}

fn show(ask: &Ask, scope: &Scope, channel: &ChannelRecord, record: &MessageRecord) -> Value {
    let message = &record.message;
    json!({
        "sid": message.sid,
        "account_sid": ask.account(),
        "service_sid": channel.service,
        "to": channel.sid,
        "channel_sid": channel.sid,
        "from": message.author,
        "body": message.body,
        "attributes": json!(message.attributes).to_string(),
        "index": message.index,
        "type": if message.media.is_some() { "media" } else { "text" },
        "media": message.media.as_ref().map(media),
        "was_edited": message.edited.is_some(),
        "last_updated_by": record.edited_by,
        "date_created": time::iso(message.ts),
        "date_updated": time::iso(message.edited.unwrap_or(message.ts)),
        "url": format!("{}/Channels/{}/Messages/{}", scope.url(ask), channel.sid, message.sid),
    })
}

fn media(media: &Media) -> Value {
    json!({
        "sid": media.sid,
        "content_type": media.content_type,
        "filename": media.filename,
        "size": media.size_bytes,
    })
}
