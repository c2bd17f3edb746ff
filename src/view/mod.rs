//! The views: one component a file. A view reads signals and dispatches, and does nothing else.
//!
//! [`root`] is the whole; below it [`header`], [`banner`], [`form`] (of [`field`]s), [`starting`]
//! and [`chat`], which is the [`timeline`] (of [`row`]s) above the [`composer`], the [`tray`] or
//! the [`ending`]. [`announcer`] is what a screen reader hears.
//!
//! Every `view!` has the scope class `fd`, nested ones too: it turns off the macro's inert HTML,
//! which goes through `innerHTML` and is refused under Trusted Types. `tests/views/names.rs`
//! holds it so. States that change are `data-is` words and `hidden`, so that one closure redraws
//! attributes where several would redraw views.

pub mod announcer;
pub mod banner;
pub mod chat;
pub mod composer;
pub mod ending;
pub mod field;
pub mod form;
pub mod header;
pub mod icon;
pub mod root;
pub mod row;
pub mod starting;
pub mod timeline;
pub mod tray;
