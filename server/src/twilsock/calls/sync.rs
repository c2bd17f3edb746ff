//! Reading objects and their items.
//!
//! An object's newest position is read before what is in it: whoever follows from there on is told
//! some things twice, and misses none.

use frontdesk_protocol::{ChannelSid, MemberSid, Millis, Stream, UserSid};
use serde_json::{Value, json};

use super::{
    Answer, Ask,
    find::{self, absent},
    pages::Page,
};
use crate::{
    rooms::Roles,
    storage::{MessageRecord, Order},
    twilsock::objects::{self, Kind, Object, channel, info, messages, my_channels, name, roster},
};

/// About so much text is in one page of messages, one message excepted.
const PAGE_BYTES: usize = 131_072;

/// An item with its key, the number of its newest event, and when it was changed.
type Item = (Value, u64, Millis, Value);

/// `GET /v3/Documents|Lists|Maps/{name or SID}`
pub(super) async fn describe(ask: Ask<'_>, kind: Kind, name: &str) -> Result<Answer, Answer> {
    let object = find::object(ask, kind, name).await?;
    let head = head(ask, &object).await?;
    let gone = || absent(kind, false);
    let (unique_name, updated, data) = match &object {
        Object::Channel(sid) => {
            let (channel, value) = channel::read(ask.store(), sid).await?.ok_or_else(gone)?;
            (Some(name::channel(sid)), channel.updated, Some(value))
        }
        Object::Messages(sid) => (Some(name::messages(sid)), ask.app.now(), None),
        Object::Roster(sid) => (Some(name::roster(sid)), ask.app.now(), None),
        Object::Info(sid) | Object::MyChannels(sid) => {
            let record = ask.store().user_record(sid).await?.ok_or_else(gone)?;
            let identity = record.user.identity;
            let unique_name = match &object {
                Object::Info(_) => format!("{identity}.info"),
                Object::MyChannels(_)
                | Object::Channel(_)
                | Object::Messages(_)
                | Object::Roster(_)
                | Object::Session(_) => format!("{identity}.channels"),
            };
            (Some(unique_name), record.updated, None)
        }
        Object::Session(_) => (None, ask.app.now(), None),
    };
    let mut body = objects::describe(ask.root, (&object, unique_name.as_deref()), head, updated);
    if let Some(data) = data {
        body["data"] = data;
    }
    if kind == Kind::Map && ask.call.param("Include") == Some("items") {
        let (items, _) = map_items(ask, &object, head).await?;
        body["items"] = shown(ask, &object, &items);
    }
    Ok(Answer { read: Some(Box::new((object, head))), ..Answer::ok(body) })
}

/// `GET /v3/Lists|Maps/{name or SID}/Items`
pub(super) async fn items(ask: Ask<'_>, kind: Kind, name: &str) -> Result<Answer, Answer> {
    let object = find::object(ask, kind, name).await?;
    let head = head(ask, &object).await?;
    let (items, meta) = match &object {
        Object::Messages(sid) => message_items(ask, sid).await?,
        Object::Channel(_)
        | Object::Roster(_)
        | Object::Info(_)
        | Object::MyChannels(_)
        | Object::Session(_) => map_items(ask, &object, head).await?,
    };
    let body = json!({ "items": shown(ask, &object, &items), "meta": meta });
    Ok(Answer { read: Some(Box::new((object, head))), ..Answer::ok(body) })
}

fn shown(ask: Ask<'_>, object: &Object, items: &[Item]) -> Value {
    let word = match object.kind() {
        Kind::List | Kind::Document => "index",
        Kind::Map => "key",
    };
    let show = |(key, event, updated, data): &Item| {
        objects::item(ask.root, object, (word, key), *event, (*updated, data))
    };
    items.iter().map(show).collect()
}

/// The number of the newest event in an object.
async fn head(ask: Ask<'_>, object: &Object) -> Result<u64, Answer> {
    let position = async |stream: Stream| {
        let heads = ask.store().heads(std::slice::from_ref(&stream)).await?;
        Ok::<_, Answer>(heads.get(&stream).map_or(0, |head| head.head))
    };
    Ok(match object {
        Object::Channel(sid) | Object::Messages(sid) | Object::Roster(sid) => {
            position(sid.clone().into()).await?
        }
        Object::MyChannels(sid) => my_channels::id(position(sid.clone().into()).await?),
        Object::Info(sid) => {
            let record = ask.store().user_record(sid).await?;
            record.as_ref().map_or(0, info::head)
        }
        Object::Session(_) => 1,
    })
}

