//! From changes to deliveries: which hooks hear of a commit.
//!
//! What a hook is told of something that was there before is read before the commit. Should
//! somebody else change it at the same instant, the hook hears of that too.

mod channels;
mod members;
mod messages;
mod users;
mod who;

use std::collections::HashSet;

use frontdesk_protocol::{ChannelSid, Identity, MessageSid};

use self::who::Hearers;
use super::{
    Event, Listeners,
    payload::{Place, Told},
};
use crate::{
    log::Source,
    random::Random,
    storage::{Change, NewDelivery, StoreError},
};

/// What the deliveries of a commit are made from.
struct Teller<'a> {
    listeners: &'a Listeners,
    source: &'a Source,
    random: &'a dyn Random,
    changes: &'a [Change],
    /// The channels and members that were told of: once a commit.
    told: HashSet<(ChannelSid, Option<Identity>)>,
    deliveries: Vec<Change>,
}

/// Something that is told.
struct News<'a> {
    /// Which change of the commit it is about.
    about: usize,
    /// Whether that change comes to no event of its own.
    quiet: bool,
    event: Event,
    /// The SID of the channel or user.
    lane: &'a str,
    /// The message whose text is told.
    message: Option<&'a MessageSid>,
}

impl Listeners {
    /// The deliveries to all that hear of these changes, to be committed after them.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be found out who hears of them.
    pub async fn tell(
        &self,
        source: &Source,
        changes: &[Change],
        random: &dyn Random,
    ) -> Result<Vec<Change>, StoreError> {
        let brings_one =
            || changes.iter().any(|change| matches!(change, Change::PutWebhook { .. }));
        if !source.tells() || !(brings_one() || self.is_any().await?) {
            return Ok(Vec::new());
        }
        let (told, deliveries) = (HashSet::new(), Vec::new());
        let mut teller = Teller { listeners: self, source, random, changes, told, deliveries };
        for (about, change) in changes.iter().enumerate() {
            teller.change(about, change).await?;
        }
        Ok(teller.deliveries)
    }

    /// These changes are done: the hooks of the channels of `rewired` are read again.
    pub fn committed(&self, rewired: &[ChannelSid]) {
        for channel in rewired {
            self.channel_changed(channel);
        }
    }
}

/// The channels whose webhooks these changes touch.
pub(crate) fn rewired(changes: &[Change]) -> Vec<ChannelSid> {
    let touched = |change: &Change| {
        if let Change::PutWebhook { channel, .. }
        | Change::RemoveWebhook { channel, .. }
        | Change::RemoveChannel { channel } = change
        {
            Some(channel.clone())
        } else {
            None
        }
    };
    changes.iter().filter_map(touched).collect()
}

impl Teller<'_> {
    async fn change(&mut self, about: usize, change: &Change) -> Result<(), StoreError> {
        match change {
            Change::Say { .. } => self.said(about, change).await,
            Change::Edit { channel, author, target, body, attributes } => {
                self.edited(about, channel, author, *target, body, attributes).await
            }
            Change::Redact { channel, author, target } => {
                self.redacted(about, channel, author, *target).await
            }
            Change::OpenChannel { .. } => self.opened(about, change).await,
            Change::KeepChannel { channel, .. } => self.updated(about, channel, true).await,
            Change::SetAttributes { channel, .. } => self.updated(about, channel, false).await,
            Change::RemoveChannel { channel } => self.removed(about, channel).await,
            Change::Join { channel, member } => self.joined(about, channel, member, None).await,
            Change::Add { channel, member, role_sid, .. } => {
                self.joined(about, channel, member, role_sid.as_ref()).await
            }
            Change::Leave { channel, identity } => self.left(about, channel, identity).await,
            Change::KeepMember { channel, identity, role_sid: Some(_), .. } => {
                self.changed(about, channel, identity, true).await
            }
            Change::SetMember { channel, identity, .. } => {
                self.changed(about, channel, identity, false).await
            }
            Change::EnsureUser { sid, account, identity, name } => {
                self.ensured(about, sid, account, identity, name).await
            }
            Change::AddUser { user, role_sid } => {
                self.user_added(about, user, role_sid.as_ref()).await
            }
            Change::KeepUser { .. } => self.user_updated(about, change).await,
            Change::RemoveUser { sid } => self.user_removed(about, sid).await,
            // Marks, invitations, tasks and our own books are not told of. Nor is a status: the
            // attribute of that name is.
            Change::KeepMember { role_sid: None, .. }
            | Change::Invite { .. }
            | Change::Uninvite { .. }
            | Change::SetStatus { .. }
            | Change::Move { .. }
            | Change::OpenTask { .. }
            | Change::AcceptTask { .. }
            | Change::CloseTask { .. }
            | Change::Remember(_)
            | Change::KeepFamily(_)
            | Change::KeepEngagement(_)
            | Change::Enqueue { .. }
            | Change::PutWebhook { .. }
            | Change::RemoveWebhook { .. } => Ok(()),
        }
    }

    /// Puts a delivery to each hearer behind the changes.
    fn enqueue(&mut self, news: News<'_>, told: Told, hearers: Hearers) {
        let News { about, quiet, event, lane, message } = news;
        let Told { fields, text, stamps } = told;
        for (url, method) in hearers.places {
            let delivery = NewDelivery {
                id: self.random.bits(),
                account: hearers.service.account.clone(),
                target: format!("{} {url}", hearers.service.account),
                url,
                method,
                lane: lane.to_owned(),
                event: event.name().to_owned(),
                fields: fields.clone(),
                text: text.clone(),
                stamps: stamps.clone(),
                message: message.cloned(),
            };
            let delivery = Box::new(delivery);
            self.deliveries.push(Change::Enqueue { about, quiet, delivery });
        }
    }

    fn place<'a>(&'a self, hearers: &'a Hearers) -> Place<'a> {
        let service = &hearers.service;
        Place { account: &service.account, service: &service.service, source: self.source }
    }
}
