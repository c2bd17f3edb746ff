//! Guest tokens, from the first to the last of a line, and the secret that continues it.
//!
//! A token request stores nothing: the hash of the continuity secret travels in the token, and is
//! kept from the moment the form is posted. From then on each secret gets the next token *and* the
//! next secret. Secrets have generations: those of one are valid until one of the next is first
//! used, at most a day, because the answer with the next one may have been lost. One that is older
//! was stolen, or kept by a thief's victim: the whole family is revoked.

use std::sync::Arc;

use frontdesk_protocol::{Identity, Millis, id::AccountSid};

use super::{
    origin::Origin,
    revocation::Revocations,
    secret_text, sha256,
    tokens::{GuestToken, Tokens},
};
use crate::{
    clock::Clock,
    random::Random,
    storage::{Party, PartyKind, SiteId, Store, StoreError},
};

const DAY_MS: u64 = 24 * 3_600_000;

/// How long guest tokens live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// With a continuity secret, in milliseconds.
    pub continued_ms: u64,
    /// Without one, in milliseconds.
    pub plain_ms: u64,
}

/// What a guest token is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The account.
    pub account: AccountSid,
    /// The site, if the page named one; it is known to be the account's.
    pub site: Option<SiteId>,
    /// The page's Origin, if it sent one; it is known to be allowed.
    pub origin: Option<Origin>,
    /// Whether a continuity secret is wanted.
    pub continuity: bool,
}

/// A guest token, and what is told with it.
#[derive(Clone, PartialEq, Eq)]
pub struct Issued {
    /// The token.
    pub token: String,
    /// Who it makes the bearer.
    pub identity: Identity,
    /// When it ends.
    pub expires: Millis,
    /// Milliseconds until then.
    pub ttl_ms: u64,
    /// The secret for the next one.
    pub secret: Option<String>,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Issued").field("expires", &self.expires).finish_non_exhaustive()
    }
}

/// Why there is no new token.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RefreshError {
    /// Neither a secret nor a token was given.
    #[error("neither a secret nor a token was given")]
    Nothing,
    /// What was given is not, or not any more, good for a new token.
    #[error("the secret or token was refused")]
    Refused,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes and continues guest tokens.
#[derive(Clone)]
pub struct Guests {
    store: Arc<dyn Store>,
    tokens: Arc<Tokens>,
    revocations: Revocations,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    lifetimes: Lifetimes,
}

impl std::fmt::Debug for Guests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guests").field("lifetimes", &self.lifetimes).finish_non_exhaustive()
    }
}

