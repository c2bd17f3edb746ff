//! Somebody comes into a channel, is changed, or leaves.

use frontdesk_protocol::{ChannelSid, Identity, id::RoleSid};

use super::{News, Teller};
use crate::{
    listeners::{
        Event,
        payload::{self, MemberFacts},
    },
    storage::{Change, MemberRecord, NewMember, StoreError},
};

impl Teller<'_> {
    pub(super) async fn joined(
        &mut self,
        about: usize,
        channel: &ChannelSid,
        member: &NewMember,
        own: Option<&RoleSid>,
    ) -> Result<(), StoreError> {
        let event = Event::MemberAdded;
        let Some(hearers) = self.hearers(channel, event, None).await? else { return Ok(()) };
        let identity = &member.identity;
        // Who comes back keeps their SID.
        let before = self.listeners.store.member_ever(channel, identity).await?;
        let facts = MemberFacts {
            channel,
            sid: before.as_ref().map_or(&member.sid, |before| &before.sid),
            identity,
            role: own.unwrap_or(&hearers.service.member_role),
            attributes: &member.attributes,
        };
        let told = payload::member_added(self.place(&hearers), facts);
        let news = News { about, quiet: false, event, lane: channel.as_str(), message: None };
        self.enqueue(news, told, hearers);
        Ok(())
    }

    pub(super) async fn left(
        &mut self,
        about: usize,
        channel: &ChannelSid,
        identity: &Identity,
    ) -> Result<(), StoreError> {
        let event = Event::MemberRemoved;
        let Some(hearers) = self.hearers(channel, event, None).await? else { return Ok(()) };
        let found = self.listeners.store.member_named(channel, identity).await?;
        let Some(record) = found else { return Ok(()) };
        let facts = facts(&record, &hearers.service.member_role);
        let told = payload::member_removed(self.place(&hearers), facts, record.created);
        let news = News { about, quiet: false, event, lane: channel.as_str(), message: None };
        self.enqueue(news, told, hearers);
        Ok(())
    }

    /// A member as they are from now on, once a commit.
    pub(super) async fn changed(
        &mut self,
        about: usize,
        channel: &ChannelSid,
        identity: &Identity,
        quiet: bool,
    ) -> Result<(), StoreError> {
        let (event, key) = (Event::MemberUpdated, (channel.clone(), Some(identity.clone())));
        if self.told.contains(&key) {
            return Ok(());
        }
        let Some(hearers) = self.hearers(channel, event, None).await? else { return Ok(()) };
        let found = self.listeners.store.member_named(channel, identity).await?;
        let Some(mut record) = found else { return Ok(()) };
        self.told.insert(key);
        for change in self.changes {
            overlay(&mut record, change);
        }
        let facts = facts(&record, &hearers.service.member_role);
        let told = payload::member_updated(self.place(&hearers), facts, record.created);
        let news = News { about, quiet, event, lane: channel.as_str(), message: None };
        self.enqueue(news, told, hearers);
        Ok(())
    }
}

fn facts<'a>(record: &'a MemberRecord, default: &'a RoleSid) -> MemberFacts<'a> {
    MemberFacts {
        channel: &record.channel,
        sid: &record.sid,
        identity: &record.identity,
        role: record.role_sid.as_ref().unwrap_or(default),
        attributes: &record.attributes,
    }
}

/// What a change makes of a member.
fn overlay(record: &mut MemberRecord, change: &Change) {
    let is_theirs = |channel: &ChannelSid, identity: &Identity| {
        *channel == record.channel && *identity == record.identity
    };
    if let Change::KeepMember { channel, identity, role_sid: Some(role), .. } = change
        && is_theirs(channel, identity)
    {
        record.role_sid = Some(role.clone());
    } else if let Change::SetMember { channel, identity, attributes, .. } = change
        && is_theirs(channel, identity)
    {
        record.attributes.clone_from(attributes);
    }
}
