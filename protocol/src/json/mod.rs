//! JSON: [`parse()`] and [`Object`] read and write it, [`check()`] looks strictly at what strangers
//! send.
//!
//! A visitor's page pays for every reader and writer that is made for a type. So what a page reads
//! goes through one reader: the text becomes one [`Value`](serde_json::Value), which
//! [`read`](crate::read) takes types out of. And what it writes goes through one writer, field by
//! field. What only the server writes is derived by serde.

mod parse;
mod strict;
mod write;

pub use parse::parse;
pub use strict::{StrictError, check};
pub use write::{Object, decimal, quoted};