async fn message_items(ask: Ask<'_>, sid: &ChannelSid) -> Result<(Vec<Item>, Value), Answer> {
    let item = |record: &MessageRecord| {
        let MessageRecord { message, edited_by } = record;
        let data = messages::value(message, edited_by.as_ref());
        (json!(message.index), message.seq, message.edited.unwrap_or(message.ts), data)
    };
    if let Some(index) = ask.call.param("Index") {
        let index: u64 = index.parse().map_err(|_| Answer::bad("Index is no number"))?;
        let after = index.checked_sub(1);
        let (found, _) = ask.store().message_list(sid, Order::Asc, after, 1).await?;
        let found = found.iter().filter(|record| record.message.index == index);
        let meta = json!({ "previous_token": null, "next_token": null, "key": "items" });
        return Ok((found.map(item).collect(), meta));
    }
    let page = Page::of(ask)?;
    let (mut found, mut more) =
        ask.store().message_list(sid, page.reading(), page.after, page.size).await?;
    let mut bytes = 0;
    let fits = found.iter().position(|record| {
        bytes += record.message.body.len();
        bytes > PAGE_BYTES
    });
    if let Some(fits) = fits {
        more = more || fits.max(1) < found.len();
        found.truncate(fits.max(1));
    }
    if page.backwards {
        found.reverse();
    }
    let index = |record: &MessageRecord| record.message.index;
    let ends = found.first().map(index).zip(found.last().map(index));
    Ok((found.iter().map(item).collect(), page.meta(ends, more)))
}

/// A map's items, or the one with the `Key` that is asked for.
async fn map_items(ask: Ask<'_>, object: &Object, head: u64) -> Result<(Vec<Item>, Value), Answer> {
    let key = ask.call.param("Key");
    match object {
        Object::Roster(sid) => roster_items(ask, sid, head, key).await,
        Object::MyChannels(sid) => my_items(ask, sid, head, key).await,
        Object::Info(sid) => {
            let record = ask.store().user_record(sid).await?;
            let record = record.ok_or_else(|| absent(Kind::Map, false))?;
            let items = info::items(&record.user).into_iter();
            let items = items.filter(|(name, _)| key.is_none_or(|key| key == *name));
            let items = items.map(|(name, value)| (json!(name), head, record.updated, value));
            Ok((items.collect(), no_more()))
        }
        // A list's items are its commands; nobody reads them back.
        Object::Channel(_) | Object::Messages(_) | Object::Session(_) => {
            Ok((Vec::new(), no_more()))
        }
    }
}

async fn roster_items(
    ask: Ask<'_>,
    sid: &ChannelSid,
    head: u64,
    key: Option<&str>,
) -> Result<(Vec<Item>, Value), Answer> {
    let gone = || absent(Kind::Map, false);
    let channel = ask.store().channel(sid).await?.ok_or_else(gone)?;
    let roles = Roles::of(ask.store(), &channel.service).await?.ok_or_else(gone)?;
    let page = Page::of(ask)?;
    let (found, more) = match key {
        Some(key) => {
            let member = match MemberSid::parse(key) {
                Ok(member) => ask.store().member(sid, &member).await?,
                Err(_) => None,
            };
            (member.into_iter().collect(), false)
        }
        None => {
            let after = page.after.unwrap_or(0);
            let mut found = ask.store().members(sid, &[], after, page.size + 1).await?;
            let more = found.len() > page.size;
            found.truncate(page.size);
            (found, more)
        }
    };
    let ends = found.first().zip(found.last()).map(|(first, last)| (first.n, last.n));
    let item = |member: &crate::storage::MemberRecord| {
        (json!(member.sid), head, member.updated, roster::value(member, &roles))
    };
    Ok((found.iter().map(item).collect(), onwards(page, ends, more)))
}

async fn my_items(
    ask: Ask<'_>,
    sid: &UserSid,
    head: u64,
    key: Option<&str>,
) -> Result<(Vec<Item>, Value), Answer> {
    let page = Page::of(ask)?;
    let mut all = my_channels::all(ask.store(), sid).await?;
    if let Some(key) = key {
        all.retain(|channel| channel.as_str() == key);
    }
    let from = usize::try_from(page.after.unwrap_or(0)).unwrap_or(usize::MAX);
    let mut items = Vec::new();
    for channel in all.iter().skip(from).take(page.size) {
        let identity = &ask.actor.party.identity;
        let membership = ask.store().membership(channel, identity).await?;
        let record = ask.store().channel(channel).await?;
        if let Some((record, membership)) = record.zip(membership) {
            let value = my_channels::value(&record, &membership);
            items.push((json!(channel), head, record.updated, value));
        }
    }
    let upto = from.saturating_add(page.size);
    let ends = Some((0, upto as u64));
    Ok((items, onwards(page, ends, all.len() > upto)))
}

/// The tokens of a map's page: maps are only read onwards.
fn onwards(page: Page, ends: Option<(u64, u64)>, more: bool) -> Value {
    let mut meta = page.meta(ends, more);
    meta["previous_token"] = Value::Null;
    meta
}

fn no_more() -> Value {
    json!({ "previous_token": null, "next_token": null, "key": "items" })
}
