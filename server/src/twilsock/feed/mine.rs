//! What happened to the channels that a user is in.

use std::collections::BTreeSet;

use frontdesk_protocol::{ChannelSid, EventKind, Millis, Stream, UserSid, limits::PAGE_BYTES};
use serde_json::json;

use super::{Fed, PIECE, Reader, Wish};
use crate::{
    storage::StoreError,
    twilsock::objects::{Note, Object, my_channels, note::Change},
};

pub(super) async fn read(
    reader: Reader<'_>,
    sid: &UserSid,
    wishes: &[Wish],
    refresh: &BTreeSet<ChannelSid>,
) -> Result<Fed, StoreError> {
    let mut fed = Fed::default();
    let store = reader.app.store();
    let stream = Stream::User(sid.clone());
    let heads = store.heads(std::slice::from_ref(&stream)).await?;
    let head = heads.get(&stream).map_or(0, |head| head.head);
    for Wish { object, after } in wishes {
        let after = after.unwrap_or_else(|| my_channels::id(head));
        let from = my_channels::position(after).min(head);
        let events = store.events(&stream, from, PIECE, PAGE_BYTES).await?;
        let mut id = after;
        for event in &events.items {
            id = id.max(my_channels::id(event.seq));
            let EventKind::Membership { channel, joined } = &event.kind else { continue };
            let item = item(reader, channel).await?;
            let change = match (joined, item) {
                (true, Some(data)) => Change::Added { key: json!(channel), data },
                // It is told below that they left since.
                (true, None) => continue,
                (false, _) => Change::Removed { key: json!(channel) },
            };
            fed.notes.push(note(object, id, event.ts, change));
        }
        fed.more |= events.more;
        if !events.more {
            id = id.max(my_channels::id(head));
            for channel in refresh {
                if let Some(data) = item(reader, channel).await? {
                    id += 1;
                    let change = Change::Updated { key: json!(channel), data };
                    fed.notes.push(note(object, id, reader.app.now(), change));
                }
            }
        }
        fed.upto.push((object.clone(), id));
    }
    Ok(fed)
}

async fn item(
    reader: Reader<'_>,
    channel: &ChannelSid,
) -> Result<Option<serde_json::Value>, StoreError> {
    let store = reader.app.store();
    let membership = store.membership(channel, &reader.actor.party.identity).await?;
    let record = store.channel(channel).await?;
    Ok(record.zip(membership).map(|(record, of)| my_channels::value(&record, &of)))
}

fn note(object: &Object, id: u64, ts: Millis, change: Change) -> Note {
    Note { object: object.clone(), id, ts, change }
}
