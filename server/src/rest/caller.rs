//! Who asks.

use axum::extract::FromRequestParts;
use frontdesk_protocol::id::AccountSid;
use http::{HeaderMap, header, request::Parts};

use crate::{
    auth::basic::{self, Basic},
    http::{Fronts, answer::RestAnswer},
    log::Source,
    storage::Account,
};

/// The header with which a program asks that others be told of what it does.
const TELLS: &str = "x-twilio-webhook-enabled";

/// The account whose credentials came with the request.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    account: Account,
    source: Source,
}

impl Caller {
    /// Its SID.
    pub(crate) const fn sid(&self) -> &AccountSid {
        &self.account.sid
    }

    /// On whose behalf it changes things.
    pub(crate) const fn source(&self) -> &Source {
        &self.source
    }

    /// Its auth token, which signs what only the account is to give back.
    pub(super) fn secret(&self) -> &[u8] {
        self.account.auth_token.as_bytes()
    }

    #[cfg(test)]
    pub(super) const fn new(account: Account) -> Self {
        Self { account, source: Source::Program { tells: false } }
    }
}

/// A program that makes this request.
pub(crate) fn program(headers: &HeaderMap) -> Source {
    let value = headers.get(TELLS).and_then(|value| value.to_str().ok());
    Source::Program { tells: value.is_some_and(|value| value.eq_ignore_ascii_case("true")) }
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
        let source = program(&parts.headers);
        account.map(|account| Self { account, source }).ok_or_else(|| {
            RestAnswer::unauthorized(
                "Authorization has to be Basic, of the account's SID and auth token, or of an API \
                 key's SID and secret",
            )
        })
    }
}
