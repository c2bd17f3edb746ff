//! Attributes: a JSON object that programs attach to a message, a member or a channel.

use serde_json::{Map, Value};

/// Attributes as they travel: a JSON object, empty if nobody set any.
pub type Attributes = Map<String, Value>;

/// Whether `attributes` is not longer than `limit_bytes` when written as JSON.
#[must_use]
pub fn fits(attributes: &Attributes, limit_bytes: usize) -> bool {
    serde_json::to_string(attributes).is_ok_and(|text| text.len() <= limit_bytes)
}
