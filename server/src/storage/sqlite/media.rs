//! Files beside messages: the books of them.

use async_trait::async_trait;
use frontdesk_protocol::{
    ChannelSid, Identity, Media, MediaSid, MessageSid, Millis, id::AccountSid,
};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{
    SqliteStore,
    put::{Done, Put},
    rows::{self, int, uint},
};
use crate::storage::{MediaBooks, MediaQuota, MediaRecord, NewMedia, SaidIn, StoreError};

const MEDIA: &str = "\
    SELECT m.*, s.sid AS channel_sid, t.sid AS message_sid FROM media m \
    LEFT JOIN streams s ON s.id = m.channel \
    LEFT JOIN messages t ON t.channel = m.channel AND t.seq = m.seq ";
/// Of a file, what it counts as: see [`crate::storage::LEAST_BYTES`].
const ACCOUNT_BYTES: &str =
    "SELECT COALESCE(SUM(MAX(size_bytes, 4096)), 0) FROM media WHERE account = ?";
const OWNER_BYTES: &str = "SELECT COALESCE(SUM(MAX(size_bytes, 4096)), 0) FROM media \
    WHERE account = ? AND owner = ? AND created >= ?";

#[async_trait]
impl MediaBooks for SqliteStore {
    async fn put_media(&self, media: NewMedia, quota: MediaQuota) -> Result<bool, StoreError> {
        self.put(Put::Media { media, quota }).await
    }

    async fn media(&self, sid: &MediaSid) -> Result<Option<MediaRecord>, StoreError> {
        let query = sqlx::query(sqlx::AssertSqlSafe([MEDIA, "WHERE m.sid = ?"].concat()));
        let row = query.bind(sid.as_str()).fetch_optional(&self.readers).await?;
        row.as_ref().map(record).transpose()
    }

    async fn media_of(
        &self,
        channel: &ChannelSid,
        message: &MessageSid,
    ) -> Result<Option<MediaRecord>, StoreError> {
        let tail = "WHERE s.sid = ? AND t.sid = ?";
        let query = sqlx::query(sqlx::AssertSqlSafe([MEDIA, tail].concat()));
        let query = query.bind(channel.as_str()).bind(message.as_str());
        let row = query.fetch_optional(&self.readers).await?;
        row.as_ref().map(record).transpose()
    }

    async fn media_bytes(&self, account: &AccountSid) -> Result<u64, StoreError> {
        let query = sqlx::query_scalar(ACCOUNT_BYTES).bind(account.as_str());
        Ok(uint(query.fetch_one(&self.readers).await?))
    }

    async fn media_bytes_of(
        &self,
        account: &AccountSid,
        owner: &Identity,
        since: Millis,
    ) -> Result<u64, StoreError> {
        let query = sqlx::query_scalar(OWNER_BYTES).bind(account.as_str()).bind(owner.as_str());
        Ok(uint(query.bind(int(since.0)).fetch_one(&self.readers).await?))
    }

    async fn known_media(&self, sids: &[MediaSid]) -> Result<Vec<MediaSid>, StoreError> {
        let sql = "SELECT sid FROM media WHERE sid IN (SELECT value FROM json_each(?))";
        let found = sqlx::query(sql).bind(rows::json(&sids)).fetch_all(&self.readers).await?;
        found.iter().map(|row| rows::sid(row, "sid")).collect()
    }

    async fn erase_unsaid_media(&self, before: Millis) -> Result<(), StoreError> {
        self.put(Put::EraseUnsaidMedia { before }).await.map(drop)
    }

    async fn erased_media(&self, most: usize) -> Result<Vec<MediaSid>, StoreError> {
        let query = sqlx::query("SELECT sid FROM erased_media LIMIT ?").bind(int(most as u64));
        let found = query.fetch_all(&self.readers).await?;
        found.iter().map(|row| rows::sid(row, "sid")).collect()
    }

    async fn forget_erased_media(&self, sids: Vec<MediaSid>) -> Result<(), StoreError> {
        self.put(Put::ForgetErasedMedia(sids)).await.map(drop)
    }
}

