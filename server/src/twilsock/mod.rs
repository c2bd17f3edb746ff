//! The SDKs' websocket, Twilsock: the front for pages and applications that were written for the
//! retired service's own JavaScript clients.
//!
//! `upgrade` is the way in from HTTP, [`frame`] and [`incoming`] are what is on the wire,
//! [`session`] decides, without I/O, and `driver` runs what it asks for against the core. Clients
//! carry requests of HTTP over the connection: `calls` answers them. What they look at are
//! `objects`, views of the log, and `feed` says what happened in them; what they want done are
//! commands, for which `sessions` keeps the answers.
//!
//! Source: `twilsock@0.5.14`, `twilio-sync@0.12.4`, `twilio-notifications@0.5.12` and
//! `twilio-chat@3.4.0`, each by its `lib/`.

pub mod calls;
mod driver;
pub mod feed;
pub mod frame;
pub mod incoming;
pub mod objects;
pub mod session;
mod sessions;
mod upgrade;

use std::sync::Arc;

pub(crate) use upgrade::upgrade;

use crate::app::App;

/// What all connections have in common. Cheap to clone; all clones are the same.
#[derive(Debug, Clone)]
pub(crate) struct Shared {
    settings: Arc<session::Settings>,
    sessions: sessions::Sessions,
}

impl Shared {
    pub(crate) fn of(app: &App) -> Self {
        let settings = session::Settings::of(&app.config, app.store().epoch());
        Self { settings: Arc::new(settings), sessions: sessions::Sessions::default() }
    }
}
