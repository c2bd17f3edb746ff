//! From an HTTP request to a connection of an SDK.

use axum::{
    extract::{Extension, Request, State},
    response::Response,
};
use hyper_util::rt::TokioIo;

use super::driver;
use crate::{
    http::{Fronts, Peer, answer::RestAnswer, upgrade},
    websocket::handshake,
};

/// `GET /v3/wsconnect`.
pub(crate) async fn upgrade(
    State(fronts): State<Fronts>,
    Extension(Peer(peer)): Extension<Peer>,
    mut request: Request,
) -> Result<Response, RestAnswer> {
    let (method, version) = (request.method(), request.version());
    let accept = match handshake::check(method, version, request.headers(), &[]) {
        Ok(accept) => accept,
        Err(refusal) => return Ok(upgrade::refused(refusal)),
    };
    let (from, ticket) = upgrade::admit(&fronts, peer, request.headers()).await?;
    let upgraded = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        // If the upgrade fails the client is gone, and the ticket goes with it.
        let Ok(io) = upgraded.await.map(TokioIo::new) else { return };
        driver::run(fronts, io, from, ticket).await;
    });
    Ok(upgrade::switch(&accept))
}
