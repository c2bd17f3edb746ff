//! Something is said, changed or taken back.

use frontdesk_protocol::{ChannelSid, Identity, attributes::Attributes, state::Message};

use super::{News, Teller};
use crate::{
    listeners::{
        Event,
        payload::{self, MessageFacts, Spoken},
    },
    storage::{Author, Change, StoreError},
};

impl Teller<'_> {
    pub(super) async fn said(&mut self, about: usize, change: &Change) -> Result<(), StoreError> {
        let Change::Say { channel, author, sid, body, attributes, media, .. } = change else {
            return Ok(());
        };
        let event = match media {
            Some(_) => Event::MediaMessageSent,
            None => Event::MessageSent,
        };
        let Some(hearers) = self.hearers(channel, event, Some(body)).await? else { return Ok(()) };
        let from = author.identity();
        let facts = MessageFacts { channel, sid, from, body, attributes };
        let told = match media {
            Some(media) => {
                let Some(record) = self.listeners.store.media(media).await? else { return Ok(()) };
                payload::media_message_sent(self.place(&hearers), facts, &record.brought.media)
            }
            None => payload::message_sent(self.place(&hearers), facts),
        };
        let news = News { about, quiet: false, event, lane: channel.as_str(), message: Some(sid) };
        self.enqueue(news, told, hearers);
        Ok(())
    }

    pub(super) async fn edited(
        &mut self,
        about: usize,
        channel: &ChannelSid,
        author: &Author,
        target: u64,
        body: &str,
        attributes: &Attributes,
    ) -> Result<(), StoreError> {
        let event = Event::MessageUpdated;
        let Some(hearers) = self.hearers(channel, event, None).await? else { return Ok(()) };
        let Some(message) = self.message(channel, target).await? else { return Ok(()) };
        let (sid, from) = (&message.sid, &message.author);
        let facts = MessageFacts { channel, sid, from, body, attributes };
        let told = payload::message_updated(self.place(&hearers), facts, spoken(&message, author));
        let news = News { about, quiet: false, event, lane: channel.as_str(), message: Some(sid) };
        self.enqueue(news, told, hearers);
        Ok(())
    }

    pub(super) async fn redacted(
        &mut self,
        about: usize,
        channel: &ChannelSid,
        author: &Author,
        target: u64,
    ) -> Result<(), StoreError> {
        let event = Event::MessageRemoved;
        let Some(hearers) = self.hearers(channel, event, None).await? else { return Ok(()) };
        let Some(message) = self.message(channel, target).await? else { return Ok(()) };
        let (sid, from, attributes) = (&message.sid, &message.author, &Attributes::new());
        let facts = MessageFacts { channel, sid, from, body: "", attributes };
        let told = payload::message_removed(self.place(&hearers), facts, spoken(&message, author));
        let news = News { about, quiet: false, event, lane: channel.as_str(), message: None };
        self.enqueue(news, told, hearers);
        Ok(())
    }

    async fn message(
        &self,
        channel: &ChannelSid,
        target: u64,
    ) -> Result<Option<Message>, StoreError> {
        let message = self.listeners.store.message_at(channel, target).await?;
        Ok(message.filter(|message| !message.redacted))
    }
}

fn spoken<'a>(message: &Message, author: &'a Author) -> Spoken<'a> {
    Spoken { index: message.index, created: message.ts, by: who(author) }
}

const fn who(author: &Author) -> Option<&Identity> {
    match author {
        Author::Member(party) => Some(&party.identity),
        Author::Anybody(identity) => Some(identity),
        Author::System => None,
    }
}
