//! Which object an address names, and whether somebody may see it.

use frontdesk_protocol::{ChannelSid, Identity};

use super::{Answer, Ask};
use crate::{
    app::App,
    rooms::{Actor, Place, RoomError, place},
    storage::StoreError,
    twilsock::{
        objects::{Kind, Object},
        sessions::Sessions,
    },
};

/// An object, by its name or its SID.
pub(super) async fn object(ask: Ask<'_>, kind: Kind, name: &str) -> Result<Object, Answer> {
    let (by_name, candidates) = match named(ask, name).await? {
        Named::No => (false, Object::candidates(name)),
        Named::Nothing => (true, Vec::new()),
        Named::One(object) => (true, vec![object]),
    };
    for object in candidates.into_iter().filter(|object| object.kind() == kind) {
        if may_see(ask.app, ask.sessions, ask.actor, &object).await? {
            return Ok(object);
        }
    }
    Err(absent(kind, by_name))
}

/// 404, with the code of what is missing.
pub(super) fn absent(kind: Kind, by_name: bool) -> Answer {
    let code = match kind {
        _ if by_name => 54_300,
        Kind::Document => 54_100,
        Kind::List => 54_150,
        Kind::Map => 54_200,
    };
    Answer::error(404, code, if by_name { "unique name not found" } else { "object not found" })
}

/// What a name says. A name of nothing and one of what they may not see look the same.
enum Named {
    /// It is none.
    No,
    /// There is nothing of this name.
    Nothing,
    One(Object),
}

async fn named(ask: Ask<'_>, name: &str) -> Result<Named, StoreError> {
    let Some((of, what)) = name.rsplit_once('.') else { return Ok(Named::No) };
    let make = match what {
        "channel" | "messages" | "roster" => {
            let Ok(sid) = ChannelSid::parse(of) else { return Ok(Named::Nothing) };
            return Ok(Named::One(match what {
                "channel" => Object::Channel(sid),
                "messages" => Object::Messages(sid),
                _ => Object::Roster(sid),
            }));
        }
        "info" => Object::Info,
        "channels" => Object::MyChannels,
        _ => return Ok(Named::No),
    };
    let Some(identity) = Identity::parse(of) else { return Ok(Named::Nothing) };
    let user = ask.store().user_named(&ask.actor.party.account, &identity).await?;
    Ok(user.map_or(Named::Nothing, |record| Named::One(make(record.user.sid))))
}

/// Whether somebody may see an object now. One that is not there cannot be seen.
pub(in crate::twilsock) async fn may_see(
    app: &App,
    sessions: &Sessions,
    actor: &Actor,
    object: &Object,
) -> Result<bool, StoreError> {
    let store = app.store();
    match object {
        Object::Channel(sid) => is_there(Place::find(store, actor, sid).await.map(|_| true)),
        // Who is not in a public channel sees that it is there, and no more.
        Object::Messages(sid) | Object::Roster(sid) => {
            let place = Place::find(store, actor, sid).await;
            is_there(place.map(|place| place.membership.is_some()))
        }
        Object::Info(sid) => {
            let user = store.user_record(sid).await?;
            let user = user.filter(|record| record.user.account == actor.party.account);
            let Some(user) = user else { return Ok(false) };
            Ok(place::find_user(store, actor, &user.user.identity).await?.is_some())
        }
        Object::MyChannels(sid) => {
            let user = store.user_named(&actor.party.account, &actor.party.identity).await?;
            Ok(user.is_some_and(|record| record.user.sid == *sid))
        }
        Object::Session(sid) => Ok(sessions.find(sid, &actor.party, app.now()).is_some()),
    }
}

fn is_there(place: Result<bool, RoomError>) -> Result<bool, StoreError> {
    match place {
        Ok(seen) => Ok(seen),
        Err(error) if error.is_temporary() => Err(StoreError::Closed),
        Err(_) => Ok(false),
    }
}
