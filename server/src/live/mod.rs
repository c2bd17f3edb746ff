//! Who is connected here, and what they are told.
//!
//! [`Live`] hands events that are durable, and typing, to the connections that follow a stream.
//! It may lose, repeat or reorder: a connection's cursor and the store put that right. It never
//! waits for a connection: whoever reads too slowly is told to read from the store instead.
//!
//! In memory; a bus between nodes will call [`Live::publish`] just as the store's feed does.
//! [`registry`] counts connections by address and by who they are.

mod hub;
mod inbox;
mod published;
pub mod registry;

pub use hub::{Live, Subscriber};
pub use inbox::{Hint, INBOX_EVENTS};
pub use published::Published;
