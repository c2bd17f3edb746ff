//! The Chat connection, `chat/1`: the front that the widget and the console speak to.
//!
//! [`session`] decides, without I/O; `driver` runs what it asks for against the core, one task a
//! connection; `upgrade` is the way in from HTTP, and `outdated` the way out again for clients of
//! other versions.

mod driver;
mod outdated;
pub mod session;
mod upgrade;

pub(crate) use upgrade::upgrade;
