//! Messages: saying, changing, taking back.

use frontdesk_protocol::{
    ChannelSid, Cid, Event, EventKind, Identity, MediaSid, MessageSid, Stream,
    attributes::Attributes,
    state::{Message, Status},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{ApplyError, Tx, event, who};
use crate::storage::{
    Author, Outcome, Rejection, Said, Speaker,
    sqlite::{
        pending::NewMessage,
        rows::{self, int, json},
    },
};

/// What is said.
pub(super) struct Spoken {
    pub(super) sid: MessageSid,
    pub(super) cid: Option<Cid>,
    pub(super) body: String,
    pub(super) media: Option<MediaSid>,
    pub(super) attributes: Attributes,
    pub(super) submitted: Option<(String, Attributes)>,
}

impl Tx<'_> {
    pub(super) async fn say(
        &mut self,
        channel: &ChannelSid,
        author: &Speaker,
        message: Spoken,
    ) -> Result<Outcome, ApplyError> {
        let Spoken { sid, cid, body, media, attributes, submitted } = message;
        let room = match author {
            Speaker::Member(party) => self.room_of_member(channel, party).await?,
            Speaker::Anybody(_) => self.room(channel).await?,
        };
        let (id, active) = (room.id, room.status == Status::Active);
        let text = json(&attributes);
        let account = room.account.clone();
        let mac = match &submitted {
            Some((body, attributes)) => mac(&room.key, body, media.as_ref(), &json(attributes)),
            None => mac(&room.key, &body, media.as_ref(), &text),
        };
        let identity = author.identity().clone();
        let key = cid.map(|cid| (id, identity.clone(), cid));
        if let Some(key) = key.clone()
            && let Some(known) = self.ledger.cids.get(self.connection, key).await?
        {
            return Ok(Outcome::Said(known.answer(&mac)?));
        }
        if !active {
            return Err(Rejection::Ended.into());
        }
        let media = match media {
            Some(sid) => Some(self.sayable(&sid, &account, &identity).await?),
            None => None,
        };
        let stream = Stream::Channel(channel.clone());
        let end = self.ledger.next(self.connection, &stream).await?;
        let (seq, index, ts) = (end.head, end.next_index, end.ts);
        self.ledger.take(&stream, end, true);
        let said = Said { seq, index, ts, dup: false };
        if let Some(key) = key {
            self.ledger.cids.said(key, said, mac);
        }
        if let Some(media) = &media {
            self.said(&media.sid, id, seq).await?;
        }
        self.ledger.pending.messages.push(NewMessage {
            channel: id,
            seq,
            index,
            sid: sid.clone(),
            cid,
            author: identity.clone(),
            body: body.clone(),
            attributes: text,
            ts,
            mac,
            media: media.as_ref().map(json),
        });
        let kind = EventKind::Msg { sid, index, cid, body, media, attributes };
        self.insert(&stream, end, Some(identity), kind);
        Ok(Outcome::Said(said))
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
        let by = who(author);
        let end = self.append(&stream, by.clone(), kind).await?;
        let sql = "UPDATE messages SET body = ?, attributes = ?, edited = ?, edited_by = ? \
                   WHERE channel = ? AND seq = ?";
        sqlx::query(sql)
            .bind(body)
            .bind(json(&attributes))
            .bind(int(end.ts.0))
            .bind(by.as_ref().map(Identity::as_str))
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
        let sql = "UPDATE messages SET body = '', attributes = '{}', media = NULL, mac = NULL, \
                   redacted = 1 WHERE channel = ? AND seq = ?";
        sqlx::query(sql).bind(id).bind(int(target)).execute(&mut *self.connection).await?;
        if message.media.is_some() {
            self.erase_media(id, Some(target)).await?;
        }
        self.empty_events(id, target).await?;
        self.empty_deliveries(&message.sid).await?;
        // The message has no content any more that a repetition could differ from.
        self.ledger.cids.forget();
        Ok(event(end))
    }

    /// Empties what the log itself says of a message: the event that said it, and its edits. Their
    /// positions stay.
    async fn empty_events(&mut self, stream: i64, target: u64) -> Result<(), ApplyError> {
        self.ledger.flush(self.connection).await?;
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
                EventKind::Msg { body, media, attributes, .. } => {
                    body.clear();
                    *media = None;
                    attributes.clear();
                }
                EventKind::Edit { body, attributes, .. } => {
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
        self.ledger.flush(self.connection).await?;
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
            Author::Member(_) | Author::Anybody(_) | Author::System => Ok(message),
        }
    }
}

/// What two messages with the same `cid` are compared by. The body itself may change or be erased.
fn mac(key: &[u8; 32], body: &str, media: Option<&MediaSid>, attributes: &str) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length is taken");
    mac.update(&(body.len() as u64).to_be_bytes());
    mac.update(body.as_bytes());
    mac.update(attributes.as_bytes());
    if let Some(media) = media {
        // Attributes end with a brace: nothing else reads like the two together.
        mac.update(media.as_str().as_bytes());
    }
    mac.finalize().into_bytes().into()
}
