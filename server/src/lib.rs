//! The Frontdesk server: fronts around one core.
//!
//! The core: [`engagement`] opens and ends chats, [`handlers`] is what a flow connects a new chat
//! with, [`rooms`] is what people do to channels as their roles allow, [`log`] is the only way
//! anything is said or changed, [`listeners`] decides who is told of it and who is asked before,
//! [`storage`] makes it durable, [`live`] tells who is connected here, [`hooks`] calls the addresses
//! that are told, [`media`] keeps files. Fronts translate a wire and decide nothing; they call the
//! core, the core calls storage and live, and nothing calls back up. [`app::App`] holds one of each
//! and is what every front is given.
//!
//! The time of day and randomness are read in [`clock`] and [`random`] and nowhere else; the clock
//! that never jumps, which timers go by, is in `http/fronts.rs`.

mod account_api;
mod agent_api;
pub mod app;
mod assets;
pub mod auth;
pub mod chat;
mod chat_api;
pub mod cli;
pub mod clock;
pub mod config;
pub mod engagement;
mod flex_api;
pub mod handlers;
pub mod hooks;
pub mod http;
pub mod jobs;
pub mod lifecycle;
pub mod limits;
pub mod listeners;
pub mod live;
pub mod log;
pub mod media;
mod media_api;
mod openapi;
pub mod random;
mod rest;
pub mod rooms;
mod router;
pub mod storage;
pub mod telemetry;
pub mod twilsock;
pub mod websocket;
