//! Somebody comes into a channel, is changed, or leaves.

use frontdesk_protocol::{ChannelSid, Identity, UserSid, id::RoleSid};

use super::{News, Teller, who::Hearers};
use crate::{
    listeners::{
        Event,
        payload::{self, MemberFacts},
    },
    storage::{Change, MemberRecord, Membership, NewMember, StoreError, User},
};

/// Memberships that are read at a time.
const PAGE: usize = 500;

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
        self.gone(about, false, &record, hearers);
        Ok(())
    }

    /// A user is removed, and leaves all their channels by it.
    pub(super) async fn user_removed(
        &mut self,
        about: usize,
        sid: &UserSid,
    ) -> Result<(), StoreError> {
        let listeners = self.listeners;
        let Some(record) = listeners.store.user_record(sid).await? else { return Ok(()) };
        let User { account, identity, .. } = record.user;
        let channels_hear = listeners.store.has_webhooks().await?;
        for service in listeners.of_account(&account).await? {
            if !channels_hear && service.hears(Event::MemberRemoved).is_none() {
                continue;
            }
            let mut after = 0;
            loop {
                let store = &listeners.store;
                let page = store.memberships(&service.service, &identity, after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after = last.n;
                for Membership { member, .. } in page {
                    let hearers = self.hearers(&member.channel, Event::MemberRemoved, None).await?;
                    if let Some(hearers) = hearers {
                        self.gone(about, true, &member, hearers);
                    }
                }
            }
        }
        Ok(())
    }

    fn gone(&mut self, about: usize, quiet: bool, record: &MemberRecord, hearers: Hearers) {
        let facts = facts(record, &hearers.service.member_role);
        let told = payload::member_removed(self.place(&hearers), facts, record.created);
        let (event, lane) = (Event::MemberRemoved, record.channel.as_str());
        self.enqueue(News { about, quiet, event, lane, message: None }, told, hearers);
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
