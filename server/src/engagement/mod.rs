//! An engagement: from the form that was posted to the end of the chat.
//!
//! [`Engagement::create`] is one transaction: channel, user, member, what the flow connects, the
//! visitor's first message, the idempotency record and the continuity of the guest's tokens all come
//! to be, or nothing does.
//! The same request with the same idempotency key opens one channel, however often it comes; two
//! requests without a key are two chats, even of one guest.

mod before;
mod create;
mod end;
mod form;
mod handover;
mod opening;
mod request;
mod visitor;

use std::sync::Arc;

pub use end::{EndError, Ender, TaskError};
pub use handover::HandoverError;
pub use request::{Asker, CreateError, Opened, Request};

use crate::{listeners::Asks, log::Log, random::Random, storage::Store};

/// Opens and ends chats. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Engagement {
    log: Log,
    random: Arc<dyn Random>,
    asks: Asks,
}

impl std::fmt::Debug for Engagement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engagement").finish_non_exhaustive()
    }
}

impl Engagement {
    /// The engagements of a log; `asks` knows who is asked before a chat is opened.
    #[must_use]
    pub fn new(log: Log, random: Arc<dyn Random>, asks: Asks) -> Self {
        Self { log, random, asks }
    }

    fn store(&self) -> &dyn Store {
        self.log.store().as_ref()
    }
}
