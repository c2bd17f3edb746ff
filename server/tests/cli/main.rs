//! The binary, from outside: its commands, and the server they are given to.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "in a test a panic is the answer")]

mod agents;
mod backup;
mod console;
mod first_start;
mod names;
mod program;
mod tls;
mod webhooks;
mod wire;
