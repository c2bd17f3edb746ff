//! What the agent sees: one component a file. A view reads signals and dispatches wishes, and does
//! nothing else.
//!
//! Every `view!` carries the scope class `fd`. It is what keeps leptos from building static parts
//! through `innerHTML`, which a page under Trusted Types refuses; a test looks that none is without.

#![expect(unreachable_pub, reason = "the component macro makes the props of each component public")]

mod avatar;
mod banner;
mod bubble;
mod chat;
mod composer;
mod console;
mod desk;
mod details;
mod door;
mod empty;
mod file;
mod footer;
mod head;
mod icon;
mod list;
mod pane;
mod rail;
mod said;
mod tabs;
mod toast;
mod typing;

pub use console::Console;
