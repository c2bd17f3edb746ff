//! Channels themselves: opening, status, attributes.

use frontdesk_protocol::{
    ChannelSid, EventKind, Identity, Stream, id::ServiceSid, limits::CHANNEL_ATTRIBUTES_BYTES,
    state::Status,
};

use super::{ApplyError, Tx, event, who};
use crate::storage::{
    AttributesChange, Author, ChannelType, Outcome, Rejection,
    sqlite::{
        ledger::{Room, name_is_taken},
        rows::{int, json, word},
    },
};

/// What a channel's room does not keep.
pub(super) struct NewChannel {
    pub(super) unique_name: Option<String>,
    pub(super) kind: ChannelType,
    pub(super) created_by: Identity,
}

impl Tx<'_> {
    pub(super) async fn open_channel(
        &mut self,
        sid: ChannelSid,
        service: &ServiceSid,
        new: NewChannel,
        mut room: Room,
    ) -> Result<Outcome, ApplyError> {
        let exists = self.ledger.room(self.connection, &sid).await?.is_some();
        let taken = match &new.unique_name {
            Some(name) => name_is_taken(self.connection, service, name).await?,
            None => false,
        };
        if exists || taken {
            return Err(Rejection::Exists.into());
        }
        let stream = Stream::Channel(sid.clone());
        let end = self.ledger.advance(self.connection, &stream).await?;
        room.id = end.id;
        let sql = "INSERT INTO channels \
                   (stream, account, service, unique_name, name, type, status, created, \
                    created_by, updated, attributes, key) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?8, ?10, ?11)";
        sqlx::query(sql)
            .bind(end.id)
            .bind(room.account.as_str())
            .bind(service.as_str())
            .bind(new.unique_name)
            .bind(&room.name)
            .bind(word(&new.kind))
            .bind(word(&room.status))
            .bind(int(end.ts.0))
            .bind(new.created_by.as_str())
            .bind(json(&room.attributes))
            .bind(&room.key[..])
            .execute(&mut *self.connection)
            .await?;
        let (name, attributes) = (room.name.clone(), room.attributes.clone());
        self.ledger.opened(sid, room);
        self.insert(&stream, end, None, EventKind::Attributes { name, attributes });
        Ok(event(end))
    }

    pub(super) async fn set_status(
        &mut self,
        channel: &ChannelSid,
        author: &Author,
        status: Status,
    ) -> Result<Outcome, ApplyError> {
        let room = self.room_for(channel, author).await?;
        if room.status == status {
            return Ok(Outcome::Quiet);
        }
        room.status = status;
        let id = room.id;
        let now = self.ledger.now;
        sqlx::query("UPDATE channels SET status = ?, updated = ? WHERE stream = ?")
            .bind(word(&status))
            .bind(int(now.0))
            .bind(id)
            .execute(&mut *self.connection)
            .await?;
        let stream = Stream::Channel(channel.clone());
        let end = self.append(&stream, who(author), EventKind::Status { status }).await?;
        Ok(event(end))
    }

    pub(super) async fn set_attributes(
        &mut self,
        channel: &ChannelSid,
        author: &Author,
        name: Option<String>,
        change: AttributesChange,
    ) -> Result<Outcome, ApplyError> {
        let room = self.room_for(channel, author).await?;
        let attributes = match change {
            AttributesChange::Replace(attributes) => attributes,
            AttributesChange::Merge(changed) => {
                let mut attributes = room.attributes.clone();
                attributes.extend(changed);
                attributes
            }
        };
        let name = name.unwrap_or_else(|| room.name.clone());
        if name == room.name && attributes == room.attributes {
            return Ok(Outcome::Quiet);
        }
        let text = json(&attributes);
        debug_assert!(text.len() <= 2 * CHANNEL_ATTRIBUTES_BYTES, "callers check the length");
        room.name.clone_from(&name);
        room.attributes.clone_from(&attributes);
        let id = room.id;
        let now = self.ledger.now;
        sqlx::query("UPDATE channels SET name = ?, attributes = ?, updated = ? WHERE stream = ?")
            .bind(&name)
            .bind(text)
            .bind(int(now.0))
            .bind(id)
            .execute(&mut *self.connection)
            .await?;
        let stream = Stream::Channel(channel.clone());
        let kind = EventKind::Attributes { name, attributes };
        let end = self.append(&stream, who(author), kind).await?;
        Ok(event(end))
    }
}
