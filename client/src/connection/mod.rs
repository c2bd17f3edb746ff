//! The Chat connection: when to connect, when to wait, when to give up.
//!
//! [`state`] says where it is, [`close`] what each close code asks for, [`backoff`] how long to
//! wait, [`heartbeat`] when a socket counts as dead. They decide; [`crate::client`] carries out.

pub mod backoff;
pub mod close;
pub mod heartbeat;
mod state;

pub use state::{Connection, FailReason, SuspendReason, UNREACHABLE_TRIES};
