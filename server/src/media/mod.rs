//! Files beside messages: taking them in, giving them out, getting rid of them.
//!
//! A file comes in through [`Library::begin`]: it goes to the disk as it comes, is looked at on its
//! way ([`sniff`]), and gets into the books of the store when it is durable. From then on it is
//! known by its SID alone; the name it came with ([`name`]) is only ever told. It is said by a
//! [`crate::storage::Change::Say`], which binds it to its message, and erased with it.
//!
//! Where the bytes are is [`MediaStore`]'s matter; [`LocalMedia`] keeps them in a folder. Nothing here
//! decodes, unpacks or converts a file, and nothing knows HTTP.

mod library;
mod link;
mod local;
mod name;
mod sniff;
mod store;

pub use library::{Asker, Claim, Library, Limits, MediaError, Parts, Upload};
pub use link::{LINK_MS, Links, Signed};
pub use local::LocalMedia;
pub use sniff::{DEFAULT_TYPES, extension, is_run_by_browsers};
pub use store::{Incoming, MediaStore, Outgoing, Stored};
