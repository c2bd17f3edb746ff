//! The file beside a message: who may say it, and its end.

use frontdesk_protocol::{Identity, Media, MediaSid, id::AccountSid};
use sqlx::Row;

use super::{ApplyError, Tx};
use crate::storage::{
    Rejection,
    sqlite::{media, rows},
};

impl Tx<'_> {
    /// The file, if this author of this account may say it now: they brought it, or the account
    /// did, and nobody has said it.
    pub(super) async fn sayable(
        &mut self,
        sid: &MediaSid,
        account: &AccountSid,
        author: &Identity,
    ) -> Result<Media, ApplyError> {
        let row = sqlx::query("SELECT * FROM media WHERE sid = ? AND account = ?")
            .bind(sid.as_str())
            .bind(account.as_str())
            .fetch_optional(&mut *self.connection)
            .await?;
        let row = row.ok_or(Rejection::NotFound)?;
        let said: Option<i64> = row.try_get("channel")?;
        let owner = media::owner(&row)?;
        if said.is_some() || owner.is_some_and(|owner| owner != *author) {
            return Err(Rejection::NotFound.into());
        }
        Ok(media::media(&row)?)
    }

    /// The file stands beside this message from now on.
    pub(super) async fn said(
        &mut self,
        sid: &MediaSid,
        channel: i64,
        seq: u64,
    ) -> Result<(), ApplyError> {
        sqlx::query("UPDATE media SET channel = ?, seq = ? WHERE sid = ?")
            .bind(channel)
            .bind(rows::int(seq))
            .bind(sid.as_str())
            .execute(&mut *self.connection)
            .await?;
        Ok(())
    }

    /// Erases the file beside a message, or those of a whole channel. They come off the disk after
    /// the commit.
    pub(super) async fn erase_media(
        &mut self,
        channel: i64,
        seq: Option<u64>,
    ) -> Result<(), ApplyError> {
        for sql in [
            "INSERT OR IGNORE INTO erased_media (sid) \
             SELECT sid FROM media WHERE channel = ?1 AND (?2 IS NULL OR seq = ?2)",
            "DELETE FROM media WHERE channel = ?1 AND (?2 IS NULL OR seq = ?2)",
        ] {
            sqlx::query(sql)
                .bind(channel)
                .bind(seq.map(rows::int))
                .execute(&mut *self.connection)
                .await?;
        }
        Ok(())
    }
}
