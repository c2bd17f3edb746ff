//! The streams that are followed: where each one stands, and what it folds to.

mod cursor;
mod followed;
mod queue;

pub(crate) use cursor::{Accept, Cursor, Phase};
pub(crate) use followed::{Fetching, Fold, Followed};
pub use queue::Tasks;
