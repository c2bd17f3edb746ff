//! What the writer knows without asking the database: the ends of the streams it wrote to lately,
//! and the channels' state.
//!
//! It may, because it is the only one who writes the log. It is thrown away whenever a transaction
//! or a savepoint is undone.

use std::collections::{HashMap, HashSet};

use frontdesk_protocol::{
    ChannelSid, Identity, Millis, Stream,
    attributes::Attributes,
    id::{AccountSid, ServiceSid},
    state::{Member, Status},
};
use sqlx::{Row, SqliteConnection};

use super::{apply::ApplyError, cids::Cids, pending::Pending, rows};

/// Most streams and channels that are known at a time.
const KNOWN: usize = 4_096;

/// The end of a stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    pub(super) id: i64,
    pub(super) head: u64,
    pub(super) ts: Millis,
    pub(super) next_index: u64,
}

/// A channel.
#[derive(Debug, Clone)]
pub(super) struct Room {
    pub(super) id: i64,
    pub(super) account: AccountSid,
    pub(super) name: String,
    pub(super) status: Status,
    pub(super) attributes: Attributes,
    pub(super) key: [u8; 32],
    pub(super) members: Vec<Member>,
}

impl Room {
    pub(super) fn member(&self, identity: &Identity) -> Option<&Member> {
        self.members.iter().find(|member| member.identity == *identity)
    }

    pub(super) fn member_mut(&mut self, identity: &Identity) -> Option<&mut Member> {
        self.members.iter_mut().find(|member| member.identity == *identity)
    }
}

#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// The time of the transaction.
    pub(super) now: Millis,
    /// What was appended and is not written yet. Whoever reads the log within the transaction
    /// flushes first.
    pub(super) pending: Pending,
    /// What is known of the ids that the transaction's messages have from their senders.
    pub(super) cids: Cids,
    /// Whether the transaction put a delivery into the queue. Too often does no harm.
    pub(super) enqueued: bool,
    ends: HashMap<Stream, End>,
    rooms: HashMap<ChannelSid, Room>,
    dirty: HashSet<Stream>,
}

impl Ledger {
    /// Forgets what was of the transaction before, and everything if it has become much. Between
    /// transactions only.
    pub(super) fn trim(&mut self) {
        debug_assert!(self.dirty.is_empty(), "every transaction ends with a flush");
        self.cids.forget();
        if self.ends.len() > KNOWN || self.rooms.len() > KNOWN {
            self.forget();
        }
    }

    /// Forgets everything: what was written since the last flush was undone.
    pub(super) fn forget(&mut self) {
        let now = self.now;
        *self = Self { now, ..Self::default() };
    }

    /// Writes what was appended, and the ends of the streams that grew.
    pub(super) async fn flush(
        &mut self,
        connection: &mut SqliteConnection,
    ) -> Result<(), sqlx::Error> {
        self.pending.write(connection).await?;
        if self.dirty.is_empty() {
            return Ok(());
        }
        let ends: Vec<_> = self
            .dirty
            .drain()
            .filter_map(|stream| self.ends.get(&stream))
            .map(|end| (end.id, end.head, end.ts, end.next_index))
            .collect();
        // One statement for all of them: each is a way to the database's thread and back.
        let sql = "UPDATE streams SET head = v.value ->> 1, ts = v.value ->> 2, \
                   next_index = v.value ->> 3 FROM json_each(?) AS v \
                   WHERE streams.id = v.value ->> 0";
        sqlx::query(sql).bind(rows::json(&ends)).execute(connection).await?;
        Ok(())
    }