impl Guests {
    /// All parts it stands on.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        tokens: Arc<Tokens>,
        revocations: Revocations,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        lifetimes: Lifetimes,
    ) -> Self {
        Self { store, tokens, revocations, clock, random, lifetimes }
    }

    /// The first token of a new guest. Nothing is stored.
    #[must_use]
    pub fn issue(&self, grant: Grant) -> Issued {
        let now = self.clock.now();
        let identity = Identity::parse(&format!("guest-{:032x}", self.random.bits()))
            .expect("38 plain characters are an identity");
        let party = Party { account: grant.account, identity, kind: PartyKind::Guest };
        let token = GuestToken {
            party,
            site: grant.site,
            origin: grant.origin,
            family: self.random.bits(),
            key: None,
            secret_hash: None,
            began: now,
            expires: now,
        };
        self.sign(token, grant.continuity.then(|| self.random.secret()))
    }

    /// The next token, for a continuity secret or for a token that is still good.
    ///
    /// With a secret the last token may be given too, and may have ended; it is needed as long as
    /// no form was posted. `account` and `origin` are those of the request.
    ///
    /// # Errors
    /// [`RefreshError::Refused`]: a new chat has to be begun. A secret that is older than the one
    /// before the current one revokes its family on the way.
    pub async fn refresh(
        &self,
        account: &AccountSid,
        origin: Option<&Origin>,
        secret: Option<&str>,
        token: Option<&str>,
    ) -> Result<Issued, RefreshError> {
        let now = self.clock.now();
        match (secret, token) {
            (None, None) => Err(RefreshError::Nothing),
            (None, Some(token)) => self.refresh_plain(now, account, origin, token),
            (Some(secret), token) => {
                let refused = RefreshError::Refused;
                let last = token
                    .map(|token| self.tokens.verify_past_guest(now, token))
                    .transpose()
                    .map_err(|_| RefreshError::Refused)?;
                if let Some(last) = &last
                    && !same_place(last, account, origin)
                {
                    return Err(refused);
                }
                self.refresh_continued(now, account, origin, sha256(secret.as_bytes()), last).await
            }
        }
    }

    fn refresh_plain(
        &self,
        now: Millis,
        account: &AccountSid,
        origin: Option<&Origin>,
        token: &str,
    ) -> Result<Issued, RefreshError> {
        let last = self.tokens.verify_past_guest(now, token).map_err(|_| RefreshError::Refused)?;
        let ended = now > last.expires;
        // Without a secret a stolen token could be continued for ever: a day is all it gets.
        let too_old = now.since(last.began) > DAY_MS;
        let wants_secret = last.secret_hash.is_some();
        let revoked = self.revocations.is_revoked(last.family);
        if ended || too_old || wants_secret || revoked || !same_place(&last, account, origin) {
            return Err(RefreshError::Refused);
        }
        Ok(self.sign(last, None))
    }

    async fn refresh_continued(
        &self,
        now: Millis,
        account: &AccountSid,
        origin: Option<&Origin>,
        hash: [u8; 32],
        last: Option<GuestToken>,
    ) -> Result<Issued, RefreshError> {
        let known = self.store.family_secret(&hash).await?;
        let id = match (&known, &last) {
            (Some(known), Some(last)) if known.family != last.family => {
                return Err(RefreshError::Refused);
            }
            (Some(known), _) => known.family,
            (None, Some(last)) if last.secret_hash == Some(hash) => last.family,
            (None, Some(_) | None) => return Err(RefreshError::Refused),
        };
        if self.revocations.is_revoked(id) {
            return Err(RefreshError::Refused);
        }
        let Some(family) = self.store.family(id).await? else {
            // No form was posted yet: the token itself says which secret continues it.
            let last = last.filter(|last| now.since(last.expires) <= DAY_MS);
            return Ok(self.sign(last.ok_or(RefreshError::Refused)?, Some(self.random.secret())));
        };
        if family.revoked.is_some() || family.account != *account {
            return Err(RefreshError::Refused);
        }
        let used = match known {
            Some(known) => known.generation,
            // The form was posted with another token of the line, and its answer was late: a
            // secret that one of our tokens vouches for is as good as the first.
            None if family.generation == 0 => 1,
            None => return Err(RefreshError::Refused),
        };
        if used < family.generation {
            tracing::warn!(family = %format!("{id:032x}"), "an old continuity secret was used; its family is revoked");
            self.revocations.revoke(id, now).await?;
            return Err(RefreshError::Refused);
        }
        if used == family.generation && now.since(family.advanced) > DAY_MS {
            return Err(RefreshError::Refused);
        }
        let next = self.random.secret();
        let next_hash = sha256(secret_text(&next).as_bytes());
        if !self.store.rotate_family(id, used, next_hash, now).await? {
            return Err(RefreshError::Refused);
        }
        let party =
            Party { account: family.account, identity: family.identity, kind: PartyKind::Guest };
        let token = last.unwrap_or(GuestToken {
            party,
            site: None,
            origin: origin.cloned(),
            family: id,
            key: None,
            secret_hash: None,
            began: now,
            expires: now,
        });
        Ok(self.sign(token, Some(next)))
    }

    fn sign(&self, mut token: GuestToken, secret: Option<[u8; 32]>) -> Issued {
        let now = self.clock.now();
        let secret = secret.map(|secret| secret_text(&secret));
        let ttl_ms = match secret {
            Some(_) => self.lifetimes.continued_ms,
            None => self.lifetimes.plain_ms,
        };
        token.expires = now.plus(ttl_ms);
        token.secret_hash = secret.as_ref().map(|secret| sha256(secret.as_bytes()));
        Issued {
            token: self.tokens.sign_guest(now, &token),
            identity: token.party.identity,
            expires: token.expires,
            ttl_ms,
            secret,
        }
    }
}

/// Whether a token is shown where it belongs.
fn same_place(token: &GuestToken, account: &AccountSid, origin: Option<&Origin>) -> bool {
    token.party.account == *account && token.origin.as_ref() == origin
}
