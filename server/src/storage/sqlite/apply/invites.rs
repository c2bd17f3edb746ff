//! Invitations. Nobody is told: who is invited is not in yet.

use frontdesk_protocol::{
    ChannelSid, Identity,
    id::{InviteSid, RoleSid},
};

use super::{ApplyError, Tx};
use crate::storage::{Outcome, Rejection, sqlite::rows::int};

impl Tx<'_> {
    pub(super) async fn invite(
        &mut self,
        channel: &ChannelSid,
        sid: &InviteSid,
        identity: &Identity,
        role_sid: Option<&RoleSid>,
        created_by: &Identity,
    ) -> Result<Outcome, ApplyError> {
        let room = self.room(channel).await?;
        if room.member(identity).is_some_and(|member| !member.left) {
            return Err(Rejection::Exists.into());
        }
        let id = room.id;
        let sql = "INSERT INTO invites (sid, channel, identity, role_sid, created_by, created) \
                   VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
        let done = sqlx::query(sql)
            .bind(sid.as_str())
            .bind(id)
            .bind(identity.as_str())
            .bind(role_sid.map(RoleSid::as_str))
            .bind(created_by.as_str())
            .bind(int(self.ledger.now.0))
            .execute(&mut *self.connection)
            .await?;
        if done.rows_affected() == 0 { Err(Rejection::Exists.into()) } else { Ok(Outcome::Quiet) }
    }

    pub(super) async fn uninvite(
        &mut self,
        channel: &ChannelSid,
        sid: &InviteSid,
    ) -> Result<Outcome, ApplyError> {
        let id = self.room(channel).await?.id;
        let done = sqlx::query("DELETE FROM invites WHERE channel = ? AND sid = ?")
            .bind(id)
            .bind(sid.as_str())
            .execute(&mut *self.connection)
            .await?;
        if done.rows_affected() == 0 { Err(Rejection::NotFound.into()) } else { Ok(Outcome::Quiet) }
    }
}
