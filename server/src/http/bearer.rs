//! Whom a token speaks for on a connection that came from somewhere.

use super::origin::RequestOrigin;
use crate::{
    app::App,
    auth::tokens::{GuestToken, Token, TokenError},
    storage::StoreError,
};

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BearerError {
    /// It has ended.
    Expired,
    /// Not ours, broken, or revoked.
    Refused,
    /// Good, but not from there.
    Origin,
    /// It cannot be found out now.
    Unavailable,
}

impl From<StoreError> for BearerError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a token could not be looked at");
        Self::Unavailable
    }
}

impl From<TokenError> for BearerError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Expired => Self::Expired,
            TokenError::Refused => Self::Refused,
        }
    }
}

/// Whether the token is good, and from there. The signature comes first: nothing is looked up for a
/// token that is none of ours.
///
/// # Errors
/// [`BearerError`].
pub(crate) async fn verify(
    app: &App,
    text: &str,
    from: &RequestOrigin,
) -> Result<Token, BearerError> {
    let token = app.identify(text, from.origin()).await??;
    let fits = match &token {
        Token::Guest(guest) => is_on_its_site(app, guest, from).await?,
        // The console's: from our own pages, or from no page at all.
        Token::Agent(_) => !matches!(from, RequestOrigin::Page(_)),
    };
    if fits { Ok(token) } else { Err(BearerError::Origin) }
}

/// A guest speaks from the Origin the token was asked from, and the site still has it.
async fn is_on_its_site(
    app: &App,
    token: &GuestToken,
    from: &RequestOrigin,
) -> Result<bool, StoreError> {
    let Some(origin) = from.origin() else { return Ok(false) };
    if token.origin.as_ref() != Some(origin) {
        return Ok(false);
    }
    let (store, account) = (app.store(), &token.party.account);
    Ok(match &token.site {
        Some(id) => store
            .site(id)
            .await?
            .is_some_and(|site| site.account == *account && site.origins.contains(origin)),
        None => {
            let sites = store.sites(account).await?;
            sites.iter().any(|site| site.origins.contains(origin))
        }
    })
}
