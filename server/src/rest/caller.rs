//! Who asks.

use axum::extract::FromRequestParts;
use frontdesk_protocol::id::AccountSid;
use http::{header, request::Parts};

use crate::{
    auth::basic::{self, Basic},
    http::{Fronts, answer::RestAnswer},
    storage::Account,
};

/// The account whose credentials came with the request.
#[derive(Debug, Clone)]
pub(crate) struct Caller(Account);

impl Caller {
    /// Its SID.
    pub(crate) const fn sid(&self) -> &AccountSid {
        &self.0.sid
    }

    /// Its auth token, which signs what only the account is to give back.
    pub(super) fn secret(&self) -> &[u8] {
        self.0.auth_token.as_bytes()
    }

    #[cfg(test)]
    pub(super) const fn new(account: Account) -> Self {
        Self(account)
    }
}

impl FromRequestParts<Fronts> for Caller {
    type Rejection = RestAnswer;

    async fn from_request_parts(parts: &mut Parts, fronts: &Fronts) -> Result<Self, RestAnswer> {
        let header = parts.headers.get(header::AUTHORIZATION);
        let basic = header.and_then(|value| value.to_str().ok()).and_then(Basic::parse);
        let account = match basic {
            Some(basic) => basic::account(fronts.app.store(), &basic).await?,
            None => None,
        };
        account.map(Self).ok_or_else(|| {
            RestAnswer::unauthorized(
                "Authorization has to be Basic, of the account's SID and auth token, or of an API \
                 key's SID and secret",
            )
        })
    }
}
