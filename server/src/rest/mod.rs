//! What every resource of the REST API is made of: the API that the retired service's client
//! libraries talk to.
//!
//! A handler takes a [`Caller`] (who asks: an account, proven), then a [`Listing`] for a list or
//! [`Params`] for a form, and answers with [`crate::http::answer`]. In this order: nobody's body is
//! read before they have shown who they are.
//!
//! ```text
//! async fn list(State(fronts): State<Fronts>, caller: Caller, listing: Listing) -> Answer {
//!     let most = listing.most();
//!     let found = fronts.app.store().roles(&service, listing.after().unwrap_or(0), most).await?;
//!     let items = found.into_iter().map(|role| (role.n, Role::of(&role))).collect();
//!     Ok(listing.page(&fronts, &caller, "roles", items))
//! }
//! ```
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

pub(crate) use caller::{Caller, program};
pub(crate) use listing::Listing;
pub(crate) use params::{Params, read};

use axum::response::Response;

use crate::http::answer::RestAnswer;

/// What a handler answers.
pub(crate) type Answer = Result<Response, RestAnswer>;

/// 404 for what is not there, or is not the caller's. `what` is a noun: `channel`.
pub(crate) fn unknown(what: &str, sid: &str) -> RestAnswer {
    RestAnswer::not_found(format!("there is no {what} {sid:.64}"))
}
