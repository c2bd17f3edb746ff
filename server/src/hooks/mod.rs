//! Telling addresses of the account's what happened.
//!
//! What is told comes from the store's queue, where it was put in the transaction of what it tells
//! of ([`crate::storage::Hooks`]). [`courier`] decides what goes out when, and is pure; [`driver`]
//! runs it beside all requests, so that a receiver never holds up a chat. [`post`] is the one HTTP
//! call, also for who needs the answer: [`Caller::call`]. [`guard`] decides which machines may be called, [`sign`] how a receiver knows
//! that the call is ours, and [`render`] what a delivery tells.

pub mod address;
pub mod courier;
pub mod driver;
pub mod guard;
pub mod post;
pub mod render;
pub mod sign;

pub use post::{Answered, Call, CallError, Caller};
