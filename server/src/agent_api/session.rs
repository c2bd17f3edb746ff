//! Signing in, signing out, and who is signed in.

use axum::{
    extract::{Extension, Request, State},
    response::Response,
};
use frontdesk_protocol::{Identity, QueueSid, UserSid, rest::TokenAnswer};
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};

use super::{OwnPage, SignedInAgent, bodiless, cookie};
use crate::{
    auth::session::LoginError,
    http::{
        Fronts, Peer,
        answer::{self, RestAnswer},
        body, time,
    },
};

#[derive(Deserialize)]
struct Login {
    name: String,
    password: String,
}

/// Who is signed in.
#[derive(Serialize)]
struct Me {
    identity: Identity,
    name: String,
    user_sid: UserSid,
    queue_sid: QueueSid,
}

/// `POST /console/api/login`.
pub(crate) async fn login(
    State(fronts): State<Fronts>,
    Extension(Peer(peer)): Extension<Peer>,
    _own: OwnPage,
    request: Request,
) -> Result<Response, RestAnswer> {
    let before = cookie::read(&fronts, request.headers());
    let Login { name, password } = body::read_json(request).await?;
    let (id, signed_in) =
        fronts.app.sessions.login(&name, &password, peer).await.map_err(|error| match error {
            LoginError::Wrong => RestAnswer::unauthorized("the name or the password is wrong"),
            LoginError::TooMany { after_ms } => RestAnswer::too_many("too many attempts", after_ms),
            LoginError::Store(error) => error.into(),
        })?;
    if let Some(before) = before {
        // Whoever was signed in here before is not any more.
        fronts.app.sessions.logout(&before).await?;
    }
    let seconds = signed_in.expires.since(fronts.app.now()) / 1000;
    let mut response = answer::empty(StatusCode::NO_CONTENT);
    let cookie = cookie::write(&fronts, &id, seconds);
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// `POST /console/api/logout`: the session's connections are closed with it.
pub(crate) async fn logout(
    State(fronts): State<Fronts>,
    _own: OwnPage,
    request: Request,
) -> Result<Response, RestAnswer> {
    bodiless(&request)?;
    if let Some(id) = cookie::read(&fronts, request.headers()) {
        fronts.app.sessions.logout(&id).await?;
    }
    let mut response = answer::empty(StatusCode::NO_CONTENT);
    response.headers_mut().insert(header::SET_COOKIE, cookie::write(&fronts, "", 0));
    Ok(response)
}

/// `GET /console/api/me`.
pub(crate) async fn me(SignedInAgent(signed_in): SignedInAgent) -> Response {
    let agent = signed_in.agent;
    let me = Me {
        identity: agent.identity,
        name: agent.name,
        user_sid: agent.user,
        queue_sid: agent.queue,
    };
    answer::json(StatusCode::OK, &me)
}

/// `POST /console/api/token`: a token for the Chat connection.
pub(crate) async fn token(
    State(fronts): State<Fronts>,
    _own: OwnPage,
    SignedInAgent(signed_in): SignedInAgent,
    request: Request,
) -> Result<Response, RestAnswer> {
    bodiless(&request)?;
    let (token, expires) = fronts.app.sessions.token(&signed_in);
    let token = TokenAnswer {
        token,
        identity: signed_in.agent.identity,
        roles: vec!["agent".into()],
        expiration: time::iso(expires),
        ttl: expires.since(fronts.app.now()) / 1000,
        secret: None,
    };
    Ok(answer::json(StatusCode::OK, &token))
}
