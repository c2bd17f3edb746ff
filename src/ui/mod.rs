//! What the views are made of: elements, and effects that write into them.
//!
//! Leptos' signals and owners drive it; its `view!` is not used here. That macro gives every element
//! a type of its own, with code of its own to build, change and take away, which a visitor downloads:
//! the same views cost 160 kB of WebAssembly that way. Here one [`El`] serves all, and what differs
//! is data. No string becomes markup, so the widget runs under Trusted Types.
//!
//! An [`El`] is made once and stays; what changes is written into it by an [`effect`], which runs
//! when it is made and again when a signal that it read has changed. A [`list`] keeps one element a
//! key. A value that they follow is a [`Live`] one. Whatever is made belongs to the current owner, and ends with it.

mod effect;
mod el;
mod list;
mod live;
mod mount;

pub use effect::{effect, effect_after, keep};
pub use el::{El, el, svg};
pub use list::list;
pub use live::Live;
pub use mount::{Mounted, mount};
