//! The agent console: the chats that wait, and the conversation on the desk.
//!
//! [`app`] is the loop: it owns the client and everything that lives long, takes the [`wish`]es of
//! the [`view`]s and keeps the signals of [`state`] as the client says. [`desk`] holds what is
//! worked out without a browser. This crate names no `web_sys`: the world is `frontdesk-browser`'s.

pub mod app;
pub mod cells;
pub mod desk;
pub mod state;
pub mod view;
pub mod wish;
