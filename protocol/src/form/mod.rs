//! The pre-engagement form: its schema, and the one validation that browser and server share.

mod schema;
mod validate;

pub use schema::{Choice, Field, FieldKind, Form};
pub use validate::{Answers, FieldError, validate};
