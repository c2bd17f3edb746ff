//! Access tokens: what an account's own server mints for a guest with the official library, signed
//! with the secret of one of the account's API keys.
//!
//! They are told by `cty: twilio-fpa;v=1`. Like our own they have one pinned algorithm (HS256), and
//! a header that brings anything else along is refused before anything is looked up.

use frontdesk_protocol::{
    Identity, Millis,
    id::{AccountSid, KeySid, ServiceSid},
};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::Deserialize;

use super::{
    origin::Origin,
    sha256,
    tokens::{GuestToken, TokenError},
};
use crate::storage::{Party, PartyKind, Store, StoreError};

const CONTENT_TYPE: &str = "twilio-fpa;v=1";
/// How far two clocks may be apart.
const LEEWAY_MS: u64 = 60_000;
/// No token is good for longer, whatever it says: as long as the retired service's.
const LONGEST_MS: u64 = 24 * 3_600_000;
const TOKEN_BYTES: usize = 8_192;

#[derive(Deserialize)]
struct Claims {
    jti: String,
    iss: KeySid,
    sub: AccountSid,
    iat: u64,
    #[serde(default)]
    nbf: u64,
    exp: u64,
    grants: Grants,
}

#[derive(Deserialize)]
struct Grants {
    identity: String,
    chat: Option<Chat>,
    ip_messaging: Option<Chat>,
}

#[derive(Deserialize)]
struct Chat {
    service_sid: Option<ServiceSid>,
}

/// Whether the text says that it is one. Nothing is proven by that.
#[must_use]
pub fn is_one(text: &str) -> bool {
    text.len() <= TOKEN_BYTES
        && jsonwebtoken::decode_header(text)
            .is_ok_and(|header| header.cty.as_deref() == Some(CONTENT_TYPE))
}

/// Who an access token makes its bearer: a guest of the account, on any page of its sites.
///
/// # Errors
/// [`StoreError`] if the store failed; in it, [`TokenError`] if the token is not taken. One that is
/// signed with a key that was given up is refused.
pub async fn verify(
    store: &dyn Store,
    now: Millis,
    text: &str,
    origin: Option<&Origin>,
) -> Result<Result<GuestToken, TokenError>, StoreError> {
    let refused = Ok(Err(TokenError::Refused));
    let Some(issuer) = issuer(text) else { return refused };
    let Some(key) = store.api_key(&issuer).await? else { return refused };
    let Some(claims) = read::<Claims>(text, &DecodingKey::from_secret(key.secret.as_bytes()))
    else {
        return refused;
    };
    let Some(identity) = Identity::parse(&claims.grants.identity) else { return refused };
    let Some(grant) = claims.grants.chat.or(claims.grants.ip_messaging) else { return refused };
    if claims.iss != issuer || claims.sub != key.account {
        return refused;
    }
    if let Some(service) = grant.service_sid {
        let known = store.service(&service).await?;
        if known.is_none_or(|known| known.service.account != key.account) {
            return refused;
        }
    }
    let in_ms = |seconds: u64| Millis(seconds.saturating_mul(1_000));
    let (began, not_before, expires) = (in_ms(claims.iat), in_ms(claims.nbf), in_ms(claims.exp));
    let early = began.max(not_before) > now.plus(LEEWAY_MS);
    if early || expires < began || expires > began.plus(LONGEST_MS) {
        return refused;
    }
    if now > expires.plus(LEEWAY_MS) {
        return Ok(Err(TokenError::Expired));
    }
    // Its own line of tokens: there is no continuity but what the account's server mints.
    let hash = sha256(format!("{issuer} {}", claims.jti).as_bytes());
    let family = hash.iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte));
    Ok(Ok(GuestToken {
        party: Party { account: key.account, identity, kind: PartyKind::Guest },
        site: None,
        origin: origin.cloned(),
        family,
        key: Some(key.sid),
        secret_hash: None,
        began,
        expires,
    }))
}

/// Who says to have signed it, if the header is the library's. `twr` names a region, which
/// nothing here has.
fn issuer(text: &str) -> Option<KeySid> {
    #[derive(Deserialize)]
    struct Issuer {
        iss: KeySid,
    }
    if text.len() > TOKEN_BYTES {
        return None;
    }
    let header = jsonwebtoken::decode_header(text).ok()?;
    let library = Header {
        typ: Some("JWT".into()),
        cty: Some(CONTENT_TYPE.into()),
        extras: header.extras.clone(),
        ..Header::new(Algorithm::HS256)
    };
    if header != library {
        return None;
    }
    let data = jsonwebtoken::dangerous::insecure_decode::<Issuer>(text).ok()?;
    Some(data.claims.iss)
}

fn read<T: serde::de::DeserializeOwned>(text: &str, key: &DecodingKey) -> Option<T> {
    // Times are checked against the caller's clock.
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    jsonwebtoken::decode::<T>(text, key, &validation).ok().map(|data| data.claims)
}

#[cfg(test)]
mod tests;
