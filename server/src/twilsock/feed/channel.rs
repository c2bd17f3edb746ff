//! What happened in a channel, to its document, its list of messages and its roster.

use std::collections::BTreeMap;

use frontdesk_protocol::{
    ChannelSid, Event, EventKind, Identity, Stream,
    limits::PAGE_BYTES,
    state::{Member, Message},
};
use serde_json::{Value, json};

use super::{Fed, PIECE, Reader, Wish};
use crate::{
    rooms::Roles,
    storage::StoreError,
    twilsock::objects::{Note, Object, channel, messages, note::Change, roster},
};

pub(super) async fn read(
    reader: Reader<'_>,
    sid: &ChannelSid,
    wishes: &[Wish],
) -> Result<Fed, StoreError> {
    let store = reader.app.store();
    let stream = Stream::Channel(sid.clone());
    let heads = store.heads(std::slice::from_ref(&stream)).await?;
    let head = heads.get(&stream).map_or(0, |head| head.head);
    let from = |wish: &Wish| wish.after.unwrap_or(head).min(head);
    let after = wishes.iter().map(from).min().unwrap_or(head);
    let events = store.events(&stream, after, PIECE, PAGE_BYTES).await?;
    let last = events.items.last().map_or(after, |event| event.seq);
    let upto = if events.more { last } else { last.max(head) };
    let mut fed = Fed { more: events.more, ..Fed::default() };
    let mut view = View { reader, sid, roster: None };
    for wish in wishes {
        let (object, after) = (&wish.object, from(wish));
        let new: Vec<&Event> = events.items.iter().filter(|event| event.seq > after).collect();
        let notes = match object {
            Object::Channel(_) => view.document(object, &new).await?,
            Object::Messages(_) => view.messages(object, &new).await?,
            Object::Roster(_) => view.members(object, &new).await?,
            Object::Info(_) | Object::MyChannels(_) | Object::Session(_) => Vec::new(),
        };
        fed.notes.extend(notes);
        fed.upto.push((object.clone(), upto.max(after)));
    }
    fed.own = own(reader, sid, &events.items);
    Ok(fed)
}

/// The channel, if the reader's own mark moved in it.
fn own(reader: Reader<'_>, sid: &ChannelSid, events: &[Event]) -> Vec<ChannelSid> {
    let me = &reader.actor.party.identity;
    let moved = events
        .iter()
        .any(|event| matches!(&event.kind, EventKind::Read { identity, .. } if identity == me));
    if moved { vec![sid.clone()] } else { Vec::new() }
}

struct View<'a> {
    reader: Reader<'a>,
    sid: &'a ChannelSid,
    /// The members' items as they are now, by who they are; read when first needed.
    roster: Option<BTreeMap<Identity, (Value, Value)>>,
}

