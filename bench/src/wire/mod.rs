//! What is said on either server's websocket: ours, and socket.io's own.

mod chat1;
mod socket_io;

use anyhow::Result;

/// Which of the two is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    /// Our Chat connection.
    Chat1,
    /// Engine.IO 4 and Socket.IO 5 over a bare websocket.
    SocketIo,
}

/// Somebody in a channel.
#[derive(Debug, Clone)]
pub(crate) struct Guest {
    /// Who.
    pub(crate) identity: String,
    /// The channel's id.
    pub(crate) channel: String,
    /// What the server takes as proof; the peer asks for none.
    pub(crate) token: String,
}

/// What a frame from the server means to the load client.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// This has to be answered.
    Answer(String),
    /// The channel is followed: messages may be sent.
    Ready,
    /// The sender is told that the message is durable.
    Stored(u128),
    /// The message was not taken.
    Refused(u128, String),
    /// Somebody said these in the channel.
    Messages(Vec<u128>),
    /// Nothing that matters here.
    Nothing,
}

impl Wire {
    /// The path of the websocket.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Chat1 => "/chat",
            Self::SocketIo => "/socket.io/?EIO=4&transport=websocket",
        }
    }

    /// The subprotocol's header line, if it has one.
    pub(crate) const fn subprotocol(self) -> &'static str {
        match self {
            Self::Chat1 => "Sec-WebSocket-Protocol: frontdesk.chat.v1\r\n",
            Self::SocketIo => "",
        }
    }

    /// The client's first word, if it has the first.
    pub(crate) fn greeting(self, guest: &Guest) -> Option<String> {
        match self {
            Self::Chat1 => Some(chat1::hello(guest)),
            Self::SocketIo => None,
        }
    }

    /// Reads a frame from the server.
    ///
    /// # Errors
    /// It is no frame of this wire, or it ends the connection.
    pub(crate) fn hear(self, guest: &Guest, text: &str) -> Result<Heard> {
        match self {
            Self::Chat1 => chat1::hear(text),
            Self::SocketIo => socket_io::hear(guest, text),
        }
    }

    /// A message.
    pub(crate) fn message(self, guest: &Guest, cid: u128, body: &str) -> String {
        match self {
            Self::Chat1 => chat1::message(guest, cid, body),
            Self::SocketIo => socket_io::message(cid, body),
        }
    }
}
