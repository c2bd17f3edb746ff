//! Our Chat connection, by the types of `frontdesk_protocol`.

use anyhow::{Result, bail};
use frontdesk_protocol::{
    Event, EventKind,
    frame::{Advertised, ClientFrame, ServerFrame},
};
use serde_json::json;

use super::{Guest, Heard};

/// The first frame.
pub(super) fn hello(guest: &Guest) -> String {
    json!({"t": "hello", "tok": guest.token, "inst": "bench", "ch": [{"id": guest.channel}]})
        .to_string()
}

/// A message.
pub(super) fn message(guest: &Guest, cid: u128, body: &str) -> String {
    json!({"t": "send", "ch": guest.channel, "cid": format!("{cid:032x}"), "body": body})
        .to_string()
}

/// Reads a frame.
pub(super) fn hear(text: &str) -> Result<Heard> {
    let Some(frame) = ServerFrame::parse(text)? else { return Ok(Heard::Nothing) };
    Ok(match frame {
        ServerFrame::Live(_) => Heard::Ready,
        ServerFrame::Ack(ack) => Heard::Stored(ack.cid.0),
        ServerFrame::Nack(nack) => match nack.cid {
            Some(cid) => Heard::Refused(cid.0, format!("{:?}", nack.code)),
            None => bail!("refused: {:?}", nack.code),
        },
        ServerFrame::Ev { event, .. } => Heard::Messages(cid(&event).into_iter().collect()),
        // A ping that overtakes an event makes the server send it from the store.
        ServerFrame::Evs(piece) => Heard::Messages(piece.items.iter().filter_map(cid).collect()),
        // It claims no position: this client never asks for anything again.
        ServerFrame::Ping { n, .. } => {
            Heard::Answer(ClientFrame::Pong { n, pos: Advertised::new() }.to_json())
        }
        ServerFrame::Err(error) => bail!("{}: {}", error.code, error.msg),
        ServerFrame::Welcome(_)
        | ServerFrame::Snap(_)
        | ServerFrame::Page(_)
        | ServerFrame::AuthOk { .. }
        | ServerFrame::AuthSoon { .. }
        | ServerFrame::Drain { .. }
        | ServerFrame::Typing { .. } => Heard::Nothing,
    })
}

/// The id of the message that an event says, if it does.
const fn cid(event: &Event) -> Option<u128> {
    match event.kind {
        EventKind::Msg { cid: Some(cid), .. } => Some(cid.0),
        EventKind::Msg { cid: None, .. }
        | EventKind::Edit { .. }
        | EventKind::Redact { .. }
        | EventKind::Join { .. }
        | EventKind::Leave { .. }
        | EventKind::Member { .. }
        | EventKind::Status { .. }
        | EventKind::Attributes { .. }
        | EventKind::Read { .. }
        | EventKind::Seen { .. }
        | EventKind::Task { .. }
        | EventKind::Membership { .. }
        | EventKind::Unknown { .. } => None,
    }
}
