//! Limits of the wire. The server tells those in [`Limits`] to the client in `welcome`, so that a
//! later one may lower or raise them; the constants hold everywhere.

use serde::Serialize;

use crate::readable;

/// Longest message body in bytes of UTF-8: the retired service's limit (twilio docs, "Chat
/// limits": 32 KB; `flex-webchat-ui@2.9.4` `charLimit: 32768`).
pub const BODY_BYTES: usize = 32_768;
/// Longest frame in bytes, either way. A full body, every byte escaped, fits.
pub const FRAME_BYTES: usize = 262_144;
/// Longest first frame (`hello`) in bytes.
pub const HELLO_BYTES: usize = 65_536;
/// Longest message or member attributes, in bytes of JSON.
pub const MESSAGE_ATTRIBUTES_BYTES: usize = 4_096;
/// Longest channel attributes, in bytes of JSON.
pub const CHANNEL_ATTRIBUTES_BYTES: usize = 16_384;
/// Deepest nesting of JSON that is read.
pub const JSON_DEPTH: usize = 8;
/// Most items in one `evs` or `page`.
pub const PAGE_ITEMS: usize = 200;
/// Most bytes of items in one `evs` or `page`, one item excepted.
pub const PAGE_BYTES: usize = 65_536;
/// Messages in a snapshot's newest page, and in one page of history.
pub const SNAPSHOT_ITEMS: usize = 50;
/// Most sends of one channel that a client leaves unanswered.
pub const IN_FLIGHT: usize = 8;
/// Most streams one connection follows.
pub const STREAMS: usize = 200;

/// What the server allows this connection; part of `welcome`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Longest message body in bytes of UTF-8.
    pub body_bytes: usize,
    /// Longest frame in bytes.
    pub frame_bytes: usize,
    /// Most unanswered sends of one channel.
    pub in_flight: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body_bytes: BODY_BYTES, frame_bytes: FRAME_BYTES, in_flight: IN_FLIGHT }
    }
}

readable! { Limits { body_bytes, frame_bytes, in_flight } }
