//! Which of their senders' own ids are known, asked once for all messages of a transaction.

use std::collections::HashMap;

use frontdesk_protocol::{Cid, Identity};
use sqlx::{Row, SqliteConnection};

use super::{apply::ApplyError, rows};
use crate::storage::{Rejection, Said};

/// A channel's row, an author, and what they call a message.
pub(super) type Key = (i64, Identity, Cid);

/// A message that was said before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    said: Said,
    /// Of a message that was taken back nothing is left to compare with: it was said, that is all
    /// its sender has to know.
    mac: Option<[u8; 32]>,
}

impl Known {
    /// The answer to whoever says this again.
    pub(super) fn answer(&self, mac: &[u8; 32]) -> Result<Said, Rejection> {
        let same = self.mac.is_none_or(|known| known == *mac);
        if same { Ok(self.said) } else { Err(Rejection::Conflict) }
    }
}

/// What is known of these ids; `None` is an id that nobody used.
#[derive(Debug, Default)]
pub(super) struct Cids(HashMap<Key, Option<Known>>);

const ASK: &str = "\
    SELECT m.channel, m.author, m.cid, m.seq, m.idx, m.ts, m.mac \
    FROM json_each(?) v CROSS JOIN messages m \
    ON m.channel = v.value ->> 0 AND m.author = v.value ->> 1 AND m.cid = unhex(v.value ->> 2)";

impl Cids {
    /// Looks all of these up, in one statement.
    pub(super) async fn ask(
        &mut self,
        connection: &mut SqliteConnection,
        keys: Vec<Key>,
    ) -> Result<(), ApplyError> {
        let asked: Vec<_> = keys
            .iter()
            .map(|(channel, author, cid)| (channel, author.as_str(), format!("{:032x}", cid.0)))
            .collect();
        let found = sqlx::query(ASK).bind(rows::json(&asked)).fetch_all(connection).await?;
        self.0.extend(keys.into_iter().map(|key| (key, None)));
        for row in found {
            let cid = Cid(u128::from_be_bytes(rows::bytes(&row, "cid")?));
            let key = (row.try_get("channel")?, rows::identity(&row, "author")?, cid);
            let said = Said {
                seq: rows::number(&row, "seq")?,
                index: rows::number(&row, "idx")?,
                ts: rows::millis(&row, "ts")?,
                dup: true,
            };
            let mac: Option<&[u8]> = row.try_get("mac")?;
            let mac = mac.map(|_| rows::bytes(&row, "mac")).transpose()?;
            self.0.insert(key, Some(Known { said, mac }));
        }
        Ok(())
    }

    /// The message of this id, if there is one.
    pub(super) async fn get(
        &mut self,
        connection: &mut SqliteConnection,
        key: Key,
    ) -> Result<Option<Known>, ApplyError> {
        if !self.0.contains_key(&key) {
            self.ask(connection, vec![key.clone()]).await?;
        }
        Ok(self.0.get(&key).copied().flatten())
    }

    /// A message of this id was said now.
    pub(super) fn said(&mut self, key: Key, said: Said, mac: [u8; 32]) {
        let said = Said { dup: true, ..said };
        self.0.insert(key, Some(Known { said, mac: Some(mac) }));
    }

    /// Knows nothing any more: to be called between transactions, and when messages were changed.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}
