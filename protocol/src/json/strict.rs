//! A strict look at JSON from strangers, before anything is read out of it.

use std::collections::HashSet;

use crate::limits::JSON_DEPTH;

/// Why a text from outside is refused although a lenient reader might take it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StrictError {
    /// Nested deeper than [`JSON_DEPTH`].
    #[error("JSON is nested deeper than {JSON_DEPTH}")]
    TooDeep,
    /// One object has the same key twice.
    #[error("JSON object has a key twice")]
    DuplicateKey,
    /// Not JSON.
    #[error("not JSON")]
    Syntax,
}

/// Checks that `text` is one JSON value, nested at most [`JSON_DEPTH`] deep, no key twice.
///
/// Linear in the length of the text.
///
/// # Errors
/// [`StrictError`]; the sender has to send something else.
pub fn check(text: &str) -> Result<(), StrictError> {
    // Depth first, without recursion, so that the reader below cannot be made to recurse.
    let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        if in_string {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_string = false,
                _ => {}
            }
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'[' | b'{' => {
                depth += 1;
                if depth > JSON_DEPTH {
                    return Err(StrictError::TooDeep);
                }
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    match serde_json::from_str::<Unique>(text) {
        Ok(Unique) => Ok(()),
        Err(error) if error.to_string().starts_with(DUPLICATE) => Err(StrictError::DuplicateKey),
        Err(_) => Err(StrictError::Syntax),
    }
}

const DUPLICATE: &str = "duplicate key";

/// Any JSON value without a doubled key. Reads everything and keeps nothing.
struct Unique;

impl<'de> serde::Deserialize<'de> for Unique {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UniqueVisitor)
    }
}

struct UniqueVisitor;

impl<'de> serde::de::Visitor<'de> for UniqueVisitor {
    type Value = Unique;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a JSON value")
    }
    fn visit_bool<E>(self, _: bool) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_str<E>(self, _: &str) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_unit<E>(self) -> Result<Unique, E> {
        Ok(Unique)
    }
    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Unique, A::Error> {
        while seq.next_element::<Unique>()?.is_some() {}
        Ok(Unique)
    }
    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Unique, A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if !keys.insert(key) {
                return Err(serde::de::Error::custom(DUPLICATE));
            }
            map.next_value::<Unique>()?;
        }
        Ok(Unique)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_counts_once_at_any_depth() {
        assert_eq!(check(r#"{"a":[{"b":1,"b":2}]}"#), Err(StrictError::DuplicateKey));
        assert_eq!(check(r#"{"a":{"b":1},"b":{"b":1}}"#), Ok(()));
        assert_eq!(check(r#"{"a":1,"\u0061":2}"#), Err(StrictError::DuplicateKey));
    }

    #[test]
    fn ten_thousand_brackets_are_refused_without_recursion() {
        assert_eq!(check(&"[".repeat(10_000)), Err(StrictError::TooDeep));
        assert_eq!(check(&format!("{}1{}", "[".repeat(8), "]".repeat(8))), Ok(()));
        assert_eq!(check(r#"["[[[[[[[[[[[["]"#), Ok(()));
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in ["", "{", "1e400", "\u{feff}{}", r#""\ud800""#, "{}{}"] {
            assert_eq!(check(text), Err(StrictError::Syntax), "{text}");
        }
    }
}
