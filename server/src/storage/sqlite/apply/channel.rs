//! Channels themselves: opening, status, attributes.

use frontdesk_protocol::{
    ChannelSid, EventKind, Stream, id::ServiceSid, limits::CHANNEL_ATTRIBUTES_BYTES, state::Status,
};

use super::{ApplyError, Tx, event, who};
use crate::storage::{
    AttributesChange, Author, Outcome, Rejection,
    sqlite::{
        ledger::{Room, name_is_taken},
        rows::{int, json, word},
    },
};

impl Tx<'_> {
    pub(super) async fn open_channel(
        &mut self,
        sid: ChannelSid,
        service: &ServiceSid,
        unique_name: &str,
        mut room: Room,
    ) -> Result<Outcome, ApplyError> {
        let exists = self.ledger.room(self.connection, &sid).await?.is_some();
        if exists || name_is_taken(self.connection, service, unique_name).await? {
            return Err(Rejection::Exists.into());
        }
        let stream = Stream::Channel(sid.clone());
        let end = self.ledger.advance(self.connection, &stream).await?;
        room.id = end.id;
        let sql = "INSERT INTO channels \
                   (stream, account, service, unique_name, name, status, created, attributes, key) \
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        sqlx::query(sql)
            .bind(end.id)
            .bind(room.account.as_str())
            .bind(service.as_str())
            .bind(unique_name)
            .bind(&room.name)
            .bind(word(&room.status))
            .bind(int(end.ts.0))
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
        sqlx::query("UPDATE channels SET status = ? WHERE stream = ?")
            .bind(word(&status))
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
        sqlx::query("UPDATE channels SET name = ?, attributes = ? WHERE stream = ?")
            .bind(&name)
            .bind(text)
            .bind(id)
            .execute(&mut *self.connection)
            .await?;
        let stream = Stream::Channel(channel.clone());
        let kind = EventKind::Attributes { name, attributes };
        let end = self.append(&stream, who(author), kind).await?;
        Ok(event(end))
    }
}