    /// The end of a stream, which is made if it is not there.
    pub(super) async fn end(
        &mut self,
        connection: &mut SqliteConnection,
        stream: &Stream,
    ) -> Result<End, ApplyError> {
        if let Some(end) = self.ends.get(stream) {
            return Ok(*end);
        }
        let sql = "SELECT id, head, ts, next_index FROM streams WHERE sid = ?";
        let row = sqlx::query(sql).bind(stream.as_str()).fetch_optional(&mut *connection).await?;
        let end = match row {
            Some(row) => End {
                id: row.try_get("id")?,
                head: rows::number(&row, "head")?,
                ts: rows::millis(&row, "ts")?,
                next_index: rows::number(&row, "next_index")?,
            },
            None => {
                let sql = "INSERT INTO streams (sid, head, oldest, ts, next_index) \
                           VALUES (?, 0, 1, 0, 0)";
                let done = sqlx::query(sql).bind(stream.as_str()).execute(connection).await?;
                End { id: done.last_insert_rowid(), head: 0, ts: Millis(0), next_index: 0 }
            }
        };
        self.ends.insert(stream.clone(), end);
        Ok(end)
    }

    /// The next position of a stream, with its time: never before the one below, whatever the
    /// clock says. It is free until it is taken.
    pub(super) async fn next(
        &mut self,
        connection: &mut SqliteConnection,
        stream: &Stream,
    ) -> Result<End, ApplyError> {
        let end = self.end(connection, stream).await?;
        Ok(End { head: end.head + 1, ts: end.ts.max(self.now), ..end })
    }

    /// Takes the position that [`Self::next`] gave, for a message or for another event.
    pub(super) fn take(&mut self, stream: &Stream, end: End, message: bool) {
        let taken = End { next_index: end.next_index + u64::from(message), ..end };
        self.ends.insert(stream.clone(), taken);
        self.dirty.insert(stream.clone());
    }

    /// [`Self::next`] and [`Self::take`] for an event that is no message.
    pub(super) async fn advance(
        &mut self,
        connection: &mut SqliteConnection,
        stream: &Stream,
    ) -> Result<End, ApplyError> {
        let end = self.next(connection, stream).await?;
        self.take(stream, end, false);
        Ok(end)
    }

    /// A channel, if it is there.
    pub(super) async fn room(
        &mut self,
        connection: &mut SqliteConnection,
        channel: &ChannelSid,
    ) -> Result<Option<&mut Room>, ApplyError> {
        if !self.rooms.contains_key(channel) {
            let Some(room) = load(connection, channel).await? else { return Ok(None) };
            self.rooms.insert(channel.clone(), room);
        }
        Ok(self.rooms.get_mut(channel))
    }

    /// Forgets a channel that is not there any more.
    pub(super) fn closed(&mut self, channel: &ChannelSid) {
        self.rooms.remove(channel);
        self.cids.forget();
    }

    /// A channel that was made just now.
    pub(super) fn opened(&mut self, channel: ChannelSid, room: Room) {
        self.rooms.insert(channel, room);
    }
}

async fn load(
    connection: &mut SqliteConnection,
    channel: &ChannelSid,
) -> Result<Option<Room>, ApplyError> {
    let sql = "SELECT c.stream, c.account, c.name, c.status, c.attributes, c.key \
               FROM channels c JOIN streams s ON s.id = c.stream WHERE s.sid = ?";
    let row = sqlx::query(sql).bind(channel.as_str()).fetch_optional(&mut *connection).await?;
    let Some(row) = row else { return Ok(None) };
    let id: i64 = row.try_get("stream")?;
    let sql = "SELECT * FROM members WHERE channel = ? ORDER BY joined";
    let members = sqlx::query(sql).bind(id).fetch_all(connection).await?;
    let members: Result<_, _> = members.iter().map(rows::member).collect();
    Ok(Some(Room {
        id,
        account: rows::sid(&row, "account")?,
        name: rows::text(&row, "name")?,
        status: rows::from_word(&row, "status")?,
        attributes: rows::attributes(&row)?,
        key: rows::bytes(&row, "key")?,
        members: members?,
    }))
}

/// Whether a service has a channel of this name already.
pub(super) async fn name_is_taken(
    connection: &mut SqliteConnection,
    service: &ServiceSid,
    unique_name: &str,
) -> Result<bool, ApplyError> {
    let sql = "SELECT 1 FROM channels WHERE service = ? AND unique_name = ?";
    let row = sqlx::query(sql)
        .bind(service.as_str())
        .bind(unique_name)
        .fetch_optional(connection)
        .await?;
    Ok(row.is_some())
}
