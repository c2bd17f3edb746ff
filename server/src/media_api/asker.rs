//! Who asks: `X-Twilio-Token` with a guest's, an agent's or an access token, or an account's own
//! credentials.

use axum::extract::FromRequestParts;
use http::{HeaderName, header, request::Parts};

use crate::{
    auth::{
        basic::{self, Basic},
        tokens::{Token, TokenError},
    },
    http::{Fronts, answer::RestAnswer, origin::RequestOrigin},
    media::Asker,
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

async fn of_token(
    fronts: &Fronts,
    parts: &Parts,
    token: &str,
) -> Result<crate::storage::Party, RestAnswer> {
    let from = RequestOrigin::of(fronts, &parts.headers)?;
    let token = fronts.app.identify(token, from.origin()).await?.map_err(|error| match error {
        TokenError::Expired => RestAnswer::unauthorized("the token has expired"),
        TokenError::Refused => RestAnswer::unauthorized("the token was refused"),
    })?;
    // A page's token is good on that page. A program names no Origin, and has the token from it.
    let fits = match (&token, &from) {
        (_, RequestOrigin::Nowhere) | (Token::Agent(_), RequestOrigin::Own(_)) => true,
        (Token::Agent(_), RequestOrigin::Page(_)) => false,
        (Token::Guest(guest), RequestOrigin::Own(origin) | RequestOrigin::Page(origin)) => {
            guest.origin.as_ref() == Some(origin)
        }
    };
    if fits {
        Ok(token.party().clone())
    } else {
        Err(RestAnswer::forbidden("the token is not for this page"))
    }
}
