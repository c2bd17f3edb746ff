//! The Programmable Chat REST API, version 2: what an account's own servers read and write.
//!
//! A file a resource, on what [`crate::rest`] has for all APIs. Each checks what is asked, hands changes to the log, so that whoever is
//! connected has them at once, and reads the answer from the store's books ([`crate::storage::Chats`]).
//! [`scope`] finds what an address names, and is where another account's things are not there;
//! [`refused`] has the retired service's codes.

mod ask;
pub(crate) mod channels;
pub(crate) mod invites;
pub(crate) mod members;
pub(crate) mod messages;
mod refused;
pub(crate) mod roles;
mod scope;
pub(crate) mod services;
mod settings;
pub(crate) mod user_channels;
pub(crate) mod users;
pub(crate) mod webhooks;
