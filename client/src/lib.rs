//! A chat participant as state machines, without I/O.
//!
//! One door in, one door out: [`Client::update`] takes the time and one [`Event`] and answers with
//! the [`Effect`]s that somebody with a network, a disk and a clock must carry out, in that order.
//! What the views show is read from the [`Client`] itself; [`Notice`]s say what to read again.
//!
//! This crate reads no clock, draws no randomness, starts nothing and waits for nothing. A random
//! id comes in with the event that needs it; a random delay goes out as a range that the edge draws
//! from ([`Delay`]).
//!
//! The machines, one a file or folder: `token`, `opening` and `ending` (the channel), [`connection`],
//! [`outbox`], `stream` (cursors and gaps), [`timeline`], `typing`, `marks`.

pub mod client;
mod clock;
pub mod connection;
pub mod effect;
mod ending;
pub mod event;
pub mod http;
mod marks;
mod opening;
pub mod outbox;
pub mod profile;
pub mod screen;
pub mod session;
pub mod stream;
pub mod text;
pub mod timeline;
mod token;
mod typing;

pub use client::Client;
pub use clock::Day;
pub use connection::{Connection, FailReason, SuspendReason};
pub use effect::{CreateChannel, Delay, Effect, Notice, SocketId, Timer, TokenWish};
pub use event::{Event, Start};
pub use http::{Failure, RequestId};
pub use outbox::{OutboxEntry, SendFailure};
pub use profile::{GuestProfile, Profile};
pub use screen::{FieldProblem, FormState, Problem, Screen};
pub use session::{Session, Submission};
pub use timeline::{Diff, Receipt, Row, RowKey, Timeline};
