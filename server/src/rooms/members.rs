//! Members: coming in, being brought in, leaving, changing.

use frontdesk_protocol::{
    ChannelSid, Identity, MemberSid, UserSid,
    attributes::{self, Attributes},
    id::InviteSid,
    limits::MESSAGE_ATTRIBUTES_BYTES,
    state::Role,
};

use super::{Actor, Permission, Place, RoomError, Rooms};
use crate::storage::{Change, InviteRecord, MemberRecord, NewMember};

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
        let place = Place::find(self.store(), actor, sid).await?;
        if place.membership.is_some() {
            return Ok(());
        }
        if !place.invited {
            place.require(Permission::JoinChannel)?;
        }
        self.bring(actor, &place, actor.party.identity.clone()).await
    }

    /// Leaves a channel.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn leave(&self, actor: &Actor, sid: &ChannelSid) -> Result<(), RoomError> {
        self.enter(actor, sid, Permission::LeaveChannel).await?;
        self.pace(sid.as_str())?;
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
        let place = self.enter(actor, sid, Permission::AddMember).await?;
        self.bring(actor, &place, identity).await
    }

    async fn bring(
        &self,
        actor: &Actor,
        place: &Place,
        identity: Identity,
    ) -> Result<(), RoomError> {
        let (account, channel) = (actor.party.account.clone(), place.channel.sid.clone());
        self.pace(channel.as_str())?;
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
        let identity = self.member(sid, who).await?.identity;
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
