//! The views: one component a file. A view shows what the client has told,
//! and dispatches. Only what is on the screen alone is its own to set: which overlay is open, the
//! draft, the answers given so far, where the scroller stands.
//!
//! [`root`] is the whole; below it [`header`], [`banner`], [`form`] (of [`field`]s), [`starting`]
//! and [`chat`], which is the [`timeline`] (of [`row`]s) above the [`composer`], the [`tray`] or
//! the [`ending`]. [`announcer`] is what a screen reader hears.
//!
//! Each makes its elements once, by [`ui`](crate::ui), and writes into them what changes. States
//! that the stylesheet tells apart are `data-is` words and `hidden`.

pub mod announcer;
pub mod banner;
pub mod button;
pub mod chat;
pub mod composer;
pub mod ending;
pub mod field;
pub mod file;
pub mod form;
pub mod header;
pub mod icon;
pub mod root;
pub mod row;
pub mod starting;
pub mod timeline;
pub mod tray;