impl View<'_> {
    /// The document is told once, as it is now.
    async fn document(&self, object: &Object, events: &[&Event]) -> Result<Vec<Note>, StoreError> {
        let changes = |event: &&&Event| match &event.kind {
            EventKind::Msg { .. }
            | EventKind::Redact { .. }
            | EventKind::Attributes { .. }
            | EventKind::Status { .. } => true,
            EventKind::Edit { .. }
            | EventKind::Join { .. }
            | EventKind::Leave { .. }
            | EventKind::Member { .. }
            | EventKind::Read { .. }
            | EventKind::Seen { .. }
            | EventKind::Task { .. }
            | EventKind::Membership { .. }
            | EventKind::Unknown {} => false,
        };
        let Some(newest) = events.iter().rev().find(changes) else { return Ok(Vec::new()) };
        let read = channel::read(self.reader.app.store(), self.sid).await?;
        Ok(read
            .map(|(_, value)| note(object, newest, Change::Document(value)))
            .into_iter()
            .collect())
    }

    async fn messages(&self, object: &Object, events: &[&Event]) -> Result<Vec<Note>, StoreError> {
        let mut notes = Vec::new();
        for event in events {
            let change = match &event.kind {
                EventKind::Msg { .. } => messages::said(event)
                    .map(|(index, data)| Change::Added { key: json!(index), data }),
                EventKind::Edit { target, .. } => {
                    let message = self.message(*target).await?;
                    message.filter(|message| !message.redacted).map(|message| Change::Updated {
                        key: json!(message.index),
                        data: messages::value(&message, event.author.as_ref()),
                    })
                }
                EventKind::Redact { target } => {
                    let message = self.message(*target).await?;
                    message.map(|message| Change::Removed { key: json!(message.index) })
                }
                EventKind::Join { .. }
                | EventKind::Leave { .. }
                | EventKind::Member { .. }
                | EventKind::Status { .. }
                | EventKind::Attributes { .. }
                | EventKind::Read { .. }
                | EventKind::Seen { .. }
                | EventKind::Task { .. }
                | EventKind::Membership { .. }
                | EventKind::Unknown {} => None,
            };
            notes.extend(change.map(|change| note(object, event, change)));
        }
        Ok(notes)
    }

    /// The message that was said at a position, as it is now.
    async fn message(&self, seq: u64) -> Result<Option<Message>, StoreError> {
        self.reader.app.store().message_at(self.sid, seq).await
    }

    async fn members(
        &mut self,
        object: &Object,
        events: &[&Event],
    ) -> Result<Vec<Note>, StoreError> {
        let mut notes = Vec::new();
        for event in events {
            let change = match &event.kind {
                EventKind::Join { member } => {
                    let item = match self.member(&member.identity).await? {
                        Some(item) => Some(item),
                        None => self.gone(member, event).await?,
                    };
                    item.map(|(key, data)| Change::Added { key, data })
                }
                EventKind::Member { identity, .. } | EventKind::Read { identity, .. } => {
                    let item = self.member(identity).await?;
                    item.map(|(key, data)| Change::Updated { key, data })
                }
                EventKind::Leave { identity } => {
                    let store = self.reader.app.store();
                    let member = store.member_ever(self.sid, identity).await?;
                    member.map(|member| Change::Removed { key: json!(member.sid) })
                }
                EventKind::Msg { .. }
                | EventKind::Edit { .. }
                | EventKind::Redact { .. }
                | EventKind::Status { .. }
                | EventKind::Attributes { .. }
                | EventKind::Seen { .. }
                | EventKind::Task { .. }
                | EventKind::Membership { .. }
                | EventKind::Unknown {} => None,
            };
            notes.extend(change.map(|change| note(object, event, change)));
        }
        Ok(notes)
    }

    /// A member's key and item, if they are in now.
    async fn member(&mut self, identity: &Identity) -> Result<Option<(Value, Value)>, StoreError> {
        if self.roster.is_none() {
            self.roster = Some(self.everybody().await?);
        }
        Ok(self.roster.as_ref().and_then(|roster| roster.get(identity).cloned()))
    }

    /// The key and item of somebody who came in and is not in any more.
    async fn gone(
        &self,
        member: &Member,
        event: &Event,
    ) -> Result<Option<(Value, Value)>, StoreError> {
        let store = self.reader.app.store();
        let ever = store.member_ever(self.sid, &member.identity).await?;
        Ok(ever.map(|ever| (json!(ever.sid), roster::joined(member, event.ts))))
    }

    async fn everybody(&self) -> Result<BTreeMap<Identity, (Value, Value)>, StoreError> {
        let store = self.reader.app.store();
        let Some(channel) = store.channel(self.sid).await? else { return Ok(BTreeMap::new()) };
        let Some(roles) = Roles::of(store, &channel.service).await? else {
            return Ok(BTreeMap::new());
        };
        let members = store.members(self.sid, &[], 0, usize::MAX).await?;
        let item = |member: &crate::storage::MemberRecord| {
            (member.identity.clone(), (json!(member.sid), roster::value(member, &roles)))
        };
        Ok(members.iter().map(item).collect())
    }
}

fn note(object: &Object, event: &Event, change: Change) -> Note {
    Note { object: object.clone(), id: event.seq, ts: event.ts, change }
}
