//! The Frontdesk chat widget.
//!
//! The loader fetches this module when a visitor opens the chat, and calls [`mount`] with an element
//! of its shadow root. From there on: [`widget`] is what the views hold, [`state`] the values they
//! read, with the rows of the timeline in [`lines`], [`words`] what they say, and [`view`] the views,
//! made of what is in [`ui`]. [`notices`] carries the client's news into the values. What is decided
//! is decided in `frontdesk-client`; what touches the browser is in `frontdesk-browser`.

pub mod lines;
pub mod mount;
pub mod notices;
pub mod state;
pub mod style;
pub mod ui;
pub mod view;
pub mod widget;
pub mod words;

pub use mount::{Handle, crash, mount, silence};
