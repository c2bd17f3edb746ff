//! Reading the queue of deliveries and the books of webhooks.

use async_trait::async_trait;
use frontdesk_protocol::{ChannelSid, Millis, id::WebhookSid};
use sqlx::{Row, sqlite::SqliteRow};

use super::{
    SqliteStore,
    put::Put,
    rows::{self, int, json, uint},
};
use crate::storage::{
    DeadDelivery, Delivery, Due, Hooks, Look, NewDelivery, NewWebhook, QueueCounts, Settled,
    StoreError, Waiting, WebhookRecord,
};

/// The targets that something waits for, read one step of the index at a time, without those that
/// are to be left out (`?1`).
const TARGETS: &str = "\
    WITH RECURSIVE each (target) AS ( \
      SELECT min(target) FROM lanes UNION ALL \
      SELECT (SELECT min(target) FROM lanes l WHERE l.target > each.target) FROM each \
        WHERE each.target IS NOT NULL), \
    targets (target) AS (SELECT target FROM each WHERE target IS NOT NULL \
      AND target NOT IN (SELECT value FROM json_each(?1))) ";
const FIRST: &str = "\
    SELECT l.id AS lane_id, l.target, l.account, d.n, d.id, d.enqueued, d.attempts \
    FROM targets t JOIN lanes l ON l.id IN (SELECT x.id FROM lanes x \
        WHERE x.target = t.target AND x.due <= ?2 \
        AND x.id NOT IN (SELECT value FROM json_each(?3)) \
        AND x.account NOT IN (SELECT value FROM json_each(?4)) ORDER BY x.due LIMIT ?5) \
      JOIN deliveries d ON d.n = (SELECT min(n) FROM deliveries WHERE lane = l.id) \
    ORDER BY l.due, l.id LIMIT ?6";
const NEXT: &str = "\
    SELECT min((SELECT min(due) FROM lanes x WHERE x.target = t.target AND x.due > ?2)) AS next \
    FROM targets t";
const WEBHOOK: &str = "\
    SELECT w.*, s.sid AS channel_sid FROM webhooks w JOIN streams s ON s.id = w.channel \
    WHERE s.sid = ? ";

#[async_trait]
impl Hooks for SqliteStore {
    async fn enqueued(&self) {
        self.enqueued.notified().await;
    }

    async fn due(&self, look: Look) -> Result<Due, StoreError> {
        let targets = json(&look.targets);
        let query = sqlx::query(sqlx::AssertSqlSafe([TARGETS, FIRST].concat()))
            .bind(&targets)
            .bind(int(look.now.0))
            .bind(json(&look.lanes))
            .bind(json(&look.accounts))
            .bind(int(look.each as u64))
            .bind(int(look.most as u64));
        let waiting =
            query.fetch_all(&self.readers).await?.iter().map(waiting).collect::<Result<_, _>>()?;
        let query = sqlx::query_scalar(sqlx::AssertSqlSafe([TARGETS, NEXT].concat()));
        let next: Option<i64> =
            query.bind(&targets).bind(int(look.now.0)).fetch_one(&self.readers).await?;
        Ok(Due { waiting, next: next.map(|at| Millis(uint(at))) })
    }

    async fn delivery(&self, n: u64) -> Result<Option<Delivery>, StoreError> {
        let query = sqlx::query("SELECT * FROM deliveries WHERE n = ? AND lane IS NOT NULL");
        query.bind(int(n)).fetch_optional(&self.readers).await?.as_ref().map(delivery).transpose()
    }

    async fn settle(&self, n: u64, how: Settled) -> Result<(), StoreError> {
        self.put(Put::Settle { n, how }).await.map(drop)
    }

    async fn hasten(&self, target: &str) -> Result<(), StoreError> {
        self.put(Put::Hasten(target.to_owned())).await.map(drop)
    }

    async fn bury_old(&self, before: Millis) -> Result<bool, StoreError> {
        self.put(Put::BuryOld { before }).await
    }

    async fn forget_dead(&self, before: Millis) -> Result<(), StoreError> {
        self.put(Put::ForgetDead { before }).await.map(drop)
    }

    async fn dead_deliveries(
        &self,
        after: u64,
        most: usize,
    ) -> Result<Vec<DeadDelivery>, StoreError> {
        let sql = "SELECT * FROM deliveries WHERE lane IS NULL AND n > ? ORDER BY n LIMIT ?";
        let query = sqlx::query(sql).bind(int(after)).bind(int(most as u64));
        query.fetch_all(&self.readers).await?.iter().map(dead).collect()
    }

    async fn retry_delivery(&self, id: u128) -> Result<bool, StoreError> {
        self.put(Put::RetryDelivery(id)).await
    }

