//! Agents' passwords: Argon2id, off the runtime's own threads, a few at a time.
//!
//! Source: OWASP Password Storage Cheat Sheet (19 MiB, two passes, one lane).

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

/// Hashes and checks passwords. Cheap to clone; all clones share the same few places.
#[derive(Debug, Clone)]
pub struct Passwords {
    places: Arc<Semaphore>,
    /// What an unknown name's password is checked against, so that it takes as long.
    nobody: Arc<str>,
}

impl Passwords {
    /// At most `at_once` hashes are computed at the same time, 19 MiB each. `salt` is random.
    ///
    /// Computes one hash, a few tens of milliseconds.
    #[must_use]
    pub fn new(at_once: usize, salt: [u8; 16]) -> Self {
        let nobody = hash("nobody's password", salt).into();
        Self { places: Arc::new(Semaphore::new(at_once.max(1))), nobody }
    }

    /// The hash of a new password, in PHC format. `salt` is random.
    pub async fn hash(&self, password: String, salt: [u8; 16]) -> String {
        let _place = self.places.acquire().await.expect("the semaphore is never closed");
        let hashing = tokio::task::spawn_blocking(move || hash(&password, salt));
        hashing.await.expect("hashing does not panic")
    }

    /// Whether `password` is the one that was hashed. Without a hash it takes as long, and is not.
    pub async fn verify(&self, password: String, hash: Option<String>) -> bool {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.to_string());
        let _place = self.places.acquire().await.expect("the semaphore is never closed");
        let checking = tokio::task::spawn_blocking(move || is_of_hash(&password, &hash));
        checking.await.expect("checking does not panic") && known
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1_024, 2, 1, None).expect("these are within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

fn hash(password: &str, salt: [u8; 16]) -> String {
    argon2()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .expect("16 bytes are a salt and any password can be hashed")
        .to_string()
}

/// Whether `password` is the one that was hashed. Computes for a few tens of milliseconds.
#[must_use]
pub fn is_of_hash(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A password that a person can read out: four groups of four letters and digits, 80 random bits.
#[must_use]
pub fn generate(bits: u128) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let letter = |i: u32| char::from(LETTERS[(bits >> (5 * i)) as usize & 31]);
    (0..4).map(|g| (0..4).map(|i| letter(4 * g + i)).collect()).collect::<Vec<String>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_is_right() {
        let passwords = Passwords::new(2, [1; 16]);
        let hash = passwords.hash("correct horse".into(), [2; 16]).await;
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(passwords.verify("correct horse".into(), Some(hash.clone())).await);
        assert!(!passwords.verify("correct horse ".into(), Some(hash)).await);
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        let passwords = Passwords::new(1, [1; 16]);
        assert!(!passwords.verify("nobody's password".into(), None).await);
    }

    #[test]
    fn a_generated_password_is_four_groups() {
        assert_eq!(generate(0), "aaaa-aaaa-aaaa-aaaa");
        assert_eq!(generate(u128::MAX), "9999-9999-9999-9999");
    }
}
