//! Messages: saying, changing, taking back.

use std::sync::Arc;

use frontdesk_protocol::{
    ChannelSid, Cid, Event, EventKind, MessageSid, Millis, Stream,
    attributes::Attributes,
    state::{Message, Status},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use sqlx::Row;

use super::{ApplyError, Tx, event, who};
use crate::storage::{
    Author, Entry, Outcome, Rejection, Said, Speaker,
    sqlite::rows::{self, int, json, uint},
};

/// A message and its event, in one way to the database's thread and back. Neither is stored if the
/// author's `cid` is known already.
const SAY: &str = "\
    INSERT INTO messages (channel, seq, idx, sid, cid, author, body, attributes, ts, edited, \
        redacted, mac) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0, ?) \
        ON CONFLICT (channel, author, cid) WHERE cid IS NOT NULL DO NOTHING; \
    INSERT INTO events (stream, seq, payload) SELECT ?, ?, ? WHERE changes() > 0";

impl Tx<'_> {
    pub(super) async fn say(
        &mut self,
        channel: &ChannelSid,
        author: &Speaker,
        sid: MessageSid,
        cid: Option<Cid>,
        body: String,
        attributes: Attributes,
    ) -> Result<Outcome, ApplyError> {
        let room = match author {
            Speaker::Member(party) => self.room_of_member(channel, party).await?,
            Speaker::Anybody(_) => self.room(channel).await?,
        };
        let (id, active) = (room.id, room.status == Status::Active);
        let text = json(&attributes);
        let mac = mac(&room.key, &body, &text);
        let identity = author.identity().clone();
        if !active {
            let known = self.known(id, identity.as_str(), cid, &mac).await?;
            return known.map(Outcome::Said).ok_or(Rejection::Ended.into());
        }
        let stream = Stream::Channel(channel.clone());
        let end = self.ledger.next(self.connection, &stream).await?;
        let index = end.next_index;
        let kind = EventKind::Msg { sid: sid.clone(), index, cid, body: body.clone(), attributes };
        let event = Event { seq: end.head, ts: end.ts, author: Some(identity.clone()), kind };
        let done = sqlx::query(SAY)
            .bind(id)
            .bind(int(end.head))
            .bind(int(index))
            .bind(sid.as_str())
            .bind(cid.map(|cid| cid.0.to_be_bytes().to_vec()))
            .bind(identity.as_str())
            .bind(body)
            .bind(text)
            .bind(int(end.ts.0))
            .bind(&mac[..])
            .bind(id)
            .bind(int(end.head))
            .bind(json(&event))
            .execute(&mut *self.connection)
            .await?;
        if done.rows_affected() == 0 {
            let known = self.known(id, identity.as_str(), cid, &mac).await?;
            return known.map(Outcome::Said).ok_or_else(|| {
                ApplyError::Corrupt("a message was neither stored nor known".into())
            });
        }
        self.ledger.take(&stream, end, true);
        self.entries.push(Entry { stream, event: Arc::new(event) });
        Ok(Outcome::Said(Said { seq: end.head, index, ts: end.ts, dup: false }))
    }

    /// The message with this `cid`, if it is there and says the same.
    async fn known(
        &mut self,
        channel: i64,
        author: &str,
        cid: Option<Cid>,
        mac: &[u8; 32],
    ) -> Result<Option<Said>, ApplyError> {
        let Some(cid) = cid else { return Ok(None) };
        let sql = "SELECT seq, idx, ts, mac FROM messages \
                   WHERE channel = ? AND author = ? AND cid = ?";
        let row = sqlx::query(sql)
            .bind(channel)
            .bind(author)
            .bind(cid.0.to_be_bytes().to_vec())
            .fetch_optional(&mut *self.connection)
            .await?;
        let Some(row) = row else { return Ok(None) };
        // Of a message that was taken back nothing is left to compare with: it was said, that is
        // all its sender has to know.
        let stored: Option<&[u8]> = row.try_get("mac")?;
        if stored.is_some_and(|stored| stored != mac) {
            return Err(Rejection::Conflict.into());
        }
        Ok(Some(Said {
            seq: rows::number(&row, "seq")?,
            index: rows::number(&row, "idx")?,
            ts: Millis(uint(row.try_get("ts")?)),
            dup: true,
        }))
    }

    pub(super) async fn edit(
        &mut self,
        channel: &ChannelSid,
        author: &Author,
        target: u64,
        body: String,
        attributes: Attributes,
    ) -> Result<Outcome, ApplyError> {
        let room = self.room_for(channel, author).await?;
        let (id, active) = (room.id, room.status == Status::Active);
        let message = self.target(id, author, target).await?;
        if !active {
            return Err(Rejection::Ended.into());
        }
        if message.redacted {
            return Err(Rejection::NotFound.into());
        }
        if message.body == body && message.attributes == attributes {
            return Ok(Outcome::Quiet);
        }
        let stream = Stream::Channel(channel.clone());
        let kind = EventKind::Edit { target, body: body.clone(), attributes: attributes.clone() };
        let end = self.append(&stream, who(author), kind).await?;
        let sql = "UPDATE messages SET body = ?, attributes = ?, edited = ? \
                   WHERE channel = ? AND seq = ?";
        sqlx::query(sql)
            .bind(body)
            .bind(json(&attributes))
            .bind(int(end.ts.0))
            .bind(id)
            .bind(int(target))
            .execute(&mut *self.connection)
            .await?;
        Ok(event(end))
    }

    pub(super) async fn redact(
        &mut self,
        channel: &ChannelSid,
        author: &Author,
        target: u64,
    ) -> Result<Outcome, ApplyError> {
        let id = self.room_for(channel, author).await?.id;
        let message = self.target(id, author, target).await?;
        if message.redacted {
            return Ok(Outcome::Quiet);
        }
        let stream = Stream::Channel(channel.clone());
        let end = self.append(&stream, who(author), EventKind::Redact { target }).await?;
        let sql = "UPDATE messages SET body = '', attributes = '{}', mac = NULL, redacted = 1 \
                   WHERE channel = ? AND seq = ?";
        sqlx::query(sql).bind(id).bind(int(target)).execute(&mut *self.connection).await?;
        self.empty_events(id, target).await?;
        Ok(event(end))
    }

    /// Empties what the log itself says of a message: the event that said it, and its edits. Their
    /// positions stay.
    async fn empty_events(&mut self, stream: i64, target: u64) -> Result<(), ApplyError> {
        let sql = "SELECT payload FROM events WHERE stream = ? AND seq >= ? \
                   AND (seq = ? OR payload ->> '$.kind' = 'edit' AND payload ->> '$.target' = ?)";
        let payloads = sqlx::query(sql)
            .bind(stream)
            .bind(int(target))
            .bind(int(target))
            .bind(int(target))
            .fetch_all(&mut *self.connection)
            .await?;
        for row in payloads {
            let mut event: Event = rows::from_json(&row, "payload")?;
            match &mut event.kind {
                EventKind::Msg { body, attributes, .. }
                | EventKind::Edit { body, attributes, .. } => {
                    body.clear();
                    attributes.clear();
                }
                EventKind::Redact { .. }
                | EventKind::Join { .. }
                | EventKind::Leave { .. }
                | EventKind::Member { .. }
                | EventKind::Status { .. }
                | EventKind::Attributes { .. }
                | EventKind::Read { .. }
                | EventKind::Seen { .. }
                | EventKind::Task { .. }
                | EventKind::Membership { .. }
                | EventKind::Unknown {} => {}
            }
            sqlx::query("UPDATE events SET payload = ? WHERE stream = ? AND seq = ?")
                .bind(json(&event))
                .bind(stream)
                .bind(int(event.seq))
                .execute(&mut *self.connection)
                .await?;
        }
        Ok(())
    }

    /// The message at a position, if `author` may change it.
    async fn target(
        &mut self,
        channel: i64,
        author: &Author,
        target: u64,
    ) -> Result<Message, ApplyError> {
        let row = sqlx::query("SELECT * FROM messages WHERE channel = ? AND seq = ?")
            .bind(channel)
            .bind(int(target))
            .fetch_optional(&mut *self.connection)
            .await?;
        let message = rows::message(&row.ok_or(Rejection::NotFound)?)?;
        match author {
            Author::Member(party) if party.identity != message.author => {
                Err(Rejection::NotAuthor.into())
            }
            Author::Member(_) | Author::System => Ok(message),
        }
    }
}

/// What two messages with the same `cid` are compared by. The body itself may change or be erased.
fn mac(key: &[u8; 32], body: &str, attributes: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length is taken");
    mac.update(&(body.len() as u64).to_be_bytes());
    mac.update(body.as_bytes());
    mac.update(attributes.as_bytes());
    mac.finalize().into_bytes().into()
}
