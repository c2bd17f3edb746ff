//! Messages of a channel.

use frontdesk_protocol::{
    Body, BodyError, ChannelSid, Identity, Media, MediaSid, MessageSid,
    id::{AccountSid, ServiceSid},
    limits::{BODY_BYTES, MESSAGE_ATTRIBUTES_BYTES},
    state,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ask::{self, Ask, Path},
    refused::{self, Thing},
    scope::{self, Scope},
};
use crate::{
    http::{answer::RestAnswer, time},
    openapi::refusals::Conflict,
    rest::{
        Answer, Listing, Meta,
        schema::{JsonObject, Moment, Pages},
    },
    storage::{Author, Change, MessageRecord, Order, Outcome, Said, Speaker, system},
};

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Message {
    /// Its SID.
    sid: MessageSid,
    /// The account.
    account_sid: AccountSid,
    /// The service.
    service_sid: ServiceSid,
    /// The channel.
    to: ChannelSid,
    /// The channel.
    channel_sid: ChannelSid,
    /// Who said it.
    from: Identity,
    /// The text.
    body: String,
    /// A JSON object, as text.
    #[schema(value_type = JsonObject)]
    attributes: String,
    /// Its number in the channel, from 0 on.
    index: u64,
    /// `text`, or `media` with a file beside it.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The file beside it.
    media: Option<MessageMedia>,
    /// Whether it was changed.
    was_edited: bool,
    /// Who changed it last.
    last_updated_by: Option<Identity>,
    /// When it was said.
    #[schema(value_type = Moment)]
    date_created: String,
    /// When it was last changed.
    #[schema(value_type = Moment)]
    date_updated: String,
    /// Its own address.
    url: String,
}

/// A file beside a message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MessageMedia {
    /// Its SID.
    sid: MediaSid,
    /// What kind of file it is.
    content_type: String,
    /// Its name.
    filename: Option<String>,
    /// Bytes.
    size: u64,
}

impl MessageMedia {
    fn of(media: &Media) -> Self {
        Self {
            sid: media.sid.clone(),
            content_type: media.content_type.clone(),
            filename: media.filename.clone(),
            size: media.size_bytes,
        }
    }
}

/// A page of messages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Messages {
    /// Where it is in the list.
    meta: Meta,
    /// What is on the page.
    messages: Vec<Message>,
}

/// What is to be said.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct NewMessage {
    /// The text: at most 32,768 bytes, and not only white space. It may be missing where a file is.
    #[schema(min_length = 1, max_length = 32_768, pattern = r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
    body: Option<String>,
    /// A file that was brought and is not said yet.
    media_sid: Option<MediaSid>,
    /// Who says it; `system` unless told otherwise.
    from: Option<Identity>,
    /// At most 4,096 bytes.
    attributes: Option<JsonObject>,
}

/// What is to be changed of a message; what is not there stays.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct MessageChange {
    /// The text: at most 32,768 bytes, and not only white space.
    #[schema(min_length = 1, max_length = 32_768, pattern = r"^[^\u0000]*[^\s\u0000][^\u0000]*$")]
    body: Option<String>,
    /// At most 4,096 bytes; what was there is replaced.
    attributes: Option<JsonObject>,
    /// Who changes it; `system` unless told otherwise.
    last_updated_by: Option<Identity>,
    /// Only as it was: another is refused.
    from: Option<Identity>,
}

