//! What a session asks of the world.

use bytes::Bytes;
use frontdesk_protocol::{
    Body, ChannelSid, Cid, CloseCode, Stream, attributes::Attributes, frame::FetchFrom,
};

use crate::storage::Mark;

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
    /// Subscribe, and only then check the right to it and read its ends: what happens in between
    /// must not be missed. Answer: [`super::Event::Followed`].
    Follow {
        /// To be given back.
        ticket: u32,
        /// The stream.
        stream: Stream,
    },
    /// Hand out nothing of this stream any more.
    Unfollow {
        /// The stream.
        stream: Stream,
    },
    /// Read the stream as it stands, if that is still allowed. Answer:
    /// [`super::Event::SnapshotRead`].
    ReadSnapshot {
        /// To be given back.
        ticket: u32,
        /// The stream.
        stream: Stream,
    },
    /// Read what follows a position, if that is still allowed. Answer:
    /// [`super::Event::EventsRead`].
    ReadEvents {
        /// To be given back.
        ticket: u32,
        /// The stream.
        stream: Stream,
        /// The last position that is not wanted.
        after: u64,
    },
    /// Make a message durable. Answer: [`super::Event::Committed`].
    Say {
        /// Where.
        channel: ChannelSid,
        /// The sender's own id of it.
        cid: Cid,
        /// The text.
        body: Body,
        /// What programs attached.
        attributes: Attributes,
    },
    /// Move a mark. Answer: [`super::Event::Marked`].
    Move {
        /// Where.
        channel: ChannelSid,
        /// Which mark.
        mark: Mark,
        /// Up to this position.
        seq: u64,
    },
    /// Read a page of messages, if that is allowed. Answer: [`super::Event::PageRead`].
    ReadPage {
        /// Where.
        channel: ChannelSid,
        /// Which side of a position.
        from: FetchFrom,
        /// At most so many, 1 to 200.
        limit: usize,
    },
    /// Tell the others in a channel, if this connection may speak there. No answer.
    Type {
        /// Where.
        channel: ChannelSid,
        /// Whether somebody writes.
        on: bool,
    },
    /// Is the token still good, and what are the heads? Answer: [`super::Event::Rechecked`].
    Recheck {
        /// The streams.
        streams: Vec<Stream>,
    },
    /// Write a text frame after all others.
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
