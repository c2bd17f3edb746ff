//! The wire of a Frontdesk chat and what is valid on it.
//!
//! Everything here is pure: types, limits, close codes, the form's schema and its validation. The
//! widget, the console and the server all read and write through these types, so that both sides
//! of a socket cannot disagree. This crate knows no I/O, no clock and no state.
//!
//! Start at [`frame`]: the frames of the Chat connection, `chat/1`.

pub mod attributes;
pub mod body;
pub mod close;
pub mod event;
pub mod form;
pub mod frame;
pub mod id;
pub mod json;
pub mod letter;
pub mod limits;
pub mod media;
#[cfg(feature = "openapi")]
mod openapi;
pub mod read;
pub mod rest;
pub mod site;
pub mod sorted;
pub mod state;
pub mod time;

pub use body::{Body, BodyError};
pub use close::CloseCode;
pub use event::{Event, EventKind};
pub use id::{
    ChannelSid, Cid, Identity, MediaSid, MemberSid, MessageSid, QueueSid, Stream, TaskSid, UserSid,
};
pub use limits::Limits;
pub use media::Media;
pub use time::Millis;

/// The websocket subprotocol of this version, for `Sec-WebSocket-Protocol`.
pub const SUBPROTOCOL: &str = "frontdesk.chat.v1";
