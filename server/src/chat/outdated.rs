//! A client that speaks another version of the protocol: a page that was cached, or kept open,
//! across an upgrade of the server.
//!
//! A browser does not tell a page the status of a refused upgrade, so such a client would try again
//! and again. It is let in under the name it asked for, told, and closed with 4002.

use std::borrow::Cow;

use bytes::Bytes;
use frontdesk_protocol::{
    CloseCode, SUBPROTOCOL,
    frame::{ErrorFrame, ServerFrame},
};
use http::HeaderMap;
use tokio::io::{AsyncRead, AsyncWrite};

use crate::{
    http::Fronts,
    live::registry::Ticket,
    websocket::{
        Socket, Step,
        handshake::{self, Accept},
        socket::SocketLimits,
    },
};

/// What a request is answered that asks for none of our versions, if it asks for another one.
/// Everything else about it was found good.
pub(super) fn accept(headers: &HeaderMap) -> Option<Accept> {
    let family = SUBPROTOCOL.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_version = |name: &str| {
        let number = name.strip_prefix(family).unwrap_or_default();
        (1..=4).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit())
    };
    let name = handshake::subprotocols(headers).find(|name| is_version(name))?;
    let key = headers.get(http::header::SEC_WEBSOCKET_KEY)?.to_str().ok()?;
    let subprotocol = Some(Cow::Owned(name.to_owned()));
    Some(Accept { key: handshake::accept_key(key.trim()), subprotocol })
}

/// Says that the version is not spoken, and closes. `ticket` counts the connection until then.
pub(super) async fn tell<Io>(fronts: Fronts, io: Io, ticket: Ticket)
where
    Io: AsyncRead + AsyncWrite + Unpin + Send,
{
    let reason = "this version of the protocol is not spoken any more; reload the page";
    let frame = ServerFrame::Err(ErrorFrame {
        code: "version".into(),
        fatal: true,
        msg: format!("{reason}; the server speaks {SUBPROTOCOL}"),
    });
    let text = serde_json::to_vec(&frame).expect("our frames have only string keys");
    let mut socket = Socket::new(io, SocketLimits::default());
    // The queue is empty, so there is room; without the words the code says enough.
    let _ = socket.send_text(Bytes::from(text));
    socket.close(fronts.monotonic(), CloseCode::Version.as_u16(), reason, true);
    let clock = || fronts.monotonic();
    while let Some(due) = socket.deadline() {
        tokio::select! {
            step = socket.step(&clock, true) => if matches!(step, Step::Gone) { break },
            () = fronts.timer(due) => {}
        }
    }
    drop(ticket);
}
