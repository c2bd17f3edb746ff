//! Our own tokens: made and read, nothing stored.
//!
//! Two profiles, told apart by the header's `typ`, each with one pinned algorithm (HS256) and keys
//! of its own in a fixed map (RFC 8725, sections 3.1, 3.10 and 3.11): a header that brings a key,
//! names where to fetch one, or asks for an extension is refused before any signature is looked at.

use std::collections::HashMap;

use frontdesk_protocol::{
    Identity, Millis, QueueSid,
    id::{AccountSid, KeySid},
};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::origin::Origin;
use crate::storage::{Party, PartyKind, SigningKey, SiteId};

/// How far two clocks may be apart.
const LEEWAY_MS: u64 = 60_000;
/// No token of ours lives longer, whatever it says.
const LONGEST_MS: u64 = 24 * 3_600_000;
/// Longest token that is looked at. Ours are below 1 KiB.
const TOKEN_BYTES: usize = 8_192;
const ISSUER: &str = "frontdesk";

/// What a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// A visitor.
    Guest,
    /// A person who answers.
    Agent,
}

impl Profile {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Guest, Self::Agent];

    /// The header's `typ`, and the profile's name in the store.
    #[must_use]
    pub const fn typ(self) -> &'static str {
        match self {
            Self::Guest => "frontdesk-guest",
            Self::Agent => "frontdesk-agent",
        }
    }
}

/// What a guest token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestToken {
    /// Whose.
    pub party: Party,
    /// The site it was asked for, if the page named one.
    pub site: Option<SiteId>,
    /// The Origin it was asked from, and the only one it is taken from.
    pub origin: Option<Origin>,
    /// The line of tokens it is in.
    pub family: u128,
    /// The account's key that signed it; `None` for one of ours.
    pub key: Option<KeySid>,
    /// SHA-256 of the continuity secret that came with it.
    pub secret_hash: Option<[u8; 32]>,
    /// When the first of its line was made.
    pub began: Millis,
    /// When it ends.
    pub expires: Millis,
}

/// What an agent token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentToken {
    /// Whose.
    pub party: Party,
    /// The queue they work on.
    pub queue: QueueSid,
    /// The sign-in it belongs to.
    pub family: u128,
    /// When it ends.
    pub expires: Millis,
}

/// A token that was proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A visitor's.
    Guest(GuestToken),
    /// An agent's.
    Agent(AgentToken),
}

impl Token {
    /// Who it makes the bearer.
    #[must_use]
    pub const fn party(&self) -> &Party {
        match self {
            Self::Guest(token) => &token.party,
            Self::Agent(token) => &token.party,
        }
    }

    /// When it ends.
    #[must_use]
    pub const fn expires(&self) -> Millis {
        match self {
            Self::Guest(token) => token.expires,
            Self::Agent(token) => token.expires,
        }
    }

    /// What a revocation names.
    #[must_use]
    pub const fn family(&self) -> u128 {
        match self {
            Self::Guest(token) => token.family,
            Self::Agent(token) => token.family,
        }
    }

    /// The account's key that signed it; `None` for one of ours.
    #[must_use]
    pub const fn key(&self) -> Option<&KeySid> {
        match self {
            Self::Guest(token) => token.key.as_ref(),
            Self::Agent(_) => None,
        }
    }
}

/// Why a token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It has ended; a new one helps.
    #[error("the token has expired")]
    Expired,
    /// It is none of ours, or not of this kind, or was changed.
    #[error("the token was refused")]
    Refused,
}

struct Keys {
    newest: (String, EncodingKey),
    all: HashMap<String, DecodingKey>,
}

/// Makes and reads tokens.
pub struct Tokens(HashMap<Profile, Keys>);

impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Tokens").finish_non_exhaustive()
    }
}

/// There is no key for a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no signing key for {}", .0.typ())]
pub struct NoKey(pub Profile);

#[derive(Serialize, Deserialize)]
struct Times {
    iat: u64,
    nbf: u64,
    exp: u64,
}

#[derive(Serialize, Deserialize)]
struct GuestClaims {
    iss: String,
    sub: Identity,
    acc: AccountSid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    org: Option<String>,
    fam: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sec: Option<String>,
    beg: u64,
    #[serde(flatten)]
    times: Times,
}

#[derive(Serialize, Deserialize)]
struct AgentClaims {
    iss: String,
    sub: Identity,
    acc: AccountSid,
    que: QueueSid,
    fam: String,
    #[serde(flatten)]
    times: Times,
}

impl Tokens {
    /// Tokens of these keys: the newest of each profile signs, all of them are known.
    ///
    /// # Errors
    /// [`NoKey`] if a profile has none.
    pub fn new(keys: &[SigningKey]) -> Result<Self, NoKey> {
        super::hs256::install();
        let mut profiles = HashMap::new();
        for profile in Profile::ALL {
            let of_profile = || keys.iter().filter(|key| key.profile == profile.typ());
            let newest = of_profile().max_by_key(|key| key.created).ok_or(NoKey(profile))?;
            let all = of_profile()
                .map(|key| (key.kid.clone(), DecodingKey::from_secret(&key.secret)))
                .collect();
            let newest = (newest.kid.clone(), EncodingKey::from_secret(&newest.secret));
            profiles.insert(profile, Keys { newest, all });
        }
        Ok(Self(profiles))
    }

    /// The guest token that says this.
    #[must_use]
    pub fn sign_guest(&self, now: Millis, token: &GuestToken) -> String {
        self.sign(
            Profile::Guest,
            &GuestClaims {
                iss: ISSUER.into(),
                sub: token.party.identity.clone(),
                acc: token.party.account.clone(),
                sit: token.site.as_ref().map(ToString::to_string),
                org: token.origin.as_ref().map(ToString::to_string),
                fam: format!("{:032x}", token.family),
                sec: token.secret_hash.map(|hash| super::hex(&hash)),
                beg: token.began.0 / 1_000,
                times: times(now, token.expires),
            },
        )
    }