/// Says something in a channel.
#[utoipa::path(
    post, path = "/v2/Services/{service}/Channels/{channel}/Messages", tag = "Messages",
    request_body(content = NewMessage, content_type = "application/x-www-form-urlencoded"),
    responses((status = 201, description = "The message.", body = Message), Conflict),
)]
pub(crate) async fn create(Path((service, channel)): Path<(String, String)>, ask: Ask) -> Answer {
    let place = Place::of(&ask, &service, &channel).await?;
    ask.not_here(&["DateCreated", "DateUpdated", "LastUpdatedBy"])?;
    let media = ask.parsed("MediaSid", |text| MediaSid::parse(text).ok())?;
    let text = ask.text("Body")?.filter(|text| media.is_none() || !text.is_empty());
    let body = text.as_deref().map(body).transpose()?;
    let attributes = ask.attributes(MESSAGE_ATTRIBUTES_BYTES)?.unwrap_or_default();
    let from = ask.parsed("From", Identity::parse)?.unwrap_or_else(system);
    if body.is_none() && media.is_none() {
        return Err(RestAnswer::bad_request("Body is required, or MediaSid"));
    }
    if let Some(media) = &media {
        sayable(&ask, media, &from).await?;
    }
    let body = body.unwrap_or_default();
    scope::pace(&ask, place.channel.as_str())?;
    let sid = MessageSid::from_bits(ask.app().random().bits());
    let change = Change::Say {
        channel: place.channel.clone(),
        author: Speaker::Anybody(from.clone()),
        sid: sid.clone(),
        cid: None,
        body: body.clone(),
        media: media.clone(),
        attributes: attributes.clone(),
        submitted: None,
    };
    let outcome = commit(&ask, change, &place).await?;
    let record = match (outcome, media) {
        // All of it is known: it is not read again to be shown.
        (Outcome::Said(Said { seq, index, ts, dup: _ }), None) => MessageRecord {
            message: state::Message {
                seq,
                index,
                sid,
                cid: None,
                author: from,
                body,
                media: None,
                attributes,
                ts,
                edited: None,
                redacted: false,
            },
            edited_by: None,
        },
        (Outcome::Said(_) | Outcome::Event { .. } | Outcome::Quiet, _) => {
            find(&ask, &place, sid.as_str()).await?
        }
    };
    Ok(ask::created(&show(&ask, &place, &record)))
}

/// A message.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Channels/{channel}/Messages/{message}", tag = "Messages",
    responses((status = 200, description = "The message.", body = Message)),
)]
pub(crate) async fn fetch(
    Path((service, channel, sid)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let place = Place::of(&ask, &service, &channel).await?;
    let message = find(&ask, &place, &sid).await?;
    Ok(ask::found(&show(&ask, &place, &message)))
}

/// The messages of a channel.
///
/// Oldest first, or newest first. A page also ends at about a mebibyte of text.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Channels/{channel}/Messages", tag = "Messages",
    params(Pages, ("Order" = inline(Option<Order>), Query, description = "Oldest first with `asc`, which is the default, newest first with `desc`.")),
    responses((status = 200, description = "A page of messages.", body = Messages)),
)]
pub(crate) async fn list(
    Path((service, channel)): Path<(String, String)>,
    listing: Listing,
    ask: Ask,
) -> Answer {
    let place = Place::of(&ask, &service, &channel).await?;
    let order = listing.filter("Order", |text| match text {
        "asc" => Some(Order::Asc),
        "desc" => Some(Order::Desc),
        _ => None,
    })?;
    let order = order.unwrap_or(Order::Asc);
    let (after, most) = (listing.after(), listing.most());
    let (found, more) = ask.store().message_list(&place.channel, order, after, most).await?;
    let place = |record: &MessageRecord| (record.message.index, show(&ask, &place, record));
    let (meta, messages) =
        ask.page_cut(&listing, "messages", found.iter().map(place).collect(), more);
    Ok(ask::found(&Messages { meta, messages }))
}

