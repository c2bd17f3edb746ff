//! What programs see of a channel, and erasing it with everything said in it.

use frontdesk_protocol::{ChannelSid, EventKind, Identity, Stream, state::Status};

use super::{ApplyError, Tx, event};
use crate::storage::{Author, Outcome, Rejection, sqlite::rows::int};

/// What is deleted of a channel, in this order, after its files.
const ERASED: [&str; 6] = [
    "DELETE FROM webhooks WHERE channel = ?",
    "DELETE FROM invites WHERE channel = ?",
    "DELETE FROM messages WHERE channel = ?",
    "DELETE FROM members WHERE channel = ?",
    "DELETE FROM events WHERE stream = ?",
    "DELETE FROM channels WHERE stream = ?",
];

impl Tx<'_> {
    pub(super) async fn keep_channel(
        &mut self,
        channel: &ChannelSid,
        unique_name: Option<String>,
        created_by: Option<Identity>,
    ) -> Result<Outcome, ApplyError> {
        let id = self.room(channel).await?.id;
        if let Some(name) = unique_name.as_ref().filter(|name| !name.is_empty()) {
            let sql = "SELECT 1 FROM channels WHERE unique_name = ?1 AND stream <> ?2 \
                       AND service = (SELECT service FROM channels WHERE stream = ?2)";
            let query = sqlx::query(sql).bind(name).bind(id);
            if query.fetch_optional(&mut *self.connection).await?.is_some() {
                return Err(Rejection::Exists.into());
            }
        }
        let sql = "UPDATE channels SET unique_name = NULLIF(COALESCE(?1, unique_name, ''), ''), \
                   created_by = COALESCE(?2, created_by), updated = ?3 WHERE stream = ?4";
        sqlx::query(sql)
            .bind(unique_name)
            .bind(created_by.as_ref().map(Identity::as_str))
            .bind(int(self.ledger.now.0))
            .bind(id)
            .execute(&mut *self.connection)
            .await?;
        Ok(Outcome::Quiet)
    }

    /// The end of its stream stays, so that no position of it comes twice.
    pub(super) async fn remove_channel(
        &mut self,
        channel: &ChannelSid,
    ) -> Result<Outcome, ApplyError> {
        let room = self.room(channel).await?;
        let id = room.id;
        let there = room.members.iter().filter(|member| !member.left);
        let there: Vec<Identity> = there.map(|member| member.identity.clone()).collect();
        self.set_status(channel, &Author::System, Status::Inactive).await?;
        for identity in &there {
            self.leave(channel, identity).await?;
        }
        // Whoever follows it and is not in it learns that it is empty.
        let stream = Stream::Channel(channel.clone());
        let (name, attributes) = (String::new(), serde_json::Map::new());
        let end = self.append(&stream, None, EventKind::Attributes { name, attributes }).await?;
        self.ledger.flush(self.connection).await?;
        self.erase_media(id, None).await?;
        for sql in ERASED {
            sqlx::query(sql).bind(id).execute(&mut *self.connection).await?;
        }
        self.drop_deliveries(channel.as_str()).await?;
        self.ledger.closed(channel);
        Ok(event(end))
    }
}
