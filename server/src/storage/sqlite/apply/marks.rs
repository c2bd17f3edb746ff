//! Marks of members: what reached them, what they read.

use frontdesk_protocol::{ChannelSid, EventKind, Stream};
use sqlx::Row;

use super::{ApplyError, Tx, event};
use crate::storage::{
    Mark, Outcome, Party,
    sqlite::rows::{int, uint},
};

impl Tx<'_> {
    pub(super) async fn move_mark(
        &mut self,
        channel: &ChannelSid,
        party: &Party,
        mark: Mark,
        upto: u64,
    ) -> Result<Outcome, ApplyError> {
        let room = self.room_of_member(channel, party).await?;
        let id = room.id;
        let at = room.member(&party.identity).map_or(0, |member| match mark {
            Mark::Seen => member.seen,
            Mark::Read => member.read,
        });
        if upto <= at {
            return Ok(Outcome::Quiet);
        }
        let target = self.last_message(id, upto).await?;
        if target <= at {
            return Ok(Outcome::Quiet);
        }
        let identity = party.identity.clone();
        let (sql, kind) = match mark {
            Mark::Seen => (
                "UPDATE members SET seen = ?1 WHERE channel = ?2 AND identity = ?3",
                EventKind::Seen { identity: identity.clone(), target },
            ),
            Mark::Read => (
                "UPDATE members SET read = ?1, read_at = ?4 WHERE channel = ?2 AND identity = ?3",
                EventKind::Read { identity: identity.clone(), target },
            ),
        };
        if let Some(member) = self.room(channel).await?.member_mut(&identity) {
            match mark {
                Mark::Seen => member.seen = target,
                Mark::Read => member.read = target,
            }
        }
        let query = sqlx::query(sql).bind(int(target)).bind(id).bind(identity.as_str());
        let query = match mark {
            Mark::Seen => query,
            Mark::Read => query.bind(int(self.ledger.now.0)),
        };
        query.execute(&mut *self.connection).await?;
        let stream = Stream::Channel(channel.clone());
        let end = self.append(&stream, Some(identity), kind).await?;
        Ok(event(end))
    }

    /// The position of the last message at or below `upto`; 0 if there is none.
    async fn last_message(&mut self, channel: i64, upto: u64) -> Result<u64, ApplyError> {
        // What is not written yet is newer than all that is.
        if let Some(seq) = self.ledger.pending.last_message(channel, upto) {
            return Ok(seq);
        }
        let row = sqlx::query("SELECT MAX(seq) FROM messages WHERE channel = ? AND seq <= ?")
            .bind(channel)
            .bind(int(upto))
            .fetch_one(&mut *self.connection)
            .await?;
        Ok(row.try_get::<Option<i64>, _>(0)?.map_or(0, uint))
    }
}
