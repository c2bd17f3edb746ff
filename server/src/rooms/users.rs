//! Users: their names and attributes.

use frontdesk_protocol::{
    Identity, UserSid,
    attributes::{self, Attributes},
    limits::MESSAGE_ATTRIBUTES_BYTES,
};

use super::{Actor, ActorKind, Permission, Roles, RoomError, Rooms, asking, place};
use crate::{
    listeners::{
        Wish,
        payload::{self, UserFacts},
    },
    storage::{Change, UserRecord},
};

impl Rooms {
    /// Makes the user of somebody whom the account's server vouches for, if there is none yet. A
    /// visitor becomes one by opening a chat.
    ///
    /// # Errors
    /// [`RoomError::NoUser`] for a visitor without a chat, [`RoomError::Unavailable`].
    pub async fn ensure_user(&self, actor: &Actor) -> Result<UserRecord, RoomError> {
        let (account, identity) = (&actor.party.account, &actor.party.identity);
        if let Some(user) = self.store().user_named(account, identity).await? {
            return Ok(user);
        }
        match actor.kind {
            ActorKind::Visitor => Err(RoomError::NoUser),
            ActorKind::User => {
                let change = Change::EnsureUser {
                    sid: UserSid::from_bits(self.random.bits()),
                    account: account.clone(),
                    identity: identity.clone(),
                    name: String::new(),
                };
                self.commit(actor, vec![change]).await?;
                let user = self.store().user_named(account, identity).await?;
                user.ok_or(RoomError::Unavailable)
            }
        }
    }

    /// Changes a user's name or attributes; what is `None` stays.
    ///
    /// # Errors
    /// [`RoomError`].
    pub async fn set_user(
        &self,
        actor: &Actor,
        identity: &Identity,
        name: Option<String>,
        attributes: Option<Attributes>,
    ) -> Result<UserSid, RoomError> {
        if attributes.as_ref().is_some_and(|new| !attributes::fits(new, MESSAGE_ATTRIBUTES_BYTES)) {
            return Err(RoomError::AttributesTooLong);
        }
        let user = self.editable(actor, identity).await?;
        let sid = user.user.sid.clone();
        self.pace(sid.as_str())?;
        if name.is_none() && attributes.is_none() {
            return Ok(sid);
        }
        let (mut name, mut attributes) = (name, attributes);
        let (source, account) = (actor.source(), &user.user.account);
        let askers = self.asks.in_account(&source, account, Wish::UserUpdate).await?;
        for asker in &askers {
            let facts = UserFacts {
                sid: &sid,
                identity,
                name: name.as_ref().unwrap_or(&user.user.name),
                role: user.role_sid.as_ref().unwrap_or(asker.user_role()),
                attributes: attributes.as_ref().unwrap_or(&user.user.attributes),
            };
            let tell = |at: payload::Place<'_>| payload::user_update(at, facts);
            let changes = self.ask(asker, actor, tell).await?;
            name = asking::name(&changes).or(name);
            attributes = asking::attributes(&changes, MESSAGE_ATTRIBUTES_BYTES).or(attributes);
        }
        if !askers.is_empty() {
            self.editable(actor, identity).await?;
        }
        let change = Change::KeepUser { sid: sid.clone(), name, attributes, role_sid: None };
        self.commit(actor, vec![change]).await?;
        Ok(sid)
    }

    /// A user whom they may change.
    async fn editable(&self, actor: &Actor, identity: &Identity) -> Result<UserRecord, RoomError> {
        let user = place::find_user(self.store(), actor, identity).await?;
        let user = user.ok_or(RoomError::NoUser)?;
        if *identity == actor.party.identity || self.may_edit_anybody(actor).await? {
            Ok(user)
        } else {
            Err(RoomError::Forbidden)
        }
    }

    async fn may_edit_anybody(&self, actor: &Actor) -> Result<bool, RoomError> {
        match actor.kind {
            ActorKind::Visitor => return Ok(false),
            ActorKind::User => {}
        }
        let (account, identity) = (&actor.party.account, &actor.party.identity);
        let user = self.store().user_named(account, identity).await?;
        for service in self.store().services(account).await? {
            let roles = Roles::of(self.store(), &service.sid).await?;
            let allowed = roles.is_some_and(|roles| {
                roles.allow(&roles.of_user(user.as_ref()), Permission::EditAnyUserInfo)
            });
            if allowed {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
