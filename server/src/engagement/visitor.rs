//! What a visitor is called. Pure.

use serde_json::Value;

use super::Request;

/// Somebody who gave no name.
const NAMELESS: &str = "Anonymous";
/// Longest name of a visitor, in characters.
pub(super) const NAME_CHARS: usize = 256;

/// The visitor's name: from the form if it asks for it, on one line, at most 256 characters.
///
/// The retired service's web chat writes the [`NAMELESS`] of its default context over the name in
/// the form's answers, and has the right one beside them (`flex-webchat-ui@2.9.4`).
pub(super) fn customer_name(request: &Request) -> String {
    let from_form = request.pre_engagement_data.get("friendlyName").and_then(Value::as_str);
    let from_form = from_form.filter(|name| *name != NAMELESS);
    let names = [from_form.unwrap_or_default(), &request.customer_name];
    let mut clean = names.iter().map(|name| clean(name));
    clean.find(|name| !name.is_empty()).unwrap_or_else(|| NAMELESS.into())
}

/// A name on one line.
pub(super) fn clean(name: &str) -> String {
    let spaced: String = name
        .chars()
        .map(|c| if c.is_control() || is_direction(c) { ' ' } else { c })
        .take(NAME_CHARS)
        .collect();
    spaced.trim().to_owned()
}

/// Characters that turn the reading direction around: in a name they only deceive.
const fn is_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}
