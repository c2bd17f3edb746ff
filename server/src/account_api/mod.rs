//! What an account's owner does to the account itself: its API keys.
//!
//! The retired service's core API, of which this is the part that a chat needs.

pub(crate) mod keys;
