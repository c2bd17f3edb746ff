//! What is built for visitors: the library, and nothing more.
//!
//! A program of its own, because cargo leaves link-time optimisation out for a `cdylib` that is
//! also an `rlib`, and the tests need the `rlib`.

use frontdesk_widget as _;

/// Nothing: the loader calls [`frontdesk_widget::mount`] when the visitor opens the chat.
fn main() {}
