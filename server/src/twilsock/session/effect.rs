//! What a session asks of the world.

use std::collections::BTreeSet;

use bytes::Bytes;
use frontdesk_protocol::{ChannelSid, CloseCode, Stream};
use serde_json::Value;

use super::{
    super::{feed::Wish, incoming::Call, objects::Topic},
    event::Sought,
};

/// A request; where an answer is named, exactly one comes back as that [`super::Event`].
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Check this token and the Origin with it. Answer: [`super::Event::Verified`].
    Verify {
        /// The token.
        token: String,
    },
    /// From now on the connection is whom the last good verdict named.
    Adopt,
    /// Answer this request. Answer: [`super::Event::Answered`].
    Call {
        /// To be given back.
        number: u64,
        /// The request.
        call: Call,
    },
    /// Which objects are these? Answer: [`super::Event::Resolved`].
    Resolve {
        /// To be given back.
        correlation: Value,
        /// The objects.
        sought: Vec<Sought>,
    },
    /// Tell from now on when something happens in this stream.
    Follow(Stream),
    /// Do not any more.
    Unfollow(Stream),
    /// Read what happened. Answer: [`super::Event::Fed`].
    Feed {
        /// To be given back.
        number: u64,
        /// In this topic.
        topic: Topic,
        /// To these objects.
        wishes: Vec<Wish>,
        /// Channels whose place among the user's own is to be told anew.
        refresh: BTreeSet<ChannelSid>,
    },
    /// Ask whether the client is there, by the websocket's own ping.
    Ping,
    /// Write a binary frame after all others.
    Send(Bytes),
    /// Close the connection. It is the last effect of a session.
    Close {
        /// With this code.
        code: CloseCode,
        /// For the close frame and the log.
        reason: &'static str,
        /// Whether what is queued still goes out before.
        flush: bool,
    },
}
