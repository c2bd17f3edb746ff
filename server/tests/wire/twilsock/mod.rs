//! The SDKs' websocket, as the SDKs speak it.

mod asked;
mod bad_input;
mod objects;
mod people;
mod rights;
mod sdk;
mod users;
