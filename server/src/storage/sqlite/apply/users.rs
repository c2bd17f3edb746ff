//! Users, as an account makes, changes and removes them.

use frontdesk_protocol::{
    ChannelSid, Identity, UserSid,
    attributes::Attributes,
    id::{AccountSid, RoleSid},
};

use super::{ApplyError, Tx};
use crate::storage::{
    Outcome, Rejection, User,
    sqlite::rows::{self, int, json},
};

impl Tx<'_> {
    pub(super) async fn add_user(
        &mut self,
        user: &User,
        role_sid: Option<&RoleSid>,
    ) -> Result<Outcome, ApplyError> {
        let sql = "INSERT INTO users \
                   (sid, account, identity, name, role_sid, created, updated, attributes) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7) ON CONFLICT DO NOTHING";
        let done = sqlx::query(sql)
            .bind(user.sid.as_str())
            .bind(user.account.as_str())
            .bind(user.identity.as_str())
            .bind(&user.name)
            .bind(role_sid.map(RoleSid::as_str))
            .bind(int(self.ledger.now.0))
            .bind(json(&user.attributes))
            .execute(&mut *self.connection)
            .await?;
        if done.rows_affected() == 0 { Err(Rejection::Exists.into()) } else { Ok(Outcome::Quiet) }
    }

    pub(super) async fn keep_user(
        &mut self,
        sid: &UserSid,
        name: Option<String>,
        attributes: Option<Attributes>,
        role_sid: Option<&RoleSid>,
    ) -> Result<Outcome, ApplyError> {
        let sql = "UPDATE users SET name = COALESCE(?, name), \
                   attributes = COALESCE(?, attributes), role_sid = COALESCE(?, role_sid), \
                   updated = ? WHERE sid = ?";
        let done = sqlx::query(sql)
            .bind(name)
            .bind(attributes.as_ref().map(json))
            .bind(role_sid.map(RoleSid::as_str))
            .bind(int(self.ledger.now.0))
            .bind(sid.as_str())
            .execute(&mut *self.connection)
            .await?;
        if done.rows_affected() == 0 { Err(Rejection::NotFound.into()) } else { Ok(Outcome::Quiet) }
    }

    pub(super) async fn remove_user(&mut self, sid: &UserSid) -> Result<Outcome, ApplyError> {
        let row = sqlx::query("SELECT account, identity FROM users WHERE sid = ?")
            .bind(sid.as_str())
            .fetch_optional(&mut *self.connection)
            .await?;
        let row = row.ok_or(Rejection::NotFound)?;
        let account: AccountSid = rows::sid(&row, "account")?;
        let identity: Identity = rows::identity(&row, "identity")?;
        let agent = sqlx::query("SELECT 1 FROM agents WHERE user = ?")
            .bind(sid.as_str())
            .fetch_optional(&mut *self.connection)
            .await?;
        if agent.is_some() {
            return Err(Rejection::Exists.into());
        }
        let sql = "SELECT s.sid FROM members m \
                   JOIN channels c ON c.stream = m.channel JOIN streams s ON s.id = m.channel \
                   WHERE m.identity = ? AND NOT m.gone AND c.account = ?";
        let channels = sqlx::query(sql)
            .bind(identity.as_str())
            .bind(account.as_str())
            .fetch_all(&mut *self.connection)
            .await?;
        for row in channels {
            let channel: ChannelSid = rows::sid(&row, "sid")?;
            self.leave(&channel, &identity).await?;
        }
        for sql in ["DELETE FROM memberships WHERE user = ?", "DELETE FROM users WHERE sid = ?"] {
            sqlx::query(sql).bind(sid.as_str()).execute(&mut *self.connection).await?;
        }
        self.drop_deliveries(sid.as_str()).await?;
        Ok(Outcome::Quiet)
    }
}
