//! JSON: [`parse()`] and [`Object`] read and write it, [`check()`] looks strictly at what strangers
//! send.
//!
//! A visitor's page pays for every reader and writer that is made for a type. So there is one of
//! each here, for all types: the text becomes one [`Value`](serde_json::Value), which
//! [`read`](crate::read) takes types out of, and objects are written field by field.

mod parse;
mod strict;
mod write;

pub use parse::parse;
pub use strict::{StrictError, check};
pub use write::{Object, decimal, quoted};
