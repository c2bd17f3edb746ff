//! What happened in objects since: streams are read from a position on, and translated.
//!
//! One way for all: what is replayed after a gap and what happens now are read alike, so that a
//! client sees the same either way. Of a document, and of an item that changed several times, the
//! newest state is told once, under the newest number.

mod channel;
mod mine;

use std::collections::BTreeSet;

use frontdesk_protocol::{ChannelSid, Stream, UserSid};
use serde_json::json;

use super::{
    calls::find,
    objects::{Note, Object, Topic, info, note::Change},
    sessions::Sessions,
};
use crate::{app::App, rooms::Actor, storage::StoreError};

/// Most events of a stream in one piece.
const PIECE: usize = 32;

/// What is wanted to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// In this object.
    pub object: Object,
    /// After the event with this number; `None` is: from now on.
    pub after: Option<u64>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fed {
    /// In the order in which it happened.
    pub notes: Vec<Note>,
    /// What each object is known up to now.
    pub upto: Vec<(Object, u64)>,
    /// Objects that are not there any more, or not theirs.
    pub lost: Vec<Object>,
    /// Channels in which the reader's own place changed.
    pub own: Vec<ChannelSid>,
    /// Whether there is more.
    pub more: bool,
}

/// What is read with.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) app: &'a App,
    pub(super) sessions: &'a Sessions,
    pub(super) actor: &'a Actor,
}

/// What happened in objects of one topic. `refresh` are channels whose place among the user's own
/// is to be told anew.
pub(super) async fn read(
    reader: Reader<'_>,
    topic: &Topic,
    wishes: Vec<Wish>,
    refresh: &BTreeSet<ChannelSid>,
) -> Result<Fed, StoreError> {
    let mut fed = match topic {
        Topic::Stream(Stream::Channel(sid)) => channel::read(reader, sid, &wishes).await?,
        Topic::Stream(Stream::User(sid)) => mine::read(reader, sid, &wishes, refresh).await?,
        Topic::Stream(Stream::Queue(_)) => Fed::default(),
        Topic::User(sid) => user(reader, sid, &wishes).await?,
        Topic::Session(sid) => session(reader, sid, &wishes),
    };
    // Asked after the read: who may see it now could then.
    for Wish { object, .. } in wishes {
        if !find::may_see(reader.app, reader.sessions, reader.actor, &object).await? {
            fed.notes.retain(|note| note.object != object);
            fed.upto.retain(|(known, _)| *known != object);
            fed.lost.push(object);
        }
    }
    Ok(fed)
}

async fn user(reader: Reader<'_>, sid: &UserSid, wishes: &[Wish]) -> Result<Fed, StoreError> {
    let mut fed = Fed::default();
    let Some(record) = reader.app.store().user_record(sid).await? else { return Ok(fed) };
    let head = info::head(&record);
    for Wish { object, after } in wishes {
        if after.is_some_and(|after| after < head) {
            for (key, data) in info::items(&record.user) {
                let change = Change::Updated { key: json!(key), data };
                let (object, ts) = (object.clone(), record.updated);
                fed.notes.push(Note { object, id: head, ts, change });
            }
        }
        fed.upto.push((object.clone(), head));
    }
    Ok(fed)
}

fn session(reader: Reader<'_>, sid: &str, wishes: &[Wish]) -> Fed {
    let mut fed = Fed::default();
    let (party, now) = (&reader.actor.party, reader.app.now());
    for Wish { object, after } in wishes {
        let found = reader.sessions.after(sid, party, now, after.unwrap_or(0));
        if let Some((notes, head)) = found {
            fed.notes.extend(notes);
            fed.upto.push((object.clone(), head));
        }
    }
    fed
}
