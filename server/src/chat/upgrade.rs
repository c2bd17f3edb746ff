//! From an HTTP request to a Chat connection: is it a websocket's, from where, and is there room?

use axum::{
    body::Body,
    extract::{Extension, Request, State},
    response::{IntoResponse as _, Response},
};
use frontdesk_protocol::SUBPROTOCOL;
use http::{HeaderValue, StatusCode, header};
use hyper_util::rt::TokioIo;

use super::{driver, outdated};
use crate::{
    http::{
        Fronts, Peer,
        answer::{self, RestAnswer},
        origin::RequestOrigin,
    },
    live::registry::Full,
    websocket::handshake::{self, Accept, Refusal},
};

/// Seconds after which somebody who found no room may come again.
const RETRY_SECONDS: u64 = 5;

/// `GET /chat`.
pub(crate) async fn upgrade(
    State(fronts): State<Fronts>,
    Extension(Peer(peer)): Extension<Peer>,
    mut request: Request,
) -> Result<Response, RestAnswer> {
    let (method, version) = (request.method(), request.version());
    let headers = request.headers();
    let (accept, is_spoken) = match handshake::check(method, version, headers, &[SUBPROTOCOL]) {
        Ok(accept) => (accept, true),
        Err(refusal @ Refusal::Subprotocol) => match outdated::accept(headers) {
            Some(accept) => (accept, false),
            None => return Ok(refused(refusal)),
        },
        Err(refusal) => return Ok(refused(refusal)),
    };
    if !fronts.app.is_ready() {
        return Err(RestAnswer::unavailable("the server is about to stop", RETRY_SECONDS));
    }
    let from = RequestOrigin::of(&fronts, request.headers())?;
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
    let upgraded = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        // If the upgrade fails the client is gone, and the ticket goes with it.
        let Ok(io) = upgraded.await.map(TokioIo::new) else { return };
        if is_spoken {
            driver::run(fronts, io, from, ticket).await;
        } else {
            // Boxed, so that it takes no room in the task of every other connection.
            Box::pin(outdated::tell(fronts, io, ticket)).await;
        }
    });
    Ok(switch(&accept))
}

fn switch(accept: &Accept) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    if let Ok(protocol) = HeaderValue::from_str(&accept.subprotocol) {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
    }
    if let Ok(key) = HeaderValue::from_str(&accept.key) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, key);
    }
    response
}

fn refused(refusal: Refusal) -> Response {
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
