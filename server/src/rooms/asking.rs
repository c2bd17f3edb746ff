//! Asking a program of the account's before something is done that somebody with a token wants.
//!
//! Whether their role allows it is decided first. While a program thinks, others go on: what was read
//! before it was asked, rights too, is read again before anything is done.

use frontdesk_protocol::{
    Body, ChannelSid,
    attributes::{self, Attributes},
};

use super::{Actor, RoomError, Rooms};
use crate::listeners::{
    Asked, Asker, Wish,
    payload::{Place, Told},
    reply::Changes,
};

/// Longest name, in characters: what a client may write itself.
const NAME_CHARS: usize = 256;

impl Rooms {
    /// Who wants to be asked about something in a channel, if anybody does.
    pub(super) async fn asker(
        &self,
        actor: &Actor,
        channel: &ChannelSid,
        wish: Wish,
    ) -> Result<Option<Asker>, RoomError> {
        Ok(self.asks.in_channel(&actor.source(), channel, wish).await?)
    }

    /// Asks: what the program wants changed.
    ///
    /// [`RoomError::Forbidden`] if it refuses, [`RoomError::Unavailable`] if it is not there and it
    /// is set that nothing is done then.
    pub(super) async fn ask(
        &self,
        asker: &Asker,
        actor: &Actor,
        tell: impl FnOnce(Place<'_>) -> Told,
    ) -> Result<Changes, RoomError> {
        match self.asks.ask(asker, &actor.source(), tell).await {
            Asked::Go(changes) => Ok(changes),
            Asked::No(_) => Err(RoomError::Forbidden),
            Asked::Down => Err(RoomError::Unavailable),
        }
    }
}

/// The name that a program wants, if a client could write it.
pub(super) fn name(changes: &Changes) -> Option<String> {
    let name = changes.text("FriendlyName")?;
    let fits = name.chars().take(NAME_CHARS + 1).count() <= NAME_CHARS
        && !name.chars().any(char::is_control);
    heed("FriendlyName", fits.then(|| name.to_owned()))
}

/// The text that a program wants, if it can be a message.
pub(super) fn body(changes: &Changes) -> Option<Body> {
    heed("Body", Body::parse(changes.text("Body")?).ok())
}

/// The attributes that a program wants, if they are not too long.
pub(super) fn attributes(changes: &Changes, limit_bytes: usize) -> Option<Attributes> {
    let attributes = changes.object("Attributes")?;
    let fits = attributes::fits(&attributes, limit_bytes);
    heed("Attributes", fits.then_some(attributes))
}

fn heed<T>(name: &str, wanted: Option<T>) -> Option<T> {
    if wanted.is_none() {
        tracing::warn!(name, "a program made of a wish what cannot be");
    }
    wanted
}
