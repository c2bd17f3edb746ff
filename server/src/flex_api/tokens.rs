//! Guest tokens: the first of a line, and the next ones.

use axum::{
    extract::{Extension, Path, Request, State},
    response::Response,
};
use frontdesk_protocol::{
    id::AccountSid,
    rest::{RefreshRequest, TokenAnswer, TokenRequest},
};
use http::StatusCode;

use super::sites;
use crate::{
    auth::{
        continuity::{Grant, Issued, RefreshError},
        origin::Origin,
    },
    http::{
        Fronts, Peer,
        answer::{self, RestAnswer},
        body,
        origin::RequestOrigin,
        time,
    },
    limits::counted,
    openapi::refusals::{Forbidden, Unauthorized},
    storage::SiteId,
};

/// What a guest's token says they are.
const GUEST: &str = "guest";

/// A token for a new guest.
///
/// For pages of the account's sites: it takes an `Origin`, and no credentials.
#[utoipa::path(
    post, path = "/v1/Accounts/{account}/Tokens", tag = "Tokens",
    request_body = TokenRequest,
    responses((status = 200, description = "The token.", body = TokenAnswer), Forbidden),
    security(()),
)]
pub(crate) async fn create(
    State(fronts): State<Fronts>,
    Extension(peer): Extension<Peer>,
    Path(account): Path<String>,
    request: Request,
) -> Result<Response, RestAnswer> {
    let from = RequestOrigin::of(&fronts, request.headers())?;
    let asked: TokenRequest = body::read_json(request).await?;
    let account = find_account(&fronts, &account).await?;
    throttle(&fronts, peer)?;
    let (site, origin) = place(&fronts, &account, asked.site.as_deref(), from).await?;
    let grant = Grant { account, site, origin: Some(origin), continuity: asked.continuity };
    Ok(answer::json(StatusCode::OK, &token_answer(fronts.app.guests.issue(grant))))
}

/// The next token of a guest.
///
/// For pages of the account's sites: it takes an `Origin`, and no credentials.
#[utoipa::path(
    post, path = "/v1/Accounts/{account}/Tokens/refresh", tag = "Tokens",
    request_body = RefreshRequest,
    responses((status = 200, description = "The token.", body = TokenAnswer), Forbidden, Unauthorized),
    security(()),
)]
pub(crate) async fn refresh(
    State(fronts): State<Fronts>,
    Extension(peer): Extension<Peer>,
    Path(account): Path<String>,
    request: Request,
) -> Result<Response, RestAnswer> {
    let from = RequestOrigin::of(&fronts, request.headers())?;
    let asked: RefreshRequest = body::read_json(request).await?;
    let account = find_account(&fronts, &account).await?;
    throttle(&fronts, peer)?;
    let (_, origin) = place(&fronts, &account, None, from).await?;
    let RefreshRequest { secret, token } = asked;
    let (secret, token) = (secret.as_deref(), token.as_deref());
    let issued = fronts.app.guests.refresh(&account, Some(&origin), secret, token).await;
    let issued = issued.map_err(|error| match error {
        RefreshError::Nothing => RestAnswer::bad_request("give `secret` or `token`"),
        RefreshError::Refused => {
            RestAnswer::unauthorized("the secret or token is not good for a new one")
        }
        RefreshError::Store(error) => error.into(),
    })?;
    Ok(answer::json(StatusCode::OK, &token_answer(issued)))
}

/// From which page, and on which site if it names one: an Origin of that site, or of any of the
/// account's.
async fn place(
    fronts: &Fronts,
    account: &AccountSid,
    site: Option<&str>,
    from: RequestOrigin,
) -> Result<(Option<SiteId>, Origin), RestAnswer> {
    let (RequestOrigin::Own(origin) | RequestOrigin::Page(origin)) = from else {
        return Err(RestAnswer::forbidden("a guest token is for a page: the Origin is missing"));
    };
    match site {
        Some(id) => {
            let site = sites::find(fronts, id).await?;
            if site.account != *account {
                return Err(RestAnswer::not_found(format!("the account has no site {id:.64}")));
            }
            if !site.origins.contains(&origin) {
                return Err(RestAnswer::foreign_origin(&origin, Some(id)));
            }
            Ok((Some(site.id), origin))
        }
        None => {
            let sites = fronts.app.store().sites(account).await?;
            if !sites.iter().any(|site| site.origins.contains(&origin)) {
                return Err(RestAnswer::foreign_origin(&origin, None));
            }
            Ok((None, origin))
        }
    }
}

async fn find_account(fronts: &Fronts, text: &str) -> Result<AccountSid, RestAnswer> {
    let unknown = || RestAnswer::not_found(format!("there is no account {text:.64}"));
    let sid = AccountSid::parse(text).map_err(|_| unknown())?;
    match fronts.app.store().account(&sid).await? {
        Some(_) => Ok(sid),
        None => Err(unknown()),
    }
}

fn throttle(fronts: &Fronts, Peer(peer): Peer) -> Result<(), RestAnswer> {
    let taken = fronts.app.token_requests.take(counted(peer), fronts.app.now());
    taken.map_err(|after_ms| RestAnswer::too_many("too many tokens from this address", after_ms))
}

fn token_answer(issued: Issued) -> TokenAnswer {
    TokenAnswer {
        token: issued.token,
        identity: issued.identity,
        roles: vec![GUEST.into()],
        expiration: time::iso(issued.expires),
        ttl: issued.ttl_ms / 1000,
        secret: issued.secret,
    }
}
