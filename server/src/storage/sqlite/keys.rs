//! API keys: reading and writing them.

use async_trait::async_trait;
use frontdesk_protocol::{
    Millis,
    id::{AccountSid, KeySid},
};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use super::{
    SqliteStore,
    put::{Done, Put},
    rows::{self, int},
};
use crate::storage::{ApiKey, KeyRecord, Keys, StoreError};

#[async_trait]
impl Keys for SqliteStore {
    async fn key_record(&self, sid: &KeySid) -> Result<Option<KeyRecord>, StoreError> {
        let query = sqlx::query("SELECT * FROM api_keys WHERE sid = ?").bind(sid.as_str());
        query.fetch_optional(&self.readers).await?.as_ref().map(record).transpose()
    }

    async fn key_list(
        &self,
        account: &AccountSid,
        after: u64,
        most: usize,
    ) -> Result<Vec<KeyRecord>, StoreError> {
        let sql = "SELECT * FROM api_keys WHERE account = ? AND n > ? ORDER BY n LIMIT ?";
        let query = sqlx::query(sql).bind(account.as_str()).bind(int(after));
        let rows = query.bind(int(most as u64)).fetch_all(&self.readers).await?;
        rows.iter().map(record).collect()
    }

    async fn rename_api_key(&self, sid: &KeySid, name: String) -> Result<(), StoreError> {
        self.put(Put::RenameApiKey { sid: sid.clone(), name }).await.map(drop)
    }

    async fn delete_api_key(&self, sid: &KeySid) -> Result<(), StoreError> {
        self.put(Put::DeleteApiKey(sid.clone())).await.map(drop)
    }
}

fn record(row: &SqliteRow) -> Result<KeyRecord, StoreError> {
    Ok(KeyRecord {
        n: rows::number(row, "n")?,
        key: api_key(row)?,
        created: rows::millis(row, "created")?,
        updated: rows::millis(row, "updated")?,
    })
}

pub(super) fn api_key(row: &SqliteRow) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        sid: rows::sid(row, "sid")?,
        account: rows::sid(row, "account")?,
        name: rows::text(row, "name")?,
        secret: rows::text(row, "secret")?,
    })
}

pub(super) async fn put(connection: &mut SqliteConnection, key: &ApiKey, now: Millis) -> Done {
    let sql = "INSERT INTO api_keys (sid, account, name, secret, created, updated) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (sid) DO UPDATE \
               SET name = excluded.name, secret = excluded.secret, updated = excluded.updated";
    sqlx::query(sql)
        .bind(key.sid.as_str())
        .bind(key.account.as_str())
        .bind(&key.name)
        .bind(&key.secret)
        .bind(int(now.0))
        .execute(connection)
        .await
}

/// Never makes one: it may have been given up in between.
pub(super) async fn rename(
    connection: &mut SqliteConnection,
    sid: &KeySid,
    name: &str,
    now: Millis,
) -> Done {
    sqlx::query("UPDATE api_keys SET name = ?, updated = ? WHERE sid = ?")
        .bind(name)
        .bind(int(now.0))
        .bind(sid.as_str())
        .execute(connection)
        .await
}

pub(super) async fn delete(connection: &mut SqliteConnection, sid: &KeySid) -> Done {
    sqlx::query("DELETE FROM api_keys WHERE sid = ?").bind(sid.as_str()).execute(connection).await
}
