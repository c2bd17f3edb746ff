//! Where a page of a list begins, as the caller carries it.
//!
//! A token is the starts of the pages that led here, so that there is a way back, and a MAC over
//! them, the account, and the list with its filters. The server keeps nothing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of the MAC.
const MAC_BYTES: usize = 16;
/// Starts that a token carries: so many pages there is a way back.
const STARTS: usize = 16;

/// Where the page begins, and before it where those before it began, the newest last.
///
/// The first page of a list begins nowhere and has no token.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Starts(Vec<u64>);

impl Starts {
    /// The item after which the page begins.
    pub(super) fn after(&self) -> Option<u64> {
        self.0.last().copied()
    }

    /// The page that begins after this item.
    pub(super) fn next(&self, after: u64) -> Self {
        let mut starts = self.0.clone();
        starts.push(after);
        let surplus = starts.len().saturating_sub(STARTS);
        starts.drain(..surplus);
        Self(starts)
    }

    /// The page before this, which is page number `page`; `None` if it is not known.
    pub(super) fn previous(&self, page: u64) -> Option<Self> {
        let known = self.0.len() > 1 || page == 1;
        (!self.0.is_empty() && known).then(|| Self(self.0[..self.0.len() - 1].to_vec()))
    }

    /// The token; `None` for the first page.
    pub(super) fn write(&self, secret: &[u8], list: &str) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let starts: Vec<u8> = self.0.iter().flat_map(|start| start.to_be_bytes()).collect();
        let mut bytes = mac(secret, list, &starts).finalize().into_bytes()[..MAC_BYTES].to_vec();
        bytes.extend(starts);
        Some(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads a token; `None` if it is not one that was given for this list.
    pub(super) fn read(secret: &[u8], list: &str, token: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (given, starts) = bytes.split_at_checked(MAC_BYTES)?;
        mac(secret, list, starts).verify_truncated_left(given).ok()?;
        let starts: Vec<u64> = starts
            .chunks_exact(8)
            .map(|chunk| chunk.try_into().map(u64::from_be_bytes))
            .collect::<Result<_, _>>()
            .ok()?;
        (1..=STARTS).contains(&starts.len()).then_some(Self(starts))
    }
}

fn mac(secret: &[u8], list: &str, starts: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(b"frontdesk page token\0");
    mac.update(list.as_bytes());
    mac.update(b"\0");
    mac.update(starts);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_own_list_and_secret_alone() {
        let starts = Starts::default().next(50).next(100);
        let token = starts.write(b"secret", "/list").unwrap();
        assert_eq!(Starts::read(b"secret", "/list", &token), Some(starts));
        assert_eq!(Starts::read(b"other", "/list", &token), None);
        assert_eq!(Starts::read(b"secret", "/other", &token), None);
        for forged in ["", "x", "AAAA", &token[1..], &format!("{token}AAAAAAAAAAA")] {
            assert_eq!(Starts::read(b"secret", "/list", forged), None, "{forged}");
        }
    }

    #[test]
    fn the_way_back_is_known_for_a_while() {
        let mut starts = Starts::default();
        assert_eq!(starts.previous(0), None);
        for page in 1..=40 {
            starts = starts.next(page * 50);
        }
        for page in (26..=40).rev() {
            starts = starts.previous(page).unwrap();
            assert_eq!(starts.after(), Some((page - 1) * 50));
        }
        assert_eq!(starts.previous(25), None);
        let first = Starts::default().next(50).previous(1).unwrap();
        assert_eq!((first.after(), first.write(b"secret", "/list")), (None, None));
    }
}
