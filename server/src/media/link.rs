//! Links that open a file for a while, whoever has them.
//!
//! A browser that is to save a file sends no token along. So who may have the file gets an address
//! with an end and a signature in it.

use base64::Engine as _;
use frontdesk_protocol::{MediaSid, Millis};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{auth::tokens::Profile, storage::SigningKey};

/// How long a link is good.
pub const LINK_MS: u64 = 10 * 60_000;

/// What makes an address open a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Its last moment: Unix seconds.
    pub expires_seconds: u64,
    /// The signature: 43 characters of base64url.
    pub signature: String,
}

/// Signs and checks links.
#[derive(Clone)]
pub struct Links(Hmac<Sha256>);

impl std::fmt::Debug for Links {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Links(..)")
    }
}

impl Links {
    /// Links of an installation: they outlive a restart. The key is derived from the newest one that
    /// signs guests' tokens, and signs nothing else.
    #[must_use]
    pub fn of(keys: &[SigningKey]) -> Self {
        let guests = keys.iter().filter(|key| key.profile == Profile::Guest.typ());
        let secret = guests.max_by_key(|key| key.created).map_or([0; 32], |key| key.secret);
        let key = keyed(&secret).chain_update(b"frontdesk media links, 1").finalize().into_bytes();
        Self(keyed(&key))
    }

    /// A link to a file that is good from now on.
    #[must_use]
    pub fn sign(&self, sid: &MediaSid, now: Millis) -> Signed {
        let expires_seconds = now.plus(LINK_MS).0 / 1_000;
        let signature = self.mac(sid, expires_seconds).finalize().into_bytes();
        Signed { expires_seconds, signature: BASE64.encode(signature) }
    }

    /// Whether a link opens this file now.
    #[must_use]
    pub fn opens(&self, sid: &MediaSid, link: &Signed, now: Millis) -> bool {
        let Ok(signature) = BASE64.decode(&link.signature) else { return false };
        // In constant time, and only for a signature of full length.
        let is_ours = self.mac(sid, link.expires_seconds).verify_slice(&signature).is_ok();
        is_ours && now.0 / 1_000 <= link.expires_seconds
    }

    fn mac(&self, sid: &MediaSid, expires_seconds: u64) -> Hmac<Sha256> {
        let text = format!("{sid} {expires_seconds}");
        self.0.clone().chain_update(text.as_bytes())
    }
}

const BASE64: base64::engine::GeneralPurpose = base64::engine::general_purpose::URL_SAFE_NO_PAD;

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("a key of any length is taken")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(secret: u8) -> Links {
        let key = |profile: Profile, secret| SigningKey {
            kid: "k".into(),
            profile: profile.typ().into(),
            secret: [secret; 32],
            created: Millis(1),
        };
        Links::of(&[key(Profile::Guest, secret), key(Profile::Agent, 9)])
    }

    #[test]
    fn a_link_opens_its_file_for_ten_minutes() {
        let (links, sid, now) = (links(1), MediaSid::from_bits(1), Millis(1_795_000_000_000));
        let link = links.sign(&sid, now);
        assert!(links.opens(&sid, &link, now));
        assert!(links.opens(&sid, &link, now.plus(LINK_MS)));
        assert!(!links.opens(&sid, &link, now.plus(LINK_MS + 1_000)));
        assert!(!links.opens(&MediaSid::from_bits(2), &link, now));
    }

    #[test]
    fn a_link_that_was_changed_opens_nothing() {
        let (links, sid, now) = (links(1), MediaSid::from_bits(1), Millis(1_795_000_000_000));
        let link = links.sign(&sid, now);
        let longer = Signed { expires_seconds: link.expires_seconds + 1, ..link.clone() };
        let shorter = Signed { signature: link.signature[..20].into(), ..link.clone() };
        let empty = Signed { signature: String::new(), ..link.clone() };
        for changed in [longer, shorter, empty, self::links(2).sign(&sid, now)] {
            assert!(!links.opens(&sid, &changed, now), "{changed:?}");
        }
    }
}
