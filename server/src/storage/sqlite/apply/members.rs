//! Members: coming in, leaving, changing.

use frontdesk_protocol::{
    ChannelSid, EventKind, Identity, Stream, UserSid,
    attributes::Attributes,
    id::AccountSid,
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
                   (channel, identity, sid, joined, role, name, seen, read, gone, attributes) \
                   VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, ?) ON CONFLICT (channel, identity) DO UPDATE \
                   SET role = excluded.role, name = excluded.name, gone = 0, \
                   attributes = excluded.attributes";
        sqlx::query(sql)
            .bind(id)
            .bind(member.identity.as_str())
            .bind(new.sid.as_str())
            .bind(int(end.head))
            .bind(word(&member.role))
            .bind(&member.name)
            .bind(json(&member.attributes))
            .execute(&mut *self.connection)
            .await?;
        self.membership(&account, &member.identity, channel, true).await?;
        Ok(event(end))
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
        let sql = "UPDATE members SET role = ?, name = ?, attributes = ? \
                   WHERE channel = ? AND identity = ?";
        sqlx::query(sql)
            .bind(word(&role))
            .bind(&name)
            .bind(json(&attributes))
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
    async fn membership(
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
