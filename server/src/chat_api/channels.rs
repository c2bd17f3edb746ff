//! Channels of a service.

use frontdesk_protocol::{
    ChannelSid, Identity,
    attributes::Attributes,
    id::{AccountSid, ServiceSid},
    limits::CHANNEL_ATTRIBUTES_BYTES,
    state::Status,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    ask::{self, Ask, Path},
    refused::{self, Thing},
    scope::{self, Scope},
};
use crate::{
    engagement::{EndError, Ender},
    http::{answer::RestAnswer, time},
    openapi::refusals::Conflict,
    rest::{
        Answer, Listing, Meta, read,
        schema::{JsonObject, Moment, Name, Pages},
    },
    storage::{AttributesChange, Author, Change, ChannelRecord, ChannelType, system},
};

/// A channel: one conversation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Channel {
    /// Its SID.
    sid: ChannelSid,
    /// The account.
    account_sid: AccountSid,
    /// The service.
    service_sid: ServiceSid,
    /// The name to show.
    friendly_name: Option<String>,
    /// Its name for programs.
    unique_name: Option<String>,
    /// A JSON object, as text.
    #[schema(value_type = JsonObject)]
    attributes: String,
    /// Whether it is listed to everybody.
    #[serde(rename = "type")]
    kind: ChannelType,
    /// When it was opened.
    #[schema(value_type = Moment)]
    date_created: String,
    /// When it was last changed.
    #[schema(value_type = Moment)]
    date_updated: String,
    /// Who asked for it.
    created_by: Identity,
    /// How many are in it.
    members_count: u64,
    /// How many messages are in it; those that were removed are not.
    messages_count: u64,
    /// What is in it.
    links: ChannelLinks,
    /// Its own address.
    url: String,
}

/// Addresses of what is in a channel.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChannelLinks {
    members: String,
    messages: String,
    invites: String,
    webhooks: String,
}

/// A page of channels.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Channels {
    /// Where it is in the list.
    meta: Meta,
    /// What is on the page.
    channels: Vec<Channel>,
}

/// What a new channel is to be.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct NewChannel {
    /// The name to show.
    friendly_name: Option<Name>,
    /// Its name for programs: no other channel of the service has it, and it is no SID.
    unique_name: Option<Name>,
    /// At most 16,384 bytes.
    attributes: Option<JsonObject>,
    /// `public` unless told otherwise.
    r#type: Option<ChannelType>,
    /// `system` unless told otherwise.
    created_by: Option<Identity>,
}

/// What is to be changed of a channel; what is not there stays.
#[derive(ToSchema)]
#[schema(rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes a form, which is read by name")]
pub(crate) struct ChannelChange {
    /// The name to show.
    friendly_name: Option<Name>,
    /// Its name for programs; empty for none.
    unique_name: Option<Name>,
    /// At most 16,384 bytes; what was there is replaced.
    attributes: Option<JsonObject>,
    /// Who asked for it.
    created_by: Option<Identity>,
}

/// Opens a channel.
#[utoipa::path(
    post, path = "/v2/Services/{service}/Channels", tag = "Channels",
    request_body(content = NewChannel, content_type = "application/x-www-form-urlencoded"),
    responses((status = 201, description = "The channel.", body = Channel), Conflict),
)]
pub(crate) async fn create(Path(service): Path<String>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    ask.not_here(&["DateCreated", "DateUpdated"])?;
    let name = ask.parsed("FriendlyName", read::name)?.unwrap_or_default();
    let unique_name = unique_name(&ask)?.filter(|name| !name.is_empty());
    let attributes = ask.attributes(CHANNEL_ATTRIBUTES_BYTES)?.unwrap_or_default();
    let kind = ask.parsed("Type", channel_type)?.unwrap_or(ChannelType::Public);
    let created_by = ask.parsed("CreatedBy", Identity::parse)?.unwrap_or_else(system);
    scope::pace(&ask, scope.sid().as_str())?;
    let sid = ChannelSid::from_bits(ask.app().random().bits());
    let ends = says(&attributes, "INACTIVE");
    let mut changes = vec![Change::OpenChannel {
        sid: sid.clone(),
        account: ask.account().clone(),
        service: scope.sid().clone(),
        unique_name,
        name,
        kind,
        created_by,
        attributes,
        key: ask.app().random().secret(),
    }];
    if ends {
        let (channel, author) = (sid.clone(), Author::System);
        changes.push(Change::SetStatus { channel, author, status: Status::Inactive });
    }
    commit(&ask, changes, sid.as_str()).await?;
    let channel = scope.channel(&ask, sid.as_str()).await?;
    Ok(ask::created(&show(&ask, &scope, &channel)))
}

/// A channel.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Channels/{channel}", tag = "Channels",
    responses((status = 200, description = "The channel.", body = Channel)),
)]
pub(crate) async fn fetch(Path((service, channel)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    Ok(ask::found(&show(&ask, &scope, &channel)))
}

/// The channels of a service.
///
/// Of one type, or all.
#[utoipa::path(
    get, path = "/v2/Services/{service}/Channels", tag = "Channels",
    params(Pages, ("Type" = inline(Option<Vec<ChannelType>>), Query, description = "Only of this type.")),
    responses((status = 200, description = "A page of channels.", body = Channels)),
)]
pub(crate) async fn list(Path(service): Path<String>, listing: Listing, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let mut kinds = Vec::new();
    for text in listing.filters("Type") {
        let kind = channel_type(text);
        kinds.push(kind.ok_or_else(|| RestAnswer::bad_request("Type is not valid"))?);
    }
    let one = kinds.first().copied().filter(|first| kinds.iter().all(|kind| kind == first));
    let after = listing.after().unwrap_or(0);
    let found = ask.store().channels(scope.sid(), one, after, listing.most()).await?;
    let items = found.iter().map(|channel| (channel.n, show(&ask, &scope, channel)));
    let (meta, channels) = ask.page(&listing, "channels", items.collect());
    Ok(ask::found(&Channels { meta, channels }))
}

