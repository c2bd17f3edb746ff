//! `Authorization: Basic`: an account's SID and auth token, an API key's SID and secret, or the word
//! `token` and a token.

use base64::Engine;
use frontdesk_protocol::id::{AccountSid, KeySid};
use subtle::ConstantTimeEq;

use crate::storage::{Account, Store, StoreError};

/// What somebody sent to prove who they are.
#[derive(Clone, PartialEq, Eq)]
pub struct Basic {
    /// Before the colon.
    pub user: String,
    /// After it.
    pub password: String,
}

impl std::fmt::Debug for Basic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Basic(..)")
    }
}

impl Basic {
    /// Reads the value of the header; `None` if it is not of this kind.
    ///
    /// Source: RFC 7617, section 2.
    #[must_use]
    pub fn parse(header: &str) -> Option<Self> {
        let (scheme, encoded) = header.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") || encoded.len() > 16_384 {
            return None;
        }
        let bytes = base64::engine::general_purpose::STANDARD.decode(encoded.trim()).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (user, password) = text.split_once(':')?;
        Some(Self { user: user.to_owned(), password: password.to_owned() })
    }
}

/// The account that these speak for: its SID and auth token, or the SID and secret of one of its
/// API keys. `None` if they are nobody's.
///
/// Takes as long for an account or a key that is not there.
///
/// # Errors
/// [`StoreError`] if the store failed.
pub async fn account(store: &dyn Store, basic: &Basic) -> Result<Option<Account>, StoreError> {
    if let Ok(sid) = KeySid::parse(&basic.user) {
        let key = store.api_key(&sid).await?;
        let same = same(key.as_ref().map_or("", |key| key.secret.as_str()), &basic.password);
        return match key.filter(|_| same) {
            Some(key) => store.account(&key.account).await,
            None => Ok(None),
        };
    }
    let Ok(sid) = AccountSid::parse(&basic.user) else { return Ok(None) };
    let account = store.account(&sid).await?;
    let expected = account.as_ref().map_or("", |account| account.auth_token.as_str());
    let same = same(expected, &basic.password);
    Ok(account.filter(|_| same))
}

/// Hashes have one length, so that the comparison tells nothing about the secret's.
fn same(expected: &str, given: &str) -> bool {
    let (expected, given) = (super::sha256(expected.as_bytes()), super::sha256(given.as_bytes()));
    expected.ct_eq(&given).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_may_have_colons() {
        let basic = Basic::parse("Basic dG9rZW46YTpi").unwrap();
        assert_eq!((basic.user.as_str(), basic.password.as_str()), ("token", "a:b"));
        assert_eq!(Basic::parse("basic dG9rZW46YTpi"), Some(basic));
    }

    #[test]
    fn what_is_not_basic_is_nothing() {
        for header in ["", "Bearer x", "Basic", "Basic !!!", "Basic dG9rZW4="] {
            assert_eq!(Basic::parse(header), None, "{header}");
        }
    }
}
