//! The requests of HTTP that clients carry over the connection: the router, and a file a kind.
//!
//! [`find`] says which object an address names and whether they may see it, [`sync`] reads objects,
//! [`session`] takes commands and [`command`] does them, [`lists`], [`users`] and [`typing`] are
//! what is asked beside objects. Each translates; who may do what is decided in [`crate::rooms`].

mod answer;
mod command;
pub(super) mod find;
mod lists;
mod pages;
mod session;
mod sync;
mod typing;
mod users;

pub use answer::Answer;

use super::{incoming::Call, objects::Kind, sessions::Sessions};
use crate::{app::App, rooms::Actor, storage::Store};

/// A request, with who asks and whom to ask.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) app: &'a App,
    pub(super) sessions: &'a Sessions,
    pub(super) actor: &'a Actor,
    pub(super) call: &'a Call,
    /// Where addresses begin.
    pub(super) root: &'a str,
}

impl Ask<'_> {
    fn store(&self) -> &dyn Store {
        self.app.store()
    }
}

/// Answers a request.
pub(super) async fn answer(ask: Ask<'_>) -> Answer {
    let path: Vec<&str> = ask.call.path.iter().map(String::as_str).collect();
    let result = match (ask.call.method.as_str(), path.as_slice()) {
        ("POST", ["v3", "Lists"]) => session::make(ask).await,
        ("GET", ["v3", "Lists", sid, "Context"]) => session::context(ask, sid),
        ("POST", ["v3", "Lists", sid, "Items"]) => session::push(ask, sid).await,
        ("GET", ["v3", "Documents", name]) => sync::describe(ask, Kind::Document, name).await,
        ("GET", ["v3", "Lists", name]) => sync::describe(ask, Kind::List, name).await,
        ("GET", ["v3", "Maps", name]) => sync::describe(ask, Kind::Map, name).await,
        ("GET", ["v3", "Lists", name, "Items"]) => sync::items(ask, Kind::List, name).await,
        ("GET", ["v3", "Maps", name, "Items"]) => sync::items(ask, Kind::Map, name).await,
        ("GET", ["v3", "SyncList"]) => lists::sync_list(ask).await,
        ("GET", ["v3", "MyChannels"]) => lists::mine(ask).await,
        ("GET", ["v3", "PublicChannels"]) => lists::public(ask).await,
        ("GET", ["v3", "PublicChannels", name]) => lists::one(ask, name).await,
        ("GET", ["v3", "Users"]) => users::list(ask).await,
        ("GET", ["v3", "Users", identity]) => users::fetch(ask, identity).await,
        ("POST", ["v1", "typing"]) => typing::typing(ask).await,
        _ => Err(Answer::error(404, 20_404, "there is nothing at this address")),
    };
    result.unwrap_or_else(|refusal| refusal)
}