/// Changes a channel.
///
/// A `status` of `INACTIVE` or `ACTIVE` among the attributes ends the chat or begins it again, as it
/// did for the retired service's widget.
#[utoipa::path(
    post, path = "/v2/Services/{service}/Channels/{channel}", tag = "Channels",
    request_body(content = ChannelChange, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The channel.", body = Channel), Conflict),
)]
pub(crate) async fn update(Path((service, channel)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let known = scope.channel(&ask, &channel).await?;
    ask.not_here(&["DateCreated", "DateUpdated"])?;
    let name = ask.parsed("FriendlyName", read::name)?;
    let unique_name = unique_name(&ask)?;
    let attributes = ask.attributes(CHANNEL_ATTRIBUTES_BYTES)?;
    let created_by = ask.parsed("CreatedBy", Identity::parse)?;
    scope::pace(&ask, known.sid.as_str())?;
    let sid = known.sid;
    let ends = known.status == Status::Active
        && attributes.as_ref().is_some_and(|attributes| says(attributes, "INACTIVE"));
    let mut changes = Vec::new();
    if unique_name.is_some() || created_by.is_some() {
        changes.push(Change::KeepChannel { channel: sid.clone(), unique_name, created_by });
    }
    if attributes.as_ref().is_some_and(|attributes| says(attributes, "ACTIVE")) {
        let (channel, author) = (sid.clone(), Author::System);
        changes.push(Change::SetStatus { channel, author, status: Status::Active });
    }
    if name.is_some() || attributes.is_some() {
        let attributes = match attributes {
            Some(attributes) => AttributesChange::Replace(attributes),
            None => AttributesChange::Merge(Attributes::new()),
        };
        let (channel, author) = (sid.clone(), Author::System);
        changes.push(Change::SetAttributes { channel, author, name, attributes });
    }
    commit(&ask, changes, sid.as_str()).await?;
    if ends {
        end(&ask, &sid).await?;
    }
    let channel = scope.channel(&ask, sid.as_str()).await?;
    Ok(ask::found(&show(&ask, &scope, &channel)))
}

/// Removes a channel.
///
/// The chat ends, everybody leaves, and all that was said is erased.
#[utoipa::path(
    delete, path = "/v2/Services/{service}/Channels/{channel}", tag = "Channels",
    responses((status = 204, description = "It is removed.")),
)]
pub(crate) async fn remove(Path((service, channel)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let sid = scope.channel(&ask, &channel).await?.sid;
    scope::pace(&ask, sid.as_str())?;
    // Its task is closed too.
    end(&ask, &sid).await?;
    commit(&ask, vec![Change::RemoveChannel { channel: sid.clone() }], sid.as_str()).await?;
    Ok(ask::removed())
}

async fn end(ask: &Ask, sid: &ChannelSid) -> Result<(), RestAnswer> {
    let ender = Ender::Account { account: ask.account().clone(), source: ask.source().clone() };
    let ended = ask.app().engagement.end(sid, ender).await;
    ended.map_err(|error| match error {
        EndError::NotFound => refused::absent(&format!("/Channels/{sid}")),
        EndError::Store(error) => error.into(),
    })
}

async fn commit(ask: &Ask, changes: Vec<Change>, sid: &str) -> Result<(), RestAnswer> {
    if changes.is_empty() {
        return Ok(());
    }
    let what = format!("/Channels/{sid}");
    let done = ask.app().log.commit(ask.source(), changes).await;
    done.map(drop).map_err(|error| refused::commit(error, Thing::Channel, &what))
}

fn says(attributes: &Attributes, status: &str) -> bool {
    attributes.get("status").and_then(Value::as_str) == Some(status)
}

/// A SID cannot be a unique name: it would hide the channel that has it.
fn unique_name(ask: &Ask) -> Result<Option<String>, RestAnswer> {
    let is_sid = |name: &String| ChannelSid::parse(name).is_ok();
    ask.parsed("UniqueName", |text| read::name(text).filter(|name| !is_sid(name)))
}

fn channel_type(text: &str) -> Option<ChannelType> {
    match text {
        "public" => Some(ChannelType::Public),
        "private" => Some(ChannelType::Private),
        _ => None,
    }
}

fn show(ask: &Ask, scope: &Scope, channel: &ChannelRecord) -> Channel {
    let url = format!("{}/Channels/{}", scope.url(ask), channel.sid);
    Channel {
        sid: channel.sid.clone(),
        account_sid: channel.account.clone(),
        service_sid: channel.service.clone(),
        friendly_name: Some(&channel.name).filter(|name| !name.is_empty()).cloned(),
        unique_name: channel.unique_name.clone(),
        attributes: ask::text_of(&channel.attributes),
        kind: channel.kind,
        date_created: time::iso(channel.created),
        date_updated: time::iso(channel.updated),
        created_by: channel.created_by.clone(),
        members_count: channel.members,
        messages_count: channel.messages,
        links: ChannelLinks {
            members: format!("{url}/Members"),
            messages: format!("{url}/Messages"),
            invites: format!("{url}/Invites"),
            webhooks: format!("{url}/Webhooks"),
        },
        url,
    }
}
