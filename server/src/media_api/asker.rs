//! Who asks: `X-Twilio-Token` with a guest's, an agent's or an access token, or an account's own
//! credentials.

use axum::extract::FromRequestParts;
use http::{HeaderName, header, request::Parts};

use crate::{
    auth::basic::{self, Basic},
    http::{
        Fronts,
        answer::RestAnswer,
        bearer::{self, BearerError},
        origin::RequestOrigin,
    },
    media::Asker,
    storage::Party,
};

const TOKEN: HeaderName = HeaderName::from_static("x-twilio-token");

/// Who asks, proven.
#[derive(Debug, Clone)]
pub(crate) struct Asking(pub(crate) Asker);

impl FromRequestParts<Fronts> for Asking {
    type Rejection = RestAnswer;

    async fn from_request_parts(parts: &mut Parts, fronts: &Fronts) -> Result<Self, RestAnswer> {
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(token) = text(TOKEN) {
            return of_token(fronts, parts, token).await.map(|asker| Self(Asker::Party(asker)));
        }
        let account = match text(header::AUTHORIZATION).and_then(Basic::parse) {
            Some(basic) => basic::account(fronts.app.store(), &basic).await?,
            None => None,
        };
        account.map(|account| Self(Asker::Account(account.sid))).ok_or_else(|| {
            RestAnswer::unauthorized(
                "give a token in X-Twilio-Token, or an account's credentials as Basic Authorization",
            )
        })
    }
}

async fn of_token(fronts: &Fronts, parts: &Parts, token: &str) -> Result<Party, RestAnswer> {
    let from = RequestOrigin::of(fronts, &parts.headers)?;
    let known = match from {
        // A program names no Origin, and has the token from a page, or minted it.
        RequestOrigin::Nowhere => match fronts.app.identify(token, None).await? {
            Ok(token) => Ok(token),
            Err(error) => Err(BearerError::from(error)),
        },
        RequestOrigin::Own(_) | RequestOrigin::Page(_) => {
            bearer::verify(&fronts.app, token, &from).await
        }
    };
    known.map(|token| token.party().clone()).map_err(|error| match error {
        BearerError::Expired => RestAnswer::unauthorized("the token has expired"),
        BearerError::Refused => RestAnswer::unauthorized("the token was refused"),
        BearerError::Origin => RestAnswer::forbidden("the token is not for this page"),
        BearerError::Unavailable => RestAnswer::unavailable("the token cannot be looked at now", 5),
    })
}
