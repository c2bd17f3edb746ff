//! The body of a message: what text may be said.

use serde::{Deserialize, Serialize};

use crate::limits::BODY_BYTES;

/// A message's text: 1 to 32,768 bytes of UTF-8, not only white space, no NUL.
///
/// It is stored and shown as it was written; making it safe to look at is the reader's part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Body(String);

/// Why a text is no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// Nothing, or only white space.
    #[error("message is empty")]
    Empty,
    /// Too many bytes.
    #[error("message is {len_bytes} bytes, limit is {limit_bytes}")]
    TooLong {
        /// Its length in bytes of UTF-8.
        len_bytes: usize,
        /// The longest that is allowed.
        limit_bytes: usize,
    },
    /// A NUL character, which not every store can hold.
    #[error("message has a NUL character")]
    Nul,
}

impl Body {
    /// Checks a text.
    ///
    /// # Errors
    /// [`BodyError`] says what is wrong; the writer may change the text and try again.
    pub fn parse(text: &str) -> Result<Self, BodyError> {
        if text.len() > BODY_BYTES {
            return Err(BodyError::TooLong { len_bytes: text.len(), limit_bytes: BODY_BYTES });
        }
        if text.trim().is_empty() {
            return Err(BodyError::Empty);
        }
        if text.contains('\0') {
            return Err(BodyError::Nul);
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, taken out.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_measured_in_bytes() {
        assert!(Body::parse(&"é".repeat(BODY_BYTES / 2)).is_ok());
        let too_long = Body::parse(&"é".repeat(BODY_BYTES / 2 + 1));
        assert_eq!(
            too_long,
            Err(BodyError::TooLong { len_bytes: BODY_BYTES + 2, limit_bytes: BODY_BYTES })
        );
    }

    #[test]
    fn nothing_is_no_message() {
        assert_eq!(Body::parse(" \n\t"), Err(BodyError::Empty));
        assert_eq!(Body::parse("a\0b"), Err(BodyError::Nul));
    }
}
