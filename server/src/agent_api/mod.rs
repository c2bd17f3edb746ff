//! What the agents' console asks for: signing in and out, a token for the Chat connection, taking
//! and closing chats. Same Origin only, held by a cookie that no script can read.

mod cookie;
pub(crate) mod session;
pub(crate) mod tasks;

use axum::{
    extract::{FromRequestParts, Request},
    http::request::Parts,
};
use http::HeaderMap;

use crate::{
    auth::session::SignedIn,
    http::{Fronts, answer::RestAnswer, origin::RequestOrigin},
};

/// The agent who is signed in; 401 if nobody is.
pub(crate) struct SignedInAgent(pub(crate) SignedIn);

impl FromRequestParts<Fronts> for SignedInAgent {
    type Rejection = RestAnswer;

    async fn from_request_parts(parts: &mut Parts, fronts: &Fronts) -> Result<Self, RestAnswer> {
        let nobody = || RestAnswer::unauthorized("nobody is signed in");
        let id = cookie::read(fronts, &parts.headers).ok_or_else(nobody)?;
        Ok(Self(fronts.app.sessions.find(&id).await?.ok_or_else(nobody)?))
    }
}

/// A request that one of our own pages made: everything that changes something needs it, because
/// a cookie alone says nothing about who asked.
pub(crate) struct OwnPage;

impl FromRequestParts<Fronts> for OwnPage {
    type Rejection = RestAnswer;

    async fn from_request_parts(parts: &mut Parts, fronts: &Fronts) -> Result<Self, RestAnswer> {
        let refused = || RestAnswer::forbidden("only the console's own page may ask this");
        match RequestOrigin::of(fronts, &parts.headers)? {
            RequestOrigin::Own(_) => {}
            RequestOrigin::Nowhere | RequestOrigin::Page(_) => return Err(refused()),
        }
        match parts.headers.get("sec-fetch-site").map(|site| site.as_bytes()) {
            None | Some(b"same-origin") => Ok(Self),
            Some(_) => Err(refused()),
        }
    }
}

/// 415 unless the request says that it carries JSON, which a form of another page cannot.
pub(crate) fn expect_json(headers: &HeaderMap) -> Result<(), RestAnswer> {
    let json = headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.to_ascii_lowercase().starts_with("application/json"));
    if json { Ok(()) } else { Err(RestAnswer::unsupported("the body has to be application/json")) }
}

/// The headers of a request whose body says nothing.
pub(crate) fn bodiless(request: &Request) -> Result<(), RestAnswer> {
    expect_json(request.headers())
}
