//! What every store has to do, and what SQLite does beyond it.
//!
//! [`contract`] knows a store only by its trait; [`sqlite`] runs it.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the answer")]

mod chats;
mod contract;
mod flex;
mod hooks;
mod keys;
mod media;
mod sqlite;
mod world;
