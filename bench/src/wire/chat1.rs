//! Our Chat connection, by the types of `frontdesk_protocol`.

use anyhow::{Result, bail};
use frontdesk_protocol::{
    EventKind,
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
        ServerFrame::Ev { event, .. } => match event.kind {
            EventKind::Msg { cid: Some(cid), .. } => Heard::Message(cid.0),
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
            | EventKind::Unknown { .. } => Heard::Nothing,
        },
        // It claims no position: this client never asks for anything again.
        ServerFrame::Ping { n, .. } => {
            Heard::Answer(ClientFrame::Pong { n, pos: Advertised::new() }.to_json())
        }
        ServerFrame::Err(error) => bail!("{}: {}", error.code, error.msg),
        ServerFrame::Welcome(_)
        | ServerFrame::Snap(_)
        | ServerFrame::Evs(_)
        | ServerFrame::Page(_)
        | ServerFrame::AuthOk { .. }
        | ServerFrame::AuthSoon { .. }
        | ServerFrame::Drain { .. }
        | ServerFrame::Typing { .. } => Heard::Nothing,
    })
}
