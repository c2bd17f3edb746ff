//! Messages that were said: changing them, taking them back, reading up to them.

use frontdesk_protocol::{
    Body, ChannelSid,
    attributes::{self, Attributes},
    frame::FetchFrom,
    limits::MESSAGE_ATTRIBUTES_BYTES,
    state::Message,
};

use super::{Actor, Permission, Place, RoomError, Rooms};
use crate::{
    log::Say,
    storage::{Author, Change, Mark, Said},
};

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
        let (own, any) = if body.is_some() {
            (Permission::EditOwnMessage, Permission::EditAnyMessage)
        } else {
            (Permission::EditOwnMessageAttributes, Permission::EditAnyMessageAttributes)
        };
        let (message, author) = self.message(actor, channel, index, own, any).await?;
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
        let (own, any) = (Permission::DeleteOwnMessage, Permission::DeleteAnyMessage);
        let (message, author) = self.message(actor, channel, index, own, any).await?;
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
        channel: &ChannelSid,
        index: u64,
        own: Permission,
        any: Permission,
    ) -> Result<(Message, Author), RoomError> {
        let place = Place::find(self.store(), actor, channel).await?;
        self.pace(channel.as_str())?;
        let seq = self.store().position(channel, index).await?;
        let after = seq.checked_sub(1).ok_or(RoomError::NoMessage)?;
        let page = self.store().messages(channel, FetchFrom::After(after), 1).await?;
        let message = page.items.into_iter().next();
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
