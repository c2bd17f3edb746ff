//! The edges of the widget and the console: everything that touches a browser.
//!
//! One capability a file. Each is small and decides nothing: what is decided is decided in
//! `frontdesk-client`. This crate alone names `web_sys` and `gloo_net`; no string of it reaches
//! `innerHTML`, so it runs under Trusted Types. What it hands out (a [`Listener`](listen::Listener),
//! a [`Timer`](timer::Timer), a [`Socket`](socket::Socket)) ends when it is dropped, so that a page
//! that mounts and destroys us a thousand times keeps nothing of us.
//!
//! Start at [`runner`]: the loop that drives a client.

pub mod clock;
pub mod element;
pub mod focus;
pub mod http;
pub mod intl;
pub mod life;
pub mod listen;
pub mod node;
pub mod page;
pub mod random;
pub mod report;
pub mod runner;
pub mod shadow;
mod slots;
pub mod socket;
pub mod storage;
pub mod timer;
pub mod upward;

/// What the views name in signatures, so that they need no `web_sys` of their own.
pub mod dom {
    pub use web_sys::{Element, Event, HtmlElement, KeyboardEvent};
}

/// The window we live in.
pub(crate) fn window() -> web_sys::Window {
    web_sys::window().expect("a widget lives in a window")
}

/// The document we live in.
pub(crate) fn document() -> web_sys::Document {
    window().document().expect("a window we are loaded in has a document")
}
