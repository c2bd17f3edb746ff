//! Our own server side of RFC 6455, from the upgrade to the last close frame.
//!
//! What happens to a frame is decided without I/O in [`decode`] and [`close`]; [`socket`] is the one
//! place that reads and writes. Text and binary both pass through, because a front may speak either.
//! This module knows nothing of chat, tokens or JSON.
//!
//! # Why not a library
//! tungstenite (below axum and tokio-tungstenite) joins the fragments of a message inside itself, so
//! that empty continuation frames can be neither counted nor timed from outside; it ends a broken
//! connection without the close frame that says why, and its buffers cost an idle connection 134 KiB
//! as axum sets them up. The framing is small, has not changed since 2011, and a table of raw bytes
//! holds it to the letter: what is left of a library's worth is less than what it would hide.
//!
//! Source: RFC 6455; the cases follow the Autobahn test suite.

pub mod close;
pub mod decode;
pub mod encode;
pub mod handshake;
pub mod socket;

pub use close::Violation;
pub use decode::{Decoder, Limits, Message};
pub use encode::Opcode;
pub use socket::{Socket, Step};
