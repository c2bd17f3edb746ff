//! The Frontdesk chat widget.
//!
//! The loader fetches this module when a visitor opens the chat, and calls [`mount`] with an element
//! of its shadow root. From there on: [`app`] holds what the views need, [`state`] the signals they
//! read, [`view`] the views, [`notices`] what carries the client's news into the signals. What is
//! decided is decided in `frontdesk-client`; what touches the browser is in `frontdesk-browser`.

pub mod app;
pub mod lines;
pub mod mount;
pub mod notices;
pub mod state;
pub mod style;
pub mod ui;
pub mod view;
pub mod words;

pub use frontdesk_client::text;
pub use mount::{Handle, crash, mount, silence};
