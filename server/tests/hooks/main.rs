//! Webhooks: calls to a real receiver on this machine, and what comes of the queue.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the answer")]

mod call;
mod delivery;
mod killed;
mod receiver;
mod tls;

#[path = "../core/world.rs"]
#[expect(dead_code, reason = "shared with the tests of the core, which use other parts of it")]
mod world;
