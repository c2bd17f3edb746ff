//! Members: coming in, leaving, changing.

use frontdesk_protocol::{
    ChannelSid, EventKind, Identity, Stream, UserSid,
    attributes::Attributes,
    id::{AccountSid, RoleSid},
    state::{Member, Role, Status},
};

use super::{ApplyError, Tx, event};
use crate::storage::{
    NewMember, Outcome, Rejection,
    sqlite::{
        ledger::End,
        rows::{self, int, json, word},
    },
};

impl Tx<'_> {
    pub(super) async fn join(
        &mut self,
        channel: &ChannelSid,
        new: NewMember,
    ) -> Result<Outcome, ApplyError> {
        let room = self.room(channel).await?;
        let known = room.member(&new.identity).cloned();
        if known.as_ref().is_some_and(|member| !member.left) {
            return Ok(Outcome::Quiet);
        }
        if room.status != Status::Active {
            return Err(Rejection::Ended.into());
        }
        let (id, account) = (room.id, room.account.clone());
        // Who comes back keeps their marks.
        let member = Member {
            identity: new.identity,
            role: new.role,
            name: new.name,
            seen: known.as_ref().map_or(0, |member| member.seen),
            read: known.as_ref().map_or(0, |member| member.read),
            left: false,
            attributes: new.attributes,
        };
        match room.member_mut(&member.identity) {
            Some(known) => known.clone_from(&member),
            None => room.members.push(member.clone()),
        }
        let stream = Stream::Channel(channel.clone());
        let kind = EventKind::Join { member: member.clone() };
        let end = self.append(&stream, None, kind).await?;
        let sql = "INSERT INTO members \
                   (channel, identity, sid, joined, role, name, seen, read, muted, gone, created, \
                    updated, attributes) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, 0, 0, ?8, ?8, ?7) \
                   ON CONFLICT (channel, identity) DO UPDATE \
                   SET role = excluded.role, name = excluded.name, gone = 0, \
                   role_sid = NULL, updated = excluded.updated, attributes = excluded.attributes";
        sqlx::query(sql)
            .bind(id)
            .bind(member.identity.as_str())
            .bind(new.sid.as_str())
            .bind(int(end.head))
            .bind(word(&member.role))
            .bind(&member.name)
            .bind(json(&member.attributes))
            .bind(int(end.ts.0))
            .execute(&mut *self.connection)
            .await?;
        sqlx::query("DELETE FROM invites WHERE channel = ? AND identity = ?")
            .bind(id)
            .bind(member.identity.as_str())
            .execute(&mut *self.connection)
            .await?;
        self.membership(&account, &member.identity, channel, true).await?;
        Ok(event(end))
    }

    pub(super) async fn add(
        &mut self,
        channel: &ChannelSid,
        new: NewMember,
        role_sid: Option<RoleSid>,
        most: usize,
    ) -> Result<Outcome, ApplyError> {
        let room = self.room(channel).await?;
        if room.member(&new.identity).is_some_and(|member| !member.left) {
            return Err(Rejection::Exists.into());
        }
        if room.members.iter().filter(|member| !member.left).count() >= most {
            return Err(Rejection::Full.into());
        }
        let identity = new.identity.clone();
        let outcome = self.join(channel, new).await?;
        self.keep_member(channel, &identity, role_sid.as_ref(), None).await?;
        Ok(outcome)
    }

    pub(super) async fn keep_member(
        &mut self,
        channel: &ChannelSid,
        identity: &Identity,
        role_sid: Option<&RoleSid>,
        muted: Option<bool>,
    ) -> Result<Outcome, ApplyError> {
        let id = self.room(channel).await?.id;
        let sql = "UPDATE members SET role_sid = COALESCE(?, role_sid), \
                   muted = COALESCE(?, muted), updated = ? \
                   WHERE channel = ? AND identity = ? AND NOT gone";
        let done = sqlx::query(sql)
            .bind(role_sid.map(RoleSid::as_str))
            .bind(muted)
            .bind(int(self.ledger.now.0))
            .bind(id)
            .bind(identity.as_str())
            .execute(&mut *self.connection)
            .await?;
        if done.rows_affected() == 0 { Err(Rejection::NotFound.into()) } else { Ok(Outcome::Quiet) }
    }

    pub(super) async fn leave(
        &mut self,
        channel: &ChannelSid,
        identity: &Identity,
    ) -> Result<Outcome, ApplyError> {
        let room = self.room(channel).await?;
        let (id, account) = (room.id, room.account.clone());
        let member = room.member_mut(identity).ok_or(Rejection::NotFound)?;
        if member.left {
            return Ok(Outcome::Quiet);
        }
        member.left = true;
        sqlx::query("UPDATE members SET gone = 1 WHERE channel = ? AND identity = ?")
            .bind(id)
            .bind(identity.as_str())
            .execute(&mut *self.connection)
            .await?;
        let stream = Stream::Channel(channel.clone());
        let kind = EventKind::Leave { identity: identity.clone() };
        let end = self.append(&stream, Some(identity.clone()), kind).await?;
        self.membership(&account, identity, channel, false).await?;
        Ok(event(end))
    }

    pub(super) async fn set_member(
        &mut self,
        channel: &ChannelSid,
        identity: Identity,
        role: Role,
        name: String,
        attributes: Attributes,
    ) -> Result<Outcome, ApplyError> {
        let room = self.room(channel).await?;
        let id = room.id;
        let member = room.member_mut(&identity).ok_or(Rejection::NotFound)?;
        if member.role == role && member.name == name && member.attributes == attributes {
            return Ok(Outcome::Quiet);
        }
        member.role = role;
        member.name.clone_from(&name);
        member.attributes.clone_from(&attributes);
        let now = self.ledger.now;
        let sql = "UPDATE members SET role = ?, name = ?, attributes = ?, updated = ? \
                   WHERE channel = ? AND identity = ?";
        sqlx::query(sql)
            .bind(word(&role))
            .bind(&name)
            .bind(json(&attributes))
            .bind(int(now.0))
            .bind(id)
            .bind(identity.as_str())
            .execute(&mut *self.connection)
            .await?;
        let stream = Stream::Channel(channel.clone());
        let kind = EventKind::Member { identity, role, name, attributes };
        let end = self.append(&stream, None, kind).await?;
        Ok(event(end))
    }

    /// Tells the member's own stream, if the account knows them as a user.
    pub(super) async fn membership(
        &mut self,
        account: &AccountSid,
        identity: &Identity,
        channel: &ChannelSid,
        joined: bool,
    ) -> Result<(), ApplyError> {
        let row = sqlx::query("SELECT sid FROM users WHERE account = ? AND identity = ?")
            .bind(account.as_str())
            .bind(identity.as_str())
            .fetch_optional(&mut *self.connection)
            .await?;
        let Some(row) = row else { return Ok(()) };
        let user: UserSid = rows::sid(&row, "sid")?;
        let stream = Stream::User(user.clone());
        let kind = EventKind::Membership { channel: channel.clone(), joined };
        let End { head, .. } = self.append(&stream, None, kind).await?;
        let query = if joined {
            sqlx::query(
                "INSERT OR REPLACE INTO memberships (since, user, channel) VALUES (?, ?, ?)",
            )
            .bind(int(head))
        } else {
            sqlx::query("DELETE FROM memberships WHERE user = ? AND channel = ?")
        };
        query.bind(user.as_str()).bind(channel.as_str()).execute(&mut *self.connection).await?;
        Ok(())
    }
}
