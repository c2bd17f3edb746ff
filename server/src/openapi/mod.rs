//! The REST API's description of itself: OpenAPI 3.1, made from the handlers.
//!
//! A handler says with `#[utoipa::path]` at which address it is, what it takes and what it answers,
//! and is routed by these very words (`routes!` in [`crate::router`]): no route of the REST API is
//! without its description. Files ([`crate::media_api`]) are the SDKs' own service, and not in it.
//! Answers are described by the types that are serialised. Forms are read by
//! name, and described by a type beside the handler; that the two agree is what
//! `tests/wire/openapi.rs` sees to.
//!
//! [`complete`] adds what holds for many at once: names in addresses, credentials, the errors that
//! follow from what an operation is; [`forms`] what parameters are not. [`refusals`] are the errors
//! that an operation names itself.
//! [`serve`] answers `/openapi.json`, and `/docs`, which [`page`] makes of the same.

mod complete;
mod forms;
mod page;
pub(crate) mod refusals;
mod serve;

pub(crate) use complete::complete;
pub(crate) use serve::routes;

/// The name of the schema of errors.
const ERROR: &str = "Error";
/// The name of an account's credentials.
pub(crate) const ACCOUNT: &str = "account";
/// The name of a guest's.
pub(crate) const GUEST: &str = "guest";
