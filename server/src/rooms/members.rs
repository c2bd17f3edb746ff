//! Members: coming in, being brought in, leaving, changing.

use frontdesk_protocol::{
    ChannelSid, Identity, MemberSid, UserSid,
    attributes::{self, Attributes},
    id::InviteSid,
    limits::MESSAGE_ATTRIBUTES_BYTES,
    state::Role,
};

use super::{Actor, Permission, Place, RoomError, Rooms};
use crate::{
    listeners::{
        Wish,
        payload::{self, MemberFacts},
    },
    storage::{Change, InviteRecord, MemberRecord, NewMember},
};

/// Which member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// By who they are.
    Identity(Identity),
    /// By their SID in the channel.
    Sid(MemberSid),
}

impl Rooms {
    /// Comes into a channel: a public one, or by an invitation. Who is in already stays.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn join(&self, actor: &Actor, sid: &ChannelSid) -> Result<(), RoomError> {
        let Some(mut place) = self.door(actor, sid).await? else { return Ok(()) };
        self.pace(sid.as_str())?;
        let identity = &actor.party.identity;
        if self.ask_to_bring(actor, sid, identity).await? {
            let Some(now) = self.door(actor, sid).await? else { return Ok(()) };
            place = now;
        }
        self.bring(actor, &place, identity.clone()).await
    }

    /// A channel into which they may come; `None` if they are in.
    async fn door(&self, actor: &Actor, sid: &ChannelSid) -> Result<Option<Place>, RoomError> {
        let place = Place::find(self.store(), actor, sid).await?;
        if place.membership.is_some() {
            return Ok(None);
        }
        if !place.invited {
            place.require(Permission::JoinChannel)?;
        }
        Ok(Some(place))
    }

    /// Leaves a channel.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn leave(&self, actor: &Actor, sid: &ChannelSid) -> Result<(), RoomError> {
        let place = self.enter(actor, sid, Permission::LeaveChannel).await?;
        self.pace(sid.as_str())?;
        if let Some(membership) = &place.membership
            && self.ask_to_send_away(actor, &membership.member).await?
        {
            self.enter(actor, sid, Permission::LeaveChannel).await?;
        }
        let (channel, identity) = (sid.clone(), actor.party.identity.clone());
        self.commit(actor, vec![Change::Leave { channel, identity }]).await
    }

    /// Brings somebody in.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn add(
        &self,
        actor: &Actor,
        sid: &ChannelSid,
        identity: Identity,
    ) -> Result<(), RoomError> {
        let mut place = self.enter(actor, sid, Permission::AddMember).await?;
        self.pace(sid.as_str())?;
        if self.ask_to_bring(actor, sid, &identity).await? {
            place = self.enter(actor, sid, Permission::AddMember).await?;
        }
        self.bring(actor, &place, identity).await
    }

    async fn bring(
        &self,
        actor: &Actor,
        place: &Place,
        identity: Identity,
    ) -> Result<(), RoomError> {
        let (account, channel) = (actor.party.account.clone(), place.channel.sid.clone());
        let user = self.store().user_named(&account, &identity).await?;
        let name = user.map(|record| record.user.name).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| identity.to_string());
        let invite = self.invitation(&channel, &identity).await?;
        let role = self.part(actor, &identity).await?;
        let changes = vec![
            Change::EnsureUser {
                sid: UserSid::from_bits(self.random.bits()),
                account,
                identity: identity.clone(),
                name: name.clone(),
            },
            Change::Add {
                channel,
                member: NewMember {
                    sid: MemberSid::from_bits(self.random.bits()),
                    identity,
                    role,
                    name,
                    attributes: Attributes::new(),
                },
                role_sid: invite.and_then(|invite| invite.role_sid),
                most: place.roles.most_members(),
            },
        ];
        self.commit(actor, changes).await
    }

    /// Invites somebody.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn invite(
        &self,
        actor: &Actor,
        sid: &ChannelSid,
        identity: Identity,
    ) -> Result<(), RoomError> {
        self.enter(actor, sid, Permission::InviteMember).await?;
        self.pace(sid.as_str())?;
        let change = Change::Invite {
            channel: sid.clone(),
            sid: InviteSid::from_bits(self.random.bits()),
            identity,
            role_sid: None,
            created_by: actor.party.identity.clone(),
        };
        self.commit(actor, vec![change]).await
    }

    /// Does not want to come in, though invited.
    ///
    /// # Errors
    /// [`RoomError::NoInvite`], [`RoomError::Unavailable`].
    pub async fn decline(&self, actor: &Actor, sid: &ChannelSid) -> Result<(), RoomError> {
        let account = self.store().channel_account(sid).await?;
        if account.as_ref() != Some(&actor.party.account) {
            return Err(RoomError::NoInvite);
        }
        let invite = self.invitation(sid, &actor.party.identity).await?;
        let invite = invite.ok_or(RoomError::NoInvite)?;
        self.commit(actor, vec![Change::Uninvite { channel: sid.clone(), sid: invite.sid }]).await
    }

    /// Sends somebody away.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn remove(
        &self,
        actor: &Actor,
        sid: &ChannelSid,
        who: &Who,
    ) -> Result<(), RoomError> {
        self.enter(actor, sid, Permission::RemoveMember).await?;
        self.pace(sid.as_str())?;
        let member = self.member(sid, who).await?;
        if self.ask_to_send_away(actor, &member).await? {
            self.enter(actor, sid, Permission::RemoveMember).await?;
        }
        let identity = member.identity;
        self.commit(actor, vec![Change::Leave { channel: sid.clone(), identity }]).await
    }

    /// Changes a member's attributes: one's own, or with the right to bring people in anybody's.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn set_member(
        &self,
        actor: &Actor,
        sid: &ChannelSid,
        who: &Who,
        attributes: Attributes,
    ) -> Result<(), RoomError> {
        if !attributes::fits(&attributes, MESSAGE_ATTRIBUTES_BYTES) {
            return Err(RoomError::AttributesTooLong);
        }
        let place = Place::find(self.store(), actor, sid).await?;
        self.pace(sid.as_str())?;
        let member = self.member(sid, who).await?;
        if member.identity != actor.party.identity {
            place.require(Permission::AddMember)?;
        }
        let change = Change::SetMember {
            channel: sid.clone(),
            identity: member.identity,
            role: member.role,
            name: member.name,
            attributes,
        };
        self.commit(actor, vec![change]).await
    }

    /// Whether they want to be told of new messages less.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn mute(
        &self,
        actor: &Actor,
        sid: &ChannelSid,
        muted: bool,
    ) -> Result<(), RoomError> {
        let place = Place::find(self.store(), actor, sid).await?;
        place.membership.ok_or(RoomError::NotMember)?;
        self.pace(sid.as_str())?;
        let (channel, identity) = (sid.clone(), actor.party.identity.clone());
        let muted = Some(muted);
        self.commit(actor, vec![Change::KeepMember { channel, identity, role_sid: None, muted }])
            .await
    }

    /// Asks whether somebody may come in who is not in yet. Gives whether anybody was asked.
    async fn ask_to_bring(
        &self,
        actor: &Actor,
        sid: &ChannelSid,
        identity: &Identity,
    ) -> Result<bool, RoomError> {
        let asker = self.asker(actor, sid, Wish::MemberAdd).await?;
        let Some(asker) = asker else { return Ok(false) };
        if self.store().member_named(sid, identity).await?.is_some() {
            return Ok(false);
        }
        let invite = self.invitation(sid, identity).await?;
        let role = invite.and_then(|invite| invite.role_sid);
        let role = role.as_ref().unwrap_or(asker.member_role());
        let tell = |at: payload::Place<'_>| payload::member_add(at, sid, identity, role);
        self.ask(&asker, actor, tell).await?;
        Ok(true)
    }

    /// Asks whether a member may leave, or be made to. Gives whether anybody was asked.
    async fn ask_to_send_away(
        &self,
        actor: &Actor,
        member: &MemberRecord,
    ) -> Result<bool, RoomError> {
        let asker = self.asker(actor, &member.channel, Wish::MemberRemove).await?;
        let Some(asker) = asker else { return Ok(false) };
        let facts = MemberFacts {
            channel: &member.channel,
            sid: &member.sid,
            identity: &member.identity,
            role: member.role_sid.as_ref().unwrap_or(asker.member_role()),
            attributes: &member.attributes,
        };
        self.ask(&asker, actor, |at| payload::member_remove(at, facts)).await?;
        Ok(true)
    }

    /// What part somebody plays whom people bring in: an agent is an agent.
    pub(super) async fn part(&self, actor: &Actor, identity: &Identity) -> Result<Role, RoomError> {
        let agent = self.store().agent(&actor.party.account, identity).await?;
        Ok(if agent.is_some() { Role::Agent } else { Role::Guest })
    }

    async fn member(&self, sid: &ChannelSid, who: &Who) -> Result<MemberRecord, RoomError> {
        let found = match who {
            Who::Identity(identity) => self.store().member_named(sid, identity).await?,
            Who::Sid(member) => self.store().member(sid, member).await?,
        };
        found.ok_or(RoomError::NoMember)
    }

    async fn invitation(
        &self,
        sid: &ChannelSid,
        identity: &Identity,
    ) -> Result<Option<InviteRecord>, RoomError> {
        let found = self.store().invites(sid, std::slice::from_ref(identity), 0, 1).await?;
        Ok(found.into_iter().next())
    }
}
