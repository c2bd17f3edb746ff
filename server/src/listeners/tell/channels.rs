//! A channel is opened, changed or removed.

use frontdesk_protocol::ChannelSid;

use super::{News, Teller};
use crate::{
    listeners::{
        Event,
        payload::{self, ChannelFacts},
    },
    storage::{AttributesChange, Change, ChannelRecord, StoreError},
};

impl Teller<'_> {
    pub(super) async fn opened(&mut self, about: usize, change: &Change) -> Result<(), StoreError> {
        let Change::OpenChannel { sid, unique_name, name, kind, created_by, attributes, .. } =
            change
        else {
            return Ok(());
        };
        let event = Event::ChannelAdded;
        let Some(hearers) = self.hearers(sid, event, None).await? else { return Ok(()) };
        let (kind, unique_name) = (*kind, unique_name.as_deref());
        let facts = ChannelFacts { sid, kind, name, unique_name, created_by, attributes };
        let told = payload::channel_added(self.place(&hearers), facts);
        let news = News { about, quiet: false, event, lane: sid.as_str(), message: None };
        self.enqueue(news, told, hearers);
        Ok(())
    }

    /// A channel as it is from now on, once a commit.
    pub(super) async fn updated(
        &mut self,
        about: usize,
        channel: &ChannelSid,
        quiet: bool,
    ) -> Result<(), StoreError> {
        let (event, key) = (Event::ChannelUpdated, (channel.clone(), None));
        if self.told.contains(&key) {
            return Ok(());
        }
        let Some(hearers) = self.hearers(channel, event, None).await? else { return Ok(()) };
        let Some(mut record) = self.listeners.store.channel(channel).await? else { return Ok(()) };
        self.told.insert(key);
        for change in self.changes {
            overlay(&mut record, change);
        }
        let (place, created) = (self.place(&hearers), record.created);
        let told = payload::channel_updated(place, facts(&record), created);
        let news = News { about, quiet, event, lane: channel.as_str(), message: None };
        self.enqueue(news, told, hearers);
        Ok(())
    }

    pub(super) async fn removed(
        &mut self,
        about: usize,
        channel: &ChannelSid,
    ) -> Result<(), StoreError> {
        let event = Event::ChannelDestroyed;
        let Some(hearers) = self.hearers(channel, event, None).await? else { return Ok(()) };
        let Some(record) = self.listeners.store.channel(channel).await? else { return Ok(()) };
        let (place, created) = (self.place(&hearers), record.created);
        let told = payload::channel_destroyed(place, facts(&record), created);
        let news = News { about, quiet: false, event, lane: channel.as_str(), message: None };
        self.enqueue(news, told, hearers);
        Ok(())
    }
}

fn facts(record: &ChannelRecord) -> ChannelFacts<'_> {
    ChannelFacts {
        sid: &record.sid,
        kind: record.kind,
        name: &record.name,
        unique_name: record.unique_name.as_deref(),
        created_by: &record.created_by,
        attributes: &record.attributes,
    }
}

/// What a change makes of a channel.
fn overlay(record: &mut ChannelRecord, change: &Change) {
    if let Change::KeepChannel { channel, unique_name, created_by } = change
        && *channel == record.sid
    {
        if let Some(name) = unique_name {
            record.unique_name = Some(name.clone()).filter(|name| !name.is_empty());
        }
        if let Some(by) = created_by {
            record.created_by.clone_from(by);
        }
    }
    if let Change::SetAttributes { channel, name, attributes, .. } = change
        && *channel == record.sid
    {
        if let Some(name) = name {
            record.name.clone_from(name);
        }
        match attributes {
            AttributesChange::Replace(attributes) => record.attributes.clone_from(attributes),
            AttributesChange::Merge(attributes) => record.attributes.extend(attributes.clone()),
        }
    }
}
