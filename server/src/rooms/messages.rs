//! Messages that were said: changing them, taking them back, reading up to them.

use frontdesk_protocol::{
    Body, ChannelSid,
    attributes::{self, Attributes},
    limits::MESSAGE_ATTRIBUTES_BYTES,
    state::{Message, Status},
};

use super::{Actor, Permission, Place, RoomError, Rooms, asking};
use crate::{
    listeners::{
        Wish,
        payload::{self, MessageFacts},
    },
    log::Say,
    storage::{Author, Change, Mark, Said},
};

/// What a role must allow to do something to a message of one's own, and to anybody's.
#[derive(Clone, Copy)]
struct Rights {
    own: Permission,
    any: Permission,
}

impl Rooms {
    /// Says something. Durable when it returns.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn say(&self, actor: &Actor, say: Say) -> Result<Said, RoomError> {
        let place = Place::find(self.store(), actor, &say.channel).await?;
        // Whoever may look at a public channel is not in it yet.
        place.membership.as_ref().ok_or(RoomError::NotMember)?;
        place.require(Permission::SendMessage)?;
        Ok(self.log.say(&actor.party, say).await?)
    }

    /// Changes the text or the attributes of a message, which is named by its number.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn edit(
        &self,
        actor: &Actor,
        channel: &ChannelSid,
        index: u64,
        body: Option<&str>,
        attributes: Option<Attributes>,
    ) -> Result<(), RoomError> {
        let body = body.map(Body::parse).transpose()?;
        if attributes.as_ref().is_some_and(|new| !attributes::fits(new, MESSAGE_ATTRIBUTES_BYTES)) {
            return Err(RoomError::AttributesTooLong);
        }
        let rights = if body.is_some() {
            Rights { own: Permission::EditOwnMessage, any: Permission::EditAnyMessage }
        } else {
            Rights {
                own: Permission::EditOwnMessageAttributes,
                any: Permission::EditAnyMessageAttributes,
            }
        };
        let place = Place::find(self.store(), actor, channel).await?;
        self.pace(channel.as_str())?;
        let (mut message, mut author) = self.message(actor, &place, index, rights).await?;
        let (mut body, mut attributes) = (body, attributes);
        // In a chat that has ended nothing is changed, whatever a program says.
        if place.channel.status == Status::Active
            && let Some(asker) = self.asker(actor, channel, Wish::MessageUpdate).await?
        {
            let facts = MessageFacts {
                channel,
                sid: &message.sid,
                from: &message.author,
                body: body.as_ref().map_or(&message.body, Body::as_str),
                attributes: attributes.as_ref().unwrap_or(&message.attributes),
            };
            let tell = |at: payload::Place<'_>| payload::message_update(at, facts, index);
            let changes = self.ask(&asker, actor, tell).await?;
            body = asking::body(&changes).or(body);
            attributes = asking::attributes(&changes, MESSAGE_ATTRIBUTES_BYTES).or(attributes);
            let place = Place::find(self.store(), actor, channel).await?;
            (message, author) = self.message(actor, &place, index, rights).await?;
        }
        let change = Change::Edit {
            channel: channel.clone(),
            author,
            target: message.seq,
            body: body.map_or(message.body, Body::into_string),
            attributes: attributes.unwrap_or(message.attributes),
        };
        self.commit(actor, vec![change]).await
    }

    /// Takes a message back, which is named by its number.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn redact(
        &self,
        actor: &Actor,
        channel: &ChannelSid,
        index: u64,
    ) -> Result<(), RoomError> {
        let rights =
            Rights { own: Permission::DeleteOwnMessage, any: Permission::DeleteAnyMessage };
        let place = Place::find(self.store(), actor, channel).await?;
        self.pace(channel.as_str())?;
        let (mut message, mut author) = self.message(actor, &place, index, rights).await?;
        if let Some(asker) = self.asker(actor, channel, Wish::MessageRemove).await? {
            let facts = MessageFacts {
                channel,
                sid: &message.sid,
                from: &message.author,
                body: &message.body,
                attributes: &message.attributes,
            };
            let tell = |at: payload::Place<'_>| payload::message_remove(at, facts, index);
            self.ask(&asker, actor, tell).await?;
            let place = Place::find(self.store(), actor, channel).await?;
            (message, author) = self.message(actor, &place, index, rights).await?;
        }
        let change = Change::Redact { channel: channel.clone(), author, target: message.seq };
        self.commit(actor, vec![change]).await
    }

    /// Moves how far they have read forward, to a message that is named by its number: how many
    /// are unread then. A smaller number changes nothing.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn consume(
        &self,
        actor: &Actor,
        channel: &ChannelSid,
        index: Option<u64>,
    ) -> Result<u64, RoomError> {
        let place = Place::find(self.store(), actor, channel).await?;
        let unread = place.membership.ok_or(RoomError::NotMember)?.unread;
        let Some(index) = index else { return Ok(unread) };
        let upto = self.store().position(channel, index).await?;
        self.log.mark(&actor.party, channel, Mark::Read, upto).await?;
        let membership = self.store().membership(channel, &actor.party.identity).await?;
        Ok(membership.map_or(0, |membership| membership.unread))
    }

    /// A message, and as whom they may change it.
    async fn message(
        &self,
        actor: &Actor,
        place: &Place,
        index: u64,
        Rights { own, any }: Rights,
    ) -> Result<(Message, Author), RoomError> {
        let channel = &place.channel.sid;
        let seq = self.store().position(channel, index).await?;
        let message = self.store().message_at(channel, seq).await?;
        let message = message.filter(|message| message.index == index && !message.redacted);
        let message = message.ok_or(RoomError::NoMessage)?;
        let identity = &actor.party.identity;
        if message.author == *identity && place.allows(own) {
            Ok((message, Author::Member(actor.party.clone())))
        } else if place.allows(any) {
            Ok((message, Author::Anybody(identity.clone())))
        } else {
            Err(RoomError::Forbidden)
        }
    }
}
