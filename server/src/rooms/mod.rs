//! What people do to channels with their own token: who may is decided by roles.
//!
//! An account's credentials may do everything and need none of this. [`roles`] is what a role
//! allows, [`place`] finds a channel as somebody sees it, and `asking` asks the account's program
//! where it wants to be asked before; then a file for each thing that is changed. What is said goes
//! through [`crate::log::Log`], as everything does in the end.

mod asking;
mod channel;
mod error;
mod members;
mod messages;
pub mod place;
pub mod roles;
mod users;

use std::sync::Arc;

use crate::{
    engagement::Engagement,
    listeners::Asks,
    log::{Log, Source},
    random::Random,
    storage::{Change, CommitError, Party, Store},
};

pub use channel::NewRoom;
pub use error::RoomError;
pub use members::Who;
pub use place::Place;
pub use roles::{Permission, Roles};

/// Somebody with a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub party: Party,
    /// What they are.
    pub kind: ActorKind,
}

impl Actor {
    /// On whose behalf they change something.
    pub(crate) fn source(&self) -> Source {
        Source::Client(self.party.identity.clone())
    }
}

/// What somebody with a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// Anybody at all who opened a page: knows the channels they are in, and those who are in them.
    Visitor,
    /// A user whom the account's own server vouches for with an access token.
    User,
}

/// Changes channels for people. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Rooms {
    log: Log,
    engagement: Engagement,
    random: Arc<dyn Random>,
    asks: Asks,
}

impl std::fmt::Debug for Rooms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rooms").finish_non_exhaustive()
    }
}

impl Rooms {
    /// The rooms of a log; `asks` knows who is asked before something is done.
    #[must_use]
    pub const fn new(
        log: Log,
        engagement: Engagement,
        random: Arc<dyn Random>,
        asks: Asks,
    ) -> Self {
        Self { log, engagement, random, asks }
    }

    fn store(&self) -> &dyn Store {
        self.log.store().as_ref()
    }

    async fn commit(&self, actor: &Actor, changes: Vec<Change>) -> Result<(), RoomError> {
        match self.log.commit(&actor.source(), changes).await {
            Ok(_) => Ok(()),
            Err(CommitError::Store(error)) => Err(error.into()),
            Err(CommitError::Rejected { reason, .. }) => Err(reason.into()),
        }
    }

    /// Counts one of the 30 actions a second of a channel or a service.
    fn pace(&self, of: &str) -> Result<(), RoomError> {
        self.log.pace(of).map_err(|after_ms| RoomError::Rate { after_ms })
    }
}