/// What a message keeps of its file.
pub(super) fn of_message(row: &SqliteRow) -> Result<Option<Media>, StoreError> {
    let media: Option<&str> = row.try_get("media")?;
    media.map(|_| rows::from_json(row, "media")).transpose()
}

/// What the books say of a file itself.
pub(super) fn media(row: &SqliteRow) -> Result<Media, StoreError> {
    Ok(Media {
        sid: rows::sid(row, "sid")?,
        content_type: rows::text(row, "content_type")?,
        filename: row.try_get("filename")?,
        size_bytes: rows::number(row, "size_bytes")?,
    })
}

/// Who brought a file.
pub(super) fn owner(row: &SqliteRow) -> Result<Option<Identity>, StoreError> {
    let owner: Option<&str> = row.try_get("owner")?;
    owner.map(|_| rows::identity(row, "owner")).transpose()
}

fn record(row: &SqliteRow) -> Result<MediaRecord, StoreError> {
    let channel: Option<&str> = row.try_get("channel_sid")?;
    let said = match channel {
        Some(_) => Some(SaidIn {
            channel: rows::sid(row, "channel_sid")?,
            message: rows::sid(row, "message_sid")?,
        }),
        None => None,
    };
    let brought = NewMedia {
        media: media(row)?,
        account: rows::sid(row, "account")?,
        service: rows::sid(row, "service")?,
        owner: owner(row)?,
    };
    Ok(MediaRecord { brought, created: rows::millis(row, "created")?, said })
}

/// Takes a file into the books, if there is room for it.
pub(super) async fn put(
    connection: &mut SqliteConnection,
    new: &NewMedia,
    quota: MediaQuota,
    now: Millis,
) -> Result<bool, sqlx::Error> {
    let counts = new.media.size_bytes.max(crate::storage::LEAST_BYTES);
    let account: i64 = sqlx::query_scalar(ACCOUNT_BYTES)
        .bind(new.account.as_str())
        .fetch_one(&mut *connection)
        .await?;
    if uint(account).saturating_add(counts) > quota.account_bytes {
        return Ok(false);
    }
    if let (Some((since, most)), Some(owner)) = (quota.owner_bytes, &new.owner) {
        let theirs: i64 = sqlx::query_scalar(OWNER_BYTES)
            .bind(new.account.as_str())
            .bind(owner.as_str())
            .bind(int(since.0))
            .fetch_one(&mut *connection)
            .await?;
        if uint(theirs).saturating_add(counts) > most {
            return Ok(false);
        }
    }
    let sql = "INSERT INTO media \
               (sid, account, service, owner, content_type, filename, size_bytes, created) \
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    sqlx::query(sql)
        .bind(new.media.sid.as_str())
        .bind(new.account.as_str())
        .bind(new.service.as_str())
        .bind(new.owner.as_ref().map(Identity::as_str))
        .bind(&new.media.content_type)
        .bind(&new.media.filename)
        .bind(int(new.media.size_bytes))
        .bind(int(now.0))
        .execute(connection)
        .await?;
    Ok(true)
}

/// Erases what was never said.
pub(super) async fn erase_unsaid(connection: &mut SqliteConnection, before: Millis) -> Done {
    let sql = "INSERT OR IGNORE INTO erased_media (sid) \
               SELECT sid FROM media WHERE channel IS NULL AND created < ?";
    sqlx::query(sql).bind(int(before.0)).execute(&mut *connection).await?;
    let sql = "DELETE FROM media WHERE channel IS NULL AND created < ?";
    sqlx::query(sql).bind(int(before.0)).execute(connection).await
}

pub(super) async fn forget_erased(connection: &mut SqliteConnection, sids: &[MediaSid]) -> Done {
    let sql = "DELETE FROM erased_media WHERE sid IN (SELECT value FROM json_each(?))";
    sqlx::query(sql).bind(rows::json(&sids)).execute(connection).await
}
