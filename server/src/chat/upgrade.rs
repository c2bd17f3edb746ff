//! From an HTTP request to a Chat connection.

use axum::{
    extract::{Extension, Request, State},
    response::Response,
};
use frontdesk_protocol::SUBPROTOCOL;
use hyper_util::rt::TokioIo;

use super::{driver, outdated};
use crate::{
    http::{Fronts, Peer, answer::RestAnswer, upgrade},
    websocket::handshake::{self, Refusal},
};

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
            None => return Ok(upgrade::refused(refusal)),
        },
        Err(refusal) => return Ok(upgrade::refused(refusal)),
    };
    let (from, ticket) = upgrade::admit(&fronts, peer, headers).await?;
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
    Ok(upgrade::switch(&accept))
}
