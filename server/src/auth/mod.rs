//! Who somebody is: tokens, passwords, sessions, Origins.
//!
//! Everything that decides is pure or a look-up in the store; nothing here knows HTTP.

pub mod access;
pub mod basic;
pub mod continuity;
mod hs256;
pub mod origin;
pub mod password;
pub mod revocation;
pub mod session;
pub mod tokens;

use sha2::{Digest, Sha256};

/// SHA-256. For secrets of 256 random bits, which need no slow hash.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    let mut bytes = [0; 32];
    if digits.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// A secret as its bearer keeps it: 43 characters of base64url.
#[must_use]
pub fn secret_text(secret: &[u8; 32]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(secret)
}
