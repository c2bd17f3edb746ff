//! What is written along with a chat's beginning and has no event: users, idempotency, families,
//! engagements.

use frontdesk_protocol::{Identity, TaskSid, UserSid, id::AccountSid};

use super::{ApplyError, Tx};
use crate::storage::{
    Family, Idempotency, NewEngagement, Outcome, Rejection,
    sqlite::rows::{self, int},
};

impl Tx<'_> {
    pub(super) async fn ensure_user(
        &mut self,
        sid: &UserSid,
        account: &AccountSid,
        identity: &Identity,
        name: &str,
    ) -> Result<Outcome, ApplyError> {
        let sql = "INSERT INTO users (sid, account, identity, name, created, updated, attributes) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?5, '{}') ON CONFLICT (account, identity) DO NOTHING";
        sqlx::query(sql)
            .bind(sid.as_str())
            .bind(account.as_str())
            .bind(identity.as_str())
            .bind(name)
            .bind(int(self.ledger.now.0))
            .execute(&mut *self.connection)
            .await?;
        Ok(Outcome::Quiet)
    }

    pub(super) async fn remember(&mut self, record: &Idempotency) -> Result<Outcome, ApplyError> {
        let sql = "SELECT content_hash, channel FROM idempotency \
                   WHERE account = ? AND identity = ? AND key = ?";
        let known = sqlx::query(sql)
            .bind(record.account.as_str())
            .bind(record.identity.as_str())
            .bind(&record.key)
            .fetch_optional(&mut *self.connection)
            .await?;
        if let Some(known) = known {
            let same = rows::bytes::<32>(&known, "content_hash")? == record.content_hash;
            let channel = rows::sid(&known, "channel")?;
            let answered = Rejection::Answered { channel };
            return Err(if same { answered } else { Rejection::KeyReused }.into());
        }
        let sql = "INSERT INTO idempotency (account, identity, key, content_hash, channel) \
                   VALUES (?, ?, ?, ?, ?)";
        sqlx::query(sql)
            .bind(record.account.as_str())
            .bind(record.identity.as_str())
            .bind(&record.key)
            .bind(&record.content_hash[..])
            .bind(record.channel.as_str())
            .execute(&mut *self.connection)
            .await?;
        Ok(Outcome::Quiet)
    }

    pub(super) async fn keep_family(&mut self, family: &Family) -> Result<Outcome, ApplyError> {
        let id = family.id.to_be_bytes();
        let sql = "INSERT INTO families (id, account, identity, generation, advanced) \
                   VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";
        let done = sqlx::query(sql)
            .bind(&id[..])
            .bind(family.account.as_str())
            .bind(family.identity.as_str())
            .bind(family.generation)
            .bind(int(family.advanced.0))
            .execute(&mut *self.connection)
            .await?;
        // Another chat of the same guest: the family goes on as it is.
        let Some(secret) = family.first_secret.filter(|_| done.rows_affected() > 0) else {
            return Ok(Outcome::Quiet);
        };
        let sql = "INSERT INTO family_secrets (hash, family, generation) VALUES (?, ?, ?) \
                   ON CONFLICT (hash) DO NOTHING";
        sqlx::query(sql)
            .bind(&secret[..])
            .bind(&id[..])
            .bind(family.generation + 1)
            .execute(&mut *self.connection)
            .await?;
        Ok(Outcome::Quiet)
    }
    pub(super) async fn keep_engagement(
        &mut self,
        engagement: &NewEngagement,
    ) -> Result<Outcome, ApplyError> {
        let sql = "INSERT INTO engagements (channel, account, flow, identity, task) \
                   VALUES (?, ?, ?, ?, ?) ON CONFLICT (channel) DO UPDATE \
                   SET task = excluded.task WHERE task = ''";
        let done = sqlx::query(sql)
            .bind(engagement.channel.as_str())
            .bind(engagement.account.as_str())
            .bind(engagement.flow.as_str())
            .bind(engagement.identity.as_str())
            .bind(engagement.task.as_ref().map_or("", TaskSid::as_str))
            .execute(&mut *self.connection)
            .await?;
        if done.rows_affected() == 0 { Err(Rejection::Exists.into()) } else { Ok(Outcome::Quiet) }
    }
}
