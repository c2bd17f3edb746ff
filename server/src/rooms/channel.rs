//! Channels: making, changing, removing them.

use frontdesk_protocol::{
    ChannelSid, Identity, MemberSid,
    attributes::{self, Attributes},
    id::ServiceSid,
    limits::CHANNEL_ATTRIBUTES_BYTES,
    state::Status,
};
use serde_json::Value;

use super::{Actor, ActorKind, Permission, Roles, RoomError, Rooms, asking};
use crate::{
    engagement::Ender,
    listeners::{
        Wish,
        payload::{self, ChannelWish},
    },
    storage::{AttributesChange, Author, Change, ChannelRecord, ChannelType, NewMember},
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

/// What somebody wants of a channel. What is `None` stays.
#[derive(Debug, Default)]
struct Wanted {
    name: Option<String>,
    /// An empty one takes it away.
    unique_name: Option<String>,
    attributes: Option<Attributes>,
}

impl Wanted {
    /// The channel as it would be.
    fn of<'a>(&'a self, channel: &'a ChannelRecord) -> ChannelWish<'a> {
        let unique_name = self.unique_name.as_ref().or(channel.unique_name.as_ref());
        ChannelWish {
            kind: channel.kind,
            name: self.name.as_ref().unwrap_or(&channel.name),
            unique_name: unique_name.map(String::as_str).filter(|name| !name.is_empty()),
            attributes: self.attributes.as_ref().unwrap_or(&channel.attributes),
        }
    }

    fn changes(self, sid: &ChannelSid, by: &Identity, status: Option<&str>) -> Vec<Change> {
        let mut changes = Vec::new();
        if self.unique_name.is_some() {
            let (channel, unique_name) = (sid.clone(), self.unique_name);
            changes.push(Change::KeepChannel { channel, unique_name, created_by: None });
        }
        let author = Author::Anybody(by.clone());
        if self.name.is_some() || self.attributes.is_some() {
            let attributes = match self.attributes {
                Some(attributes) => AttributesChange::Replace(attributes),
                None => AttributesChange::Merge(Attributes::new()),
            };
            let (channel, author) = (sid.clone(), author.clone());
            changes.push(Change::SetAttributes { channel, author, name: self.name, attributes });
        }
        if status == Some("ACTIVE") {
            let (channel, status) = (sid.clone(), Status::Active);
            changes.push(Change::SetStatus { channel, author, status });
        }
        changes
    }
}

impl Rooms {
    /// Makes a channel, in the account's first service. Who makes it is in, as its admin.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn create(&self, actor: &Actor, mut new: NewRoom) -> Result<ChannelSid, RoomError> {
        if !attributes::fits(&new.attributes, CHANNEL_ATTRIBUTES_BYTES) {
            return Err(RoomError::AttributesTooLong);
        }
        new.unique_name = new.unique_name.filter(|name| !name.is_empty());
        let (mut service, mut roles) = self.service(actor).await?;
        self.pace(service.as_str())?;
        let asker = self.asks.in_service(&actor.source(), &service, Wish::ChannelAdd).await?;
        if let Some(asker) = asker {
            let channel = ChannelWish {
                kind: new.kind,
                name: &new.name,
                unique_name: new.unique_name.as_deref(),
                attributes: &new.attributes,
            };
            let tell = |at: payload::Place<'_>| payload::channel_add(at, channel);
            let changes = self.ask(&asker, actor, tell).await?;
            new.name = asking::name(&changes).unwrap_or(new.name);
            let attributes = asking::attributes(&changes, CHANNEL_ATTRIBUTES_BYTES);
            new.attributes = attributes.unwrap_or(new.attributes);
            (service, roles) = self.service(actor).await?;
        }
        let sid = ChannelSid::from_bits(self.random.bits());
        let identity = actor.party.identity.clone();
        let user = self.ensure_user(actor).await?.user;
        let open = Change::OpenChannel {
            sid: sid.clone(),
            account: actor.party.account.clone(),
            service,
            unique_name: new.unique_name,
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
        let wanted = Wanted { name: Some(name), ..Wanted::default() };
        self.update(actor, channel, Permission::EditChannelName, wanted).await
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
        let wanted = Wanted { unique_name: Some(name), ..Wanted::default() };
        self.update(actor, channel, Permission::EditChannelName, wanted).await
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
        let wanted = Wanted { attributes: Some(attributes), ..Wanted::default() };
        self.update(actor, sid, Permission::EditChannelAttributes, wanted).await
    }

    async fn update(
        &self,
        actor: &Actor,
        sid: &ChannelSid,
        what: Permission,
        mut wanted: Wanted,
    ) -> Result<(), RoomError> {
        let mut place = self.enter(actor, sid, what).await?;
        self.pace(sid.as_str())?;
        if let Some(asker) = self.asker(actor, sid, Wish::ChannelUpdate).await? {
            let channel = wanted.of(&place.channel);
            let tell = |at: payload::Place<'_>| payload::channel_update(at, sid, channel);
            let changes = self.ask(&asker, actor, tell).await?;
            wanted.name = asking::name(&changes).or(wanted.name);
            let attributes = asking::attributes(&changes, CHANNEL_ATTRIBUTES_BYTES);
            wanted.attributes = attributes.or(wanted.attributes);
            place = self.enter(actor, sid, what).await?;
        }
        let status = wanted.attributes.as_ref().and_then(|attributes| attributes.get("status"));
        let status = status.and_then(Value::as_str).map(ToOwned::to_owned);
        let changes = wanted.changes(sid, &actor.party.identity, status.as_deref());
        self.commit(actor, changes).await.map_err(name_taken)?;
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
        let mut place = self.enter(actor, sid, Permission::DestroyChannel).await?;
        self.pace(sid.as_str())?;
        if let Some(asker) = self.asker(actor, sid, Wish::ChannelDestroy).await? {
            let channel = Wanted::default();
            let channel = channel.of(&place.channel);
            let tell = |at: payload::Place<'_>| payload::channel_destroy(at, sid, channel);
            self.ask(&asker, actor, tell).await?;
            place = self.enter(actor, sid, Permission::DestroyChannel).await?;
        }
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