    /// The agent token that says this.
    #[must_use]
    pub fn sign_agent(&self, now: Millis, token: &AgentToken) -> String {
        self.sign(
            Profile::Agent,
            &AgentClaims {
                iss: ISSUER.into(),
                sub: token.party.identity.clone(),
                acc: token.party.account.clone(),
                que: token.queue.clone(),
                fam: format!("{:032x}", token.family),
                times: times(now, token.expires),
            },
        )
    }

    /// Reads a token of either profile.
    ///
    /// # Errors
    /// [`TokenError`]; the two are worth telling apart, because a new token helps only with one.
    pub fn verify(&self, now: Millis, text: &str) -> Result<Token, TokenError> {
        match profile_of(text)? {
            Profile::Guest => {
                let token = self.read_guest(now, text)?;
                expired(now, token.expires)?;
                Ok(Token::Guest(token))
            }
            Profile::Agent => {
                let claims: AgentClaims = self.read(Profile::Agent, text)?;
                let expires = check_times(now, &claims.times, &claims.iss)?;
                expired(now, expires)?;
                let kind = PartyKind::Agent;
                Ok(Token::Agent(AgentToken {
                    party: Party { account: claims.acc, identity: claims.sub, kind },
                    queue: claims.que,
                    family: family(&claims.fam)?,
                    expires,
                }))
            }
        }
    }

    /// Reads a guest token that may have ended: with its continuity secret it is still good for a
    /// new one.
    ///
    /// # Errors
    /// [`TokenError::Refused`].
    pub fn verify_past_guest(&self, now: Millis, text: &str) -> Result<GuestToken, TokenError> {
        match profile_of(text)? {
            Profile::Guest => self.read_guest(now, text),
            Profile::Agent => Err(TokenError::Refused),
        }
    }

    fn read_guest(&self, now: Millis, text: &str) -> Result<GuestToken, TokenError> {
        let claims: GuestClaims = self.read(Profile::Guest, text)?;
        let expires = check_times(now, &claims.times, &claims.iss)?;
        let refused = TokenError::Refused;
        let kind = PartyKind::Guest;
        Ok(GuestToken {
            party: Party { account: claims.acc, identity: claims.sub, kind },
            site: claims.sit.map(|id| SiteId::parse(&id).ok_or(refused)).transpose()?,
            origin: claims.org.map(|o| Origin::parse(&o).map_err(|_| refused)).transpose()?,
            family: family(&claims.fam)?,
            key: None,
            secret_hash: claims.sec.map(|hash| super::unhex(&hash).ok_or(refused)).transpose()?,
            began: Millis(claims.beg.saturating_mul(1_000)),
            expires,
        })
    }

    fn sign(&self, profile: Profile, claims: &impl Serialize) -> String {
        let (kid, key) = &self.0[&profile].newest;
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(profile.typ().into());
        header.kid = Some(kid.clone());
        jsonwebtoken::encode(&header, claims, key)
            .expect("an HMAC key of 32 bytes signs, and the claims have only string keys")
    }

    fn read<T: DeserializeOwned>(&self, profile: Profile, text: &str) -> Result<T, TokenError> {
        let header = jsonwebtoken::decode_header(text).map_err(|_| TokenError::Refused)?;
        let key = header.kid.and_then(|kid| self.0[&profile].all.get(&kid));
        let key = key.ok_or(TokenError::Refused)?;
        // Times are checked by `check_times`, against the caller's clock.
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let data = jsonwebtoken::decode::<T>(text, key, &validation);
        data.map(|data| data.claims).map_err(|_| TokenError::Refused)
    }
}

fn times(now: Millis, expires: Millis) -> Times {
    Times { iat: now.0 / 1_000, nbf: now.0 / 1_000, exp: expires.0 / 1_000 }
}

/// What kind of token it says it is, and nothing in its header that we do not write ourselves.
fn profile_of(text: &str) -> Result<Profile, TokenError> {
    let refused = TokenError::Refused;
    if text.len() > TOKEN_BYTES {
        return Err(refused);
    }
    let header = jsonwebtoken::decode_header(text).map_err(|_| refused)?;
    let ours = Header {
        typ: header.typ.clone(),
        kid: header.kid.clone(),
        ..Header::new(Algorithm::HS256)
    };
    if header != ours {
        return Err(refused);
    }
    let typ = header.typ.as_deref();
    Profile::ALL.into_iter().find(|profile| typ == Some(profile.typ())).ok_or(refused)
}

/// Everything but whether the token has ended: when it ends.
fn check_times(now: Millis, times: &Times, issuer: &str) -> Result<Millis, TokenError> {
    let in_ms = |seconds: u64| Millis(seconds.saturating_mul(1_000));
    let (iat, nbf, exp) = (in_ms(times.iat), in_ms(times.nbf), in_ms(times.exp));
    let too_early = iat > now.plus(LEEWAY_MS) || nbf > now.plus(LEEWAY_MS);
    let too_long = exp > iat.plus(LONGEST_MS) || exp < iat;
    if too_early || too_long || issuer != ISSUER { Err(TokenError::Refused) } else { Ok(exp) }
}

fn expired(now: Millis, expires: Millis) -> Result<(), TokenError> {
    if now > expires.plus(LEEWAY_MS) { Err(TokenError::Expired) } else { Ok(()) }
}

fn family(text: &str) -> Result<u128, TokenError> {
    u128::from_str_radix(text, 16).map_err(|_| TokenError::Refused)
}

#[cfg(test)]
mod tests;
