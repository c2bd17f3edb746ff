//! A channel as somebody sees it.

use frontdesk_protocol::{ChannelSid, Identity};

use super::{Actor, ActorKind, Permission, RoomError, Rooms, roles::Roles};
use crate::storage::{ChannelRecord, ChannelType, Membership, Store, StoreError, UserRecord};

/// A channel as somebody sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The channel.
    pub channel: ChannelRecord,
    /// Them as a member, if they are one.
    pub membership: Option<Membership>,
    /// Whether they are asked to come in.
    pub invited: bool,
    /// The roles of its service.
    pub roles: Roles,
    /// Them as a user, if the account knows them.
    pub user: Option<UserRecord>,
    kind: ActorKind,
}

impl Place {
    /// Finds a channel. One that is not there and one that they may not know of look the same.
    ///
    /// # Errors
    /// [`RoomError::NoChannel`], [`RoomError::Unavailable`].
    pub async fn find(
        store: &dyn Store,
        actor: &Actor,
        sid: &ChannelSid,
    ) -> Result<Self, RoomError> {
        let channel = store.channel(sid).await?;
        let channel = channel.filter(|channel| channel.account == actor.party.account);
        let channel = channel.ok_or(RoomError::NoChannel)?;
        let membership = store.membership(sid, &actor.party.identity).await?;
        let (mut open, mut invited) = (false, false);
        match actor.kind {
            _ if membership.is_some() => open = true,
            ActorKind::Visitor => {}
            ActorKind::User => {
                let who = std::slice::from_ref(&actor.party.identity);
                invited = !store.invites(sid, who, 0, 1).await?.is_empty();
                open = invited || channel.kind == ChannelType::Public;
            }
        }
        if !open {
            return Err(RoomError::NoChannel);
        }
        let roles = Roles::of(store, &channel.service).await?.ok_or(RoomError::NoChannel)?;
        let user = store.user_named(&actor.party.account, &actor.party.identity).await?;
        Ok(Self { channel, membership, invited, roles, user, kind: actor.kind })
    }

    /// Whether they may do something here: by their role in the channel or in the whole service.
    #[must_use]
    pub fn allows(&self, what: Permission) -> bool {
        let here = self.membership.as_ref().is_some_and(|membership| {
            self.roles.allow(&self.roles.of_member(&membership.member), what)
        });
        let everywhere = match self.kind {
            ActorKind::Visitor => false,
            ActorKind::User => self.roles.allow(&self.roles.of_user(self.user.as_ref()), what),
        };
        here || everywhere
    }

    /// The same as a check.
    ///
    /// # Errors
    /// [`RoomError::Forbidden`], or [`RoomError::NotMember`] if being one might help.
    pub fn require(&self, what: Permission) -> Result<(), RoomError> {
        match &self.membership {
            _ if self.allows(what) => Ok(()),
            Some(_) => Err(RoomError::Forbidden),
            None => Err(RoomError::NotMember),
        }
    }
}

/// A user as somebody sees them: a visitor knows whom they share a channel with.
///
/// # Errors
/// [`StoreError`] if the store failed.
pub async fn find_user(
    store: &dyn Store,
    actor: &Actor,
    identity: &Identity,
) -> Result<Option<UserRecord>, StoreError> {
    let (account, own) = (&actor.party.account, &actor.party.identity);
    let known = match actor.kind {
        ActorKind::User => true,
        ActorKind::Visitor => own == identity || share_a_channel(store, actor, identity).await?,
    };
    if known { store.user_named(account, identity).await } else { Ok(None) }
}

async fn share_a_channel(
    store: &dyn Store,
    actor: &Actor,
    identity: &Identity,
) -> Result<bool, StoreError> {
    let Some(user) = store.user_named(&actor.party.account, &actor.party.identity).await? else {
        return Ok(false);
    };
    let snapshot = store.snapshot(&user.user.sid.into(), 0).await?;
    for channel in snapshot.map(|snapshot| snapshot.state.channels).unwrap_or_default() {
        if store.membership(&channel, identity).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Rooms {
    /// A channel in which they are, and may do something.
    pub(super) async fn enter(
        &self,
        actor: &Actor,
        sid: &ChannelSid,
        what: Permission,
    ) -> Result<Place, RoomError> {
        let place = Place::find(self.store(), actor, sid).await?;
        place.require(what)?;
        Ok(place)
    }
}
