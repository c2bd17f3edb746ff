//! How fast is too fast. Pure: the time is an argument, so a test owns it.

mod address;
mod at_once;
mod bucket;
mod keyed;
mod login;
mod spans;
mod window;

pub use address::counted;
pub use at_once::{AtOnce, Taken};
pub use bucket::{Bucket, Rate};
pub use keyed::Keyed;
pub use login::LoginThrottle;
pub use spans::Spans;
pub use window::Window;