    async fn drop_delivery(&self, id: u128) -> Result<(), StoreError> {
        self.put(Put::DropDelivery(id)).await.map(drop)
    }

    async fn queue_counts(&self) -> Result<QueueCounts, StoreError> {
        let sql = "SELECT COUNT(lane) AS waiting, COUNT(*) - COUNT(lane) AS dead FROM deliveries";
        let row = sqlx::query(sql).fetch_one(&self.readers).await?;
        Ok(QueueCounts {
            waiting: rows::number(&row, "waiting")?,
            dead: rows::number(&row, "dead")?,
        })
    }

    async fn webhook(
        &self,
        channel: &ChannelSid,
        sid: &WebhookSid,
    ) -> Result<Option<WebhookRecord>, StoreError> {
        let query = sqlx::query(sqlx::AssertSqlSafe([WEBHOOK, "AND w.sid = ?"].concat()));
        let query = query.bind(channel.as_str()).bind(sid.as_str());
        query.fetch_optional(&self.readers).await?.as_ref().map(webhook).transpose()
    }

    async fn has_webhooks(&self) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM webhooks)";
        Ok(sqlx::query_scalar(sql).fetch_one(&self.readers).await?)
    }

    async fn webhooks(
        &self,
        channel: &ChannelSid,
        after: u64,
        most: usize,
    ) -> Result<Vec<WebhookRecord>, StoreError> {
        let tail = "AND w.n > ? ORDER BY w.n LIMIT ?";
        let query = sqlx::query(sqlx::AssertSqlSafe([WEBHOOK, tail].concat()));
        let query = query.bind(channel.as_str()).bind(int(after)).bind(int(most as u64));
        query.fetch_all(&self.readers).await?.iter().map(webhook).collect()
    }
}

fn waiting(row: &SqliteRow) -> Result<Waiting, StoreError> {
    Ok(Waiting {
        n: rows::number(row, "n")?,
        id: id(row)?,
        lane: rows::number(row, "lane_id")?,
        target: rows::text(row, "target")?,
        account: rows::sid(row, "account")?,
        enqueued: rows::millis(row, "enqueued")?,
        attempts: row.try_get("attempts")?,
    })
}

fn id(row: &SqliteRow) -> Result<u128, StoreError> {
    rows::bytes(row, "id").map(u128::from_be_bytes)
}

fn delivery(row: &SqliteRow) -> Result<Delivery, StoreError> {
    let message: Option<&str> = row.try_get("message")?;
    let index: Option<i64> = row.try_get("idx")?;
    Ok(Delivery {
        n: rows::number(row, "n")?,
        what: NewDelivery {
            id: id(row)?,
            account: rows::sid(row, "account")?,
            target: rows::text(row, "target")?,
            url: rows::text(row, "url")?,
            method: rows::from_word(row, "method")?,
            lane: rows::text(row, "name")?,
            event: rows::text(row, "event")?,
            fields: rows::from_json(row, "fields")?,
            text: rows::from_json(row, "text")?,
            stamps: rows::from_json(row, "stamps")?,
            message: message.map(|_| rows::sid(row, "message")).transpose()?,
        },
        index: index.map(uint),
        ts: rows::millis(row, "ts")?,
        enqueued: rows::millis(row, "enqueued")?,
        attempts: row.try_get("attempts")?,
    })
}

fn dead(row: &SqliteRow) -> Result<DeadDelivery, StoreError> {
    Ok(DeadDelivery {
        n: rows::number(row, "n")?,
        id: id(row)?,
        account: rows::sid(row, "account")?,
        url: rows::text(row, "url")?,
        lane: rows::text(row, "name")?,
        event: rows::text(row, "event")?,
        enqueued: rows::millis(row, "enqueued")?,
        died: rows::millis(row, "died")?,
        attempts: row.try_get("attempts")?,
        error: rows::text(row, "error")?,
    })
}

fn webhook(row: &SqliteRow) -> Result<WebhookRecord, StoreError> {
    Ok(WebhookRecord {
        n: rows::number(row, "n")?,
        channel: rows::sid(row, "channel_sid")?,
        webhook: NewWebhook {
            sid: rows::sid(row, "sid")?,
            kind: rows::from_word(row, "type")?,
            url: row.try_get("url")?,
            method: rows::from_word(row, "method")?,
            filters: rows::from_json(row, "filters")?,
            triggers: rows::from_json(row, "triggers")?,
            flow_sid: row.try_get("flow_sid")?,
            retry_count: row.try_get("retry_count")?,
        },
        created: rows::millis(row, "created")?,
        updated: rows::millis(row, "updated")?,
    })
}
