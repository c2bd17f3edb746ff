//! Who hears of what: the addresses an account's programs want to be told at, or asked at before.
//!
//! [`event`] names what there is to hear of, [`payload`] says in which words it is told, [`hooks`]
//! what a service and a channel want to hear. [`Listeners`] knows the hooks without asking the store
//! (as far as it can), and makes the deliveries that are committed together with what they tell of.
//! [`ask`] asks before something is done, and [`reply`] reads the answer. That a delivery arrives is
//! for [`crate::hooks`].

mod ask;
mod book;
pub mod event;
pub mod hooks;
pub mod payload;
mod programs;
pub mod reply;
mod tell;
mod turns;

pub use ask::{Asked, Asker, Asks, Oracle, Question};
pub use book::Listeners;
pub use event::{Event, Wish};
pub use programs::Programs;
pub(crate) use tell::rewired;