/// Changes a message.
#[utoipa::path(
    post, path = "/v2/Services/{service}/Channels/{channel}/Messages/{message}", tag = "Messages",
    request_body(content = MessageChange, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The message.", body = Message), Conflict),
)]
pub(crate) async fn update(
    Path((service, channel, sid)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let place = Place::of(&ask, &service, &channel).await?;
    let MessageRecord { message, .. } = find(&ask, &place, &sid).await?;
    ask.not_here(&["DateCreated", "DateUpdated"])?;
    let new_body = ask.text("Body")?.as_deref().map(body).transpose()?;
    let attributes = ask.attributes(MESSAGE_ATTRIBUTES_BYTES)?;
    let by = ask.parsed("LastUpdatedBy", Identity::parse)?.unwrap_or_else(system);
    let from = ask.parsed("From", Identity::parse)?;
    if from.is_some_and(|from| from != message.author) {
        return Err(RestAnswer::bad_request("From cannot be changed"));
    }
    scope::pace(&ask, place.channel.as_str())?;
    let change = Change::Edit {
        channel: place.channel.clone(),
        author: Author::Anybody(by),
        target: message.seq,
        body: new_body.unwrap_or(message.body),
        attributes: attributes.unwrap_or(message.attributes),
    };
    commit(&ask, change, &place).await?;
    let message = find(&ask, &place, &sid).await?;
    Ok(ask::found(&show(&ask, &place, &message)))
}

/// Removes a message.
///
/// What was said is erased; its place stays.
#[utoipa::path(
    delete, path = "/v2/Services/{service}/Channels/{channel}/Messages/{message}", tag = "Messages",
    responses((status = 204, description = "It is removed."), Conflict),
)]
pub(crate) async fn remove(
    Path((service, channel, sid)): Path<(String, String, String)>,
    ask: Ask,
) -> Answer {
    let place = Place::of(&ask, &service, &channel).await?;
    let target = find(&ask, &place, &sid).await?.message.seq;
    scope::pace(&ask, place.channel.as_str())?;
    let author = Author::Anybody(system());
    let change = Change::Redact { channel: place.channel.clone(), author, target };
    commit(&ask, change, &place).await?;
    Ok(ask::removed())
}

/// The channel that an address names.
struct Place {
    service: ServiceSid,
    channel: ChannelSid,
}

impl Place {
    async fn of(ask: &Ask, service: &str, channel: &str) -> Result<Self, RestAnswer> {
        if let Ok(sid) = ServiceSid::parse(service)
            && let Some(channel) = ask.store().channel_at(ask.account(), &sid, channel).await?
        {
            return Ok(Self { service: sid, channel });
        }
        // Which of the two is not there, one after the other says.
        let scope = Scope::of(ask, service).await?;
        let channel = scope.channel(ask, channel).await?;
        Ok(Self { service: scope.sid().clone(), channel: channel.sid })
    }
}

async fn commit(ask: &Ask, change: Change, place: &Place) -> Result<Outcome, RestAnswer> {
    let what = || format!("/Channels/{}", place.channel);
    let done = ask.app().log.commit(ask.source(), vec![change]).await;
    let done = done.map_err(|error| refused::commit(error, Thing::Channel, &what()))?;
    Ok(done.outcomes.into_iter().next().unwrap_or(Outcome::Quiet))
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

async fn find(ask: &Ask, place: &Place, sid: &str) -> Result<MessageRecord, RestAnswer> {
    let found = match MessageSid::parse(sid) {
        Ok(sid) => ask.store().message(&place.channel, &sid).await?,
        Err(_) => None,
    };
    found.ok_or_else(|| refused::absent(&format!("/Channels/{}/Messages/{sid}", place.channel)))
}

fn show(ask: &Ask, place: &Place, record: &MessageRecord) -> Message {
    let (message, Place { service, channel }) = (&record.message, place);
    let at = format!("{}/Services/{service}/Channels/{channel}", ask.root());
    Message {
        sid: message.sid.clone(),
        account_sid: ask.account().clone(),
        service_sid: service.clone(),
        to: channel.clone(),
        channel_sid: channel.clone(),
        from: message.author.clone(),
        body: message.body.clone(),
        attributes: ask::text_of(&message.attributes),
        index: message.index,
        kind: if message.media.is_some() { "media" } else { "text" },
        media: message.media.as_ref().map(MessageMedia::of),
        was_edited: message.edited.is_some(),
        last_updated_by: record.edited_by.clone(),
        date_created: time::iso(message.ts),
        date_updated: time::iso(message.edited.unwrap_or(message.ts)),
        url: format!("{at}/Messages/{}", message.sid),
    }
}
