//! Deliveries, put into the queue along with what they tell of, and the webhooks of channels.

use frontdesk_protocol::{ChannelSid, MessageSid, id::WebhookSid};
use sqlx::Row;

use super::{ApplyError, Tx};
use crate::storage::{
    NewDelivery, NewWebhook, Outcome, Rejection, Said, WEBHOOKS_PER_CHANNEL,
    sqlite::{
        queue::lane,
        rows::{int, json, word},
    },
};

impl Tx<'_> {
    /// Puts a delivery into the queue if what it tells of was newly done.
    pub(super) async fn enqueue(
        &mut self,
        about: Option<&Outcome>,
        quiet: bool,
        delivery: &NewDelivery,
    ) -> Result<Outcome, ApplyError> {
        let now = self.ledger.now;
        let (index, ts) = match about.ok_or(Rejection::NotFound)? {
            Outcome::Said(Said { dup: true, .. }) => return Ok(Outcome::Quiet),
            Outcome::Said(said) => (Some(said.index), said.ts),
            Outcome::Event { ts, .. } => (None, *ts),
            Outcome::Quiet if quiet => (None, now),
            Outcome::Quiet => return Ok(Outcome::Quiet),
        };
        let account = delivery.account.as_str();
        let lane = lane(self.connection, account, &delivery.target, &delivery.lane, now).await?;
        let sql = "INSERT INTO deliveries (id, lane, account, target, name, url, method, event, \
                     fields, text, stamps, message, idx, ts, enqueued, attempts) \
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)";
        sqlx::query(sql)
            .bind(&delivery.id.to_be_bytes()[..])
            .bind(lane)
            .bind(account)
            .bind(&delivery.target)
            .bind(&delivery.lane)
            .bind(&delivery.url)
            .bind(word(&delivery.method))
            .bind(&delivery.event)
            .bind(json(&delivery.fields))
            .bind(json(&delivery.text))
            .bind(json(&delivery.stamps))
            .bind(delivery.message.as_ref().map(MessageSid::as_str))
            .bind(index.map(int))
            .bind(int(ts.0))
            .bind(int(now.0))
            .execute(&mut *self.connection)
            .await?;
        self.ledger.enqueued = true;
        Ok(Outcome::Quiet)
    }

    /// Takes the text of a message out of what waits to be told of it, and of what is dead.
    pub(super) async fn empty_deliveries(
        &mut self,
        message: &MessageSid,
    ) -> Result<(), ApplyError> {
        let query = sqlx::query("UPDATE deliveries SET text = '[]' WHERE message = ?");
        query.bind(message.as_str()).execute(&mut *self.connection).await?;
        Ok(())
    }

    /// Drops what waits to be told of a channel or user that is removed, and what is dead.
    pub(super) async fn drop_deliveries(&mut self, of: &str) -> Result<(), ApplyError> {
        for sql in ["DELETE FROM deliveries WHERE name = ?", "DELETE FROM lanes WHERE name = ?"] {
            sqlx::query(sql).bind(of).execute(&mut *self.connection).await?;
        }
        Ok(())
    }

    pub(super) async fn put_webhook(
        &mut self,
        channel: &ChannelSid,
        webhook: &NewWebhook,
    ) -> Result<Outcome, ApplyError> {
        let id = self.room(channel).await?.id;
        let sql = "SELECT (SELECT channel FROM webhooks WHERE sid = ?1) AS owner, \
                   (SELECT COUNT(*) FROM webhooks WHERE channel = ?2) AS there";
        let row = sqlx::query(sql)
            .bind(webhook.sid.as_str())
            .bind(id)
            .fetch_one(&mut *self.connection)
            .await?;
        let (owner, there): (Option<i64>, i64) = (row.try_get("owner")?, row.try_get("there")?);
        match owner {
            Some(owner) if owner != id => return Err(Rejection::Exists.into()),
            None if there >= int(WEBHOOKS_PER_CHANNEL as u64) => return Err(Rejection::Full.into()),
            Some(_) | None => {}
        }
        let sql = "INSERT INTO webhooks (sid, channel, type, url, method, filters, triggers, \
                     flow_sid, retry_count, created, updated) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10) ON CONFLICT (sid) \
                   DO UPDATE SET type = excluded.type, url = excluded.url, \
                   method = excluded.method, filters = excluded.filters, \
                   triggers = excluded.triggers, flow_sid = excluded.flow_sid, \
                   retry_count = excluded.retry_count, updated = excluded.updated";
        sqlx::query(sql)
            .bind(webhook.sid.as_str())
            .bind(id)
            .bind(word(&webhook.kind))
            .bind(&webhook.url)
            .bind(word(&webhook.method))
            .bind(json(&webhook.filters))
            .bind(json(&webhook.triggers))
            .bind(&webhook.flow_sid)
            .bind(webhook.retry_count)
            .bind(int(self.ledger.now.0))
            .execute(&mut *self.connection)
            .await?;
        Ok(Outcome::Quiet)
    }

    pub(super) async fn remove_webhook(
        &mut self,
        channel: &ChannelSid,
        sid: &WebhookSid,
    ) -> Result<Outcome, ApplyError> {
        let id = self.room(channel).await?.id;
        let done = sqlx::query("DELETE FROM webhooks WHERE channel = ? AND sid = ?")
            .bind(id)
            .bind(sid.as_str())
            .execute(&mut *self.connection)
            .await?;
        if done.rows_affected() == 0 { Err(Rejection::NotFound.into()) } else { Ok(Outcome::Quiet) }
    }
}
