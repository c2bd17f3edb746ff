//! Channels: making, changing, removing them.

use frontdesk_protocol::{
    ChannelSid, MemberSid,
    attributes::{self, Attributes},
    id::ServiceSid,
    limits::CHANNEL_ATTRIBUTES_BYTES,
    state::Status,
};
use serde_json::Value;

use super::{Actor, ActorKind, Permission, Place, Roles, RoomError, Rooms};
use crate::{
    engagement::Ender,
    storage::{AttributesChange, Author, Change, ChannelType, NewMember},
};

/// A channel that is to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRoom {
    /// The name to show.
    pub name: String,
    /// Its name for programs.
    pub unique_name: Option<String>,
    /// Whether it is listed to everybody.
    pub kind: ChannelType,
    /// What it carries.
    pub attributes: Attributes,
}

impl Rooms {
    /// Makes a channel, in the account's first service. Who makes it is in, as its admin.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn create(&self, actor: &Actor, new: NewRoom) -> Result<ChannelSid, RoomError> {
        if !attributes::fits(&new.attributes, CHANNEL_ATTRIBUTES_BYTES) {
            return Err(RoomError::AttributesTooLong);
        }
        let (service, roles) = self.service(actor).await?;
        self.pace(service.as_str())?;
        let sid = ChannelSid::from_bits(self.random.bits());
        let identity = actor.party.identity.clone();
        let user = self.ensure_user(actor).await?.user;
        let open = Change::OpenChannel {
            sid: sid.clone(),
            account: actor.party.account.clone(),
            service,
            unique_name: new.unique_name.filter(|name| !name.is_empty()),
            name: new.name,
            kind: new.kind,
            created_by: identity.clone(),
            attributes: new.attributes,
            key: self.random.secret(),
        };
        let add = Change::Add {
            channel: sid.clone(),
            member: NewMember {
                sid: MemberSid::from_bits(self.random.bits()),
                role: self.part(actor, &identity).await?,
                name: if user.name.is_empty() { identity.to_string() } else { user.name },
                identity,
                attributes: Attributes::new(),
            },
            role_sid: Some(roles.of_creator()),
            most: roles.most_members(),
        };
        self.commit(actor, vec![open, add]).await.map_err(name_taken)?;
        Ok(sid)
    }

    async fn service(&self, actor: &Actor) -> Result<(ServiceSid, Roles), RoomError> {
        match actor.kind {
            ActorKind::Visitor => return Err(RoomError::Forbidden),
            ActorKind::User => {}
        }
        let account = &actor.party.account;
        let first = self.store().service_list(account, 0, 1).await?.into_iter().next();
        let service = first.ok_or(RoomError::Forbidden)?.service.sid;
        let roles = Roles::of(self.store(), &service).await?.ok_or(RoomError::Forbidden)?;
        let user = self.store().user_named(account, &actor.party.identity).await?;
        if roles.allow(&roles.of_user(user.as_ref()), Permission::CreateChannel) {
            Ok((service, roles))
        } else {
            Err(RoomError::Forbidden)
        }
    }

    /// Changes a channel's name.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn set_name(
        &self,
        actor: &Actor,
        channel: &ChannelSid,
        name: String,
    ) -> Result<(), RoomError> {
        self.enter(actor, channel, Permission::EditChannelName).await?;
        self.pace(channel.as_str())?;
        let attributes = AttributesChange::Merge(Attributes::new());
        let (channel, author) = (channel.clone(), Author::Anybody(actor.party.identity.clone()));
        let change = Change::SetAttributes { channel, author, name: Some(name), attributes };
        self.commit(actor, vec![change]).await
    }

    /// Changes a channel's name for programs; an empty one takes it away.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn set_unique_name(
        &self,
        actor: &Actor,
        channel: &ChannelSid,
        name: String,
    ) -> Result<(), RoomError> {
        self.enter(actor, channel, Permission::EditChannelName).await?;
        self.pace(channel.as_str())?;
        let (channel, unique_name) = (channel.clone(), Some(name));
        let change = Change::KeepChannel { channel, unique_name, created_by: None };
        self.commit(actor, vec![change]).await.map_err(name_taken)
    }

    /// Changes a channel's attributes. Those that say `INACTIVE` end the chat, and those that say
    /// `ACTIVE` begin it again.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn set_attributes(
        &self,
        actor: &Actor,
        sid: &ChannelSid,
        attributes: Attributes,
    ) -> Result<(), RoomError> {
        if !attributes::fits(&attributes, CHANNEL_ATTRIBUTES_BYTES) {
            return Err(RoomError::AttributesTooLong);
        }
        let place = self.enter(actor, sid, Permission::EditChannelAttributes).await?;
        self.pace(sid.as_str())?;
        let status = attributes.get("status").and_then(Value::as_str).map(ToOwned::to_owned);
        let author = Author::Anybody(actor.party.identity.clone());
        let mut changes = vec![Change::SetAttributes {
            channel: sid.clone(),
            author: author.clone(),
            name: None,
            attributes: AttributesChange::Replace(attributes),
        }];
        if status.as_deref() == Some("ACTIVE") {
            let (channel, status) = (sid.clone(), Status::Active);
            changes.push(Change::SetStatus { channel, author, status });
        }
        self.commit(actor, changes).await?;
        if status.as_deref() == Some("INACTIVE") && place.channel.status == Status::Active {
            self.engagement
                .end(sid, Ender::Account { account: place.channel.account, source: actor.source() })
                .await?;
        }
        Ok(())
    }

    /// Ends the chat and erases the channel with everything said in it.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn destroy(&self, actor: &Actor, sid: &ChannelSid) -> Result<(), RoomError> {
        let place: Place = self.enter(actor, sid, Permission::DestroyChannel).await?;
        self.pace(sid.as_str())?;
        self.engagement
            .end(sid, Ender::Account { account: place.channel.account, source: actor.source() })
            .await?;
        self.commit(actor, vec![Change::RemoveChannel { channel: sid.clone() }]).await
    }
}

/// What stands in the way here is never a member.
fn name_taken(error: RoomError) -> RoomError {
    if matches!(error, RoomError::InAlready) { RoomError::NameTaken } else { error }
}
