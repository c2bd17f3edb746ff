//! What every resource of the REST API is made of: the API that the retired service's client
//! libraries talk to.
//!
//! A handler takes what the address names, then a [`Listing`] for a list, then who asks (an account,
//! proven) with the form: a [`Caller`] and [`Params`], or `chat_api`'s `Ask`, which is both. It
//! answers a type of its own. In this order: nobody's body is read before they have shown who they
//! are. What it says in `utoipa::path` is how it is routed, and all of its description for programs
//! ([`crate::openapi`]). From `chat_api/roles.rs`:
//!
//! ```text
//! /// A role: permissions under a name.
//! #[derive(Debug, Serialize, ToSchema)]
//! pub(crate) struct Role { … }
//!
//! /// A page of roles.
//! #[derive(Debug, Serialize, ToSchema)]
//! pub(crate) struct Roles { meta: Meta, roles: Vec<Role> }
//!
//! /// The roles of a service.
//! #[utoipa::path(
//!     get, path = "/v2/Services/{service}/Roles", tag = "Roles",
//!     params(Pages),
//!     responses((status = 200, description = "A page of roles.", body = Roles)),
//! )]
//! pub(crate) async fn list(Path(service): Path<String>, listing: Listing, ask: Ask) -> Answer {
//!     let scope = Scope::of(&ask, &service).await?;
//!     let after = listing.after().unwrap_or(0);
//!     let found = ask.store().roles(scope.sid(), after, listing.most()).await?;
//!     let items = found.iter().map(|role| (role.n, show(&ask, &scope, role)));
//!     let (meta, roles) = ask.page(&listing, "roles", items.collect());
//!     Ok(ask::found(&Roles { meta, roles }))
//! }
//! ```
//!
//! A new resource is such a file and a line of [`crate::router`] for each of its addresses:
//! `.routes(routes!(roles::list, roles::create))`, the handlers of one address together. A form is
//! described by a struct beside its handler, `rename_all = "PascalCase"`, and read by [`Params`]; the
//! errors that follow from what an operation is are described for it, [`Conflict`] and [`Forbidden`]
//! it names itself. The first line of a doc comment is what people read first. Names in an address
//! have their words in `openapi/complete.rs`.
//!
//! [`Conflict`]: crate::openapi::refusals::Conflict
//! [`Forbidden`]: crate::openapi::refusals::Forbidden
//!
//! The rules that hold for all of them:
//! - `Authorization: Basic` of the account's SID and auth token, or of an API key's SID and secret;
//!   anything else is 401, code 20003.
//! - What is another account's is answered like what is not there: 404, code 20404 ([`unknown`]).
//! - Forms are `application/x-www-form-urlencoded`, of at most 128 KiB (413), names in `PascalCase`. A
//!   name that is not known is not looked at. A parameter that is missing, given twice where one
//!   belongs, or malformed is 400, code 20001, and the message begins with its name.
//! - A list is in the order things were made, 50 a page. `PageSize` of more than 1,000 gives 1,000,
//!   because the libraries ask for the caller's whole limit; one below 1 is 400. `PageToken` is
//!   opaque, and only good for the account, list and filters it was given for. Links are absolute.
//! - Dates are ISO 8601 to the second, [`crate::http::time`].

mod caller;
mod listing;
mod page_token;
mod params;
pub(crate) mod schema;

pub(crate) use caller::{Caller, program};
pub(crate) use listing::{Listing, Meta};
pub(crate) use params::{Params, read};

use axum::response::Response;

use crate::http::answer::RestAnswer;

/// What a handler answers.
pub(crate) type Answer = Result<Response, RestAnswer>;

/// 404 for what is not there, or is not the caller's. `what` is a noun: `channel`.
pub(crate) fn unknown(what: &str, sid: &str) -> RestAnswer {
    RestAnswer::not_found(format!("there is no {what} {sid:.64}"))
}
