//! Channels of a service.

use frontdesk_protocol::{
    ChannelSid, Identity, attributes::Attributes, limits::CHANNEL_ATTRIBUTES_BYTES, state::Status,
};
use serde_json::{Value, json};

use super::{
    ask::{self, Ask, Path},
    refused::{self, Thing},
    scope::{self, Scope},
};
use crate::{
    engagement::{EndError, Ender},
    http::{answer::RestAnswer, time},
    rest::{Answer, Listing, read},
    storage::{AttributesChange, Author, Change, ChannelRecord, ChannelType, system},
};

/// `POST …/Channels`.
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

/// `GET …/Channels/{SID or unique name}`.
pub(crate) async fn fetch(Path((service, channel)): Path<(String, String)>, ask: Ask) -> Answer {
    let scope = Scope::of(&ask, &service).await?;
    let channel = scope.channel(&ask, &channel).await?;
    Ok(ask::found(&show(&ask, &scope, &channel)))
}

/// `GET …/Channels`: of one `Type`, or of all.
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
    Ok(ask.page(&listing, "channels", items.collect()))
}

/// `POST …/Channels/CH…`. A `status` of `INACTIVE` or `ACTIVE` among the attributes ends the chat
/// or begins it again, as it did for the retired service's widget.
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

/// `DELETE …/Channels/CH…`: the chat ends, everybody leaves, and all that was said is erased.
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

fn show(ask: &Ask, scope: &Scope, channel: &ChannelRecord) -> Value {
    let url = format!("{}/Channels/{}", scope.url(ask), channel.sid);
    json!({
        "sid": channel.sid,
        "account_sid": channel.account,
        "service_sid": channel.service,
        "friendly_name": Some(&channel.name).filter(|name| !name.is_empty()),
        "unique_name": channel.unique_name,
        "attributes": json!(channel.attributes).to_string(),
        "type": channel.kind,
        "date_created": time::iso(channel.created),
        "date_updated": time::iso(channel.updated),
        "created_by": channel.created_by,
        "members_count": channel.members,
        "messages_count": channel.messages,
        "links": {
            "members": format!("{url}/Members"),
            "messages": format!("{url}/Messages"),
            "invites": format!("{url}/Invites"),
        },
        "url": url,
    })
}
