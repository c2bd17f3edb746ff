//! From an HTTP request to a websocket: whether there is room for it, from where it comes, and the
//! answers. What is spoken on it is its front's matter.

use std::net::IpAddr;

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{
    Fronts,
    answer::{self, RestAnswer},
    origin::RequestOrigin,
};
use crate::{
    live::registry::{Full, Ticket},
    websocket::handshake::{Accept, Refusal},
};

/// Seconds after which somebody who found no room may come again.
const RETRY_SECONDS: u64 = 5;

/// Lets a connection in: from a page of a site of ours, or from no page, and while there is room.
///
/// # Errors
/// The answer that refuses it.
pub(crate) async fn admit(
    fronts: &Fronts,
    peer: IpAddr,
    headers: &HeaderMap,
) -> Result<(RequestOrigin, Ticket), RestAnswer> {
    if !fronts.app.is_ready() {
        return Err(RestAnswer::unavailable("the server is about to stop", RETRY_SECONDS));
    }
    let from = RequestOrigin::of(fronts, headers)?;
    if let RequestOrigin::Page(origin) = &from
        && fronts.site_at(origin).await?.is_none()
    {
        return Err(RestAnswer::foreign_origin(origin, None));
    }
    let ticket = fronts.app.registry.admit(peer).map_err(|full| match full {
        Full::Total => RestAnswer::unavailable("too many connections", RETRY_SECONDS),
        Full::Address => {
            RestAnswer::too_many("too many connections from this address", RETRY_SECONDS * 1000)
        }
    })?;
    Ok((from, ticket))
}

/// 101: from here on it is a websocket.
pub(crate) fn switch(accept: &Accept) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    if let Some(protocol) = &accept.subprotocol
        && let Ok(protocol) = HeaderValue::from_str(protocol)
    {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    if let Ok(key) = HeaderValue::from_str(&accept.key) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, key);
    }
    response
}

/// Why the request does not become a websocket.
pub(crate) fn refused(refusal: Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response =
        RestAnswer::new(status, answer::BAD_REQUEST, refusal.to_string()).into_response();
    let headers = response.headers_mut();
    match refusal {
        Refusal::UpgradeRequired => {
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        }
        Refusal::Version => {
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        }
        Refusal::Bad(_) | Refusal::Subprotocol => {}
    }
    response
}
