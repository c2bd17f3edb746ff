//! What the views are made of: elements, and effects that write into them.
//!
//! Leptos' signals and owners drive it; its `view!` is not used here. That macro gives every element
//! a type of its own, with code of its own to build, change and take away, which a visitor downloads:
//! 35 kB more, compressed. Here one [`El`] serves all, and what differs is data. No string becomes
//! markup, so the widget runs under Trusted Types.
//!
//! An [`El`] is made once and stays; what changes is written into it by an [`effect`], which runs
//! when it is made and again when a value that it read has changed. Such a value is a [`Var`]. A
//! [`list`] keeps one element for each item. Whatever is made belongs to the current owner, and ends
//! with it.

mod effect;
mod el;
mod list;
mod mount;
mod var;

pub use effect::{effect, effect_after, keep};
pub use el::{El, el, svg};
pub use list::list;
pub use mount::{Mounted, mount};
pub use var::Var;
