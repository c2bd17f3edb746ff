//! What the user said and the server has not yet stored, as far as we know.
//!
//! An entry leaves only by `ack`, by its event, by a `nack` that says never (then it stays as
//! failed until the user decides), or by the user's hand.

mod entry;
mod queue;
#[cfg(test)]
mod tests;

pub use entry::{OutboxEntry, SendFailure};
pub(crate) use queue::{Nacked, Outbox};
