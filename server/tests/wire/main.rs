//! The whole server through its wires: a real listener, a real store, raw HTTP and raw websocket.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the answer")]

mod bad_input;
mod chat_api;
mod console;
mod flex_api;
mod framing;
mod hook;
mod http;
mod media;
mod one_chat;
mod proxy;
mod rest_api;
mod served;
mod socket;
mod twilsock;

#[path = "../core/world.rs"]
#[expect(dead_code, reason = "shared with the tests of the core, which use other parts of it")]
mod world;
