//! What a program that was asked beforehand answered. Pure.

use std::collections::BTreeMap;

use frontdesk_protocol::{attributes::Attributes, json};
use serde_json::{Map, Value};

/// Longest message about a field, in characters.
const MESSAGE_CHARS: usize = 256;
/// Most messages about fields.
const MESSAGES: usize = 64;

/// What a program answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// Go on, with these changes.
    Go(Changes),
    /// No; by field name, why.
    No(BTreeMap<String, String>),
    /// Nothing that can be made out.
    Unclear,
}

/// What a program wants changed, by the names of the parameters. Of other names nothing is kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes(Map<String, Value>);

impl Reply {
    /// Reads an answer: 200 goes on, 403 does not, and anything else says nothing. A body is JSON or
    /// nothing.
    #[must_use]
    pub fn read(status: u16, body: &[u8]) -> Self {
        let object = object(body);
        match (status, object) {
            (200, Some(object)) => Self::Go(Changes(object)),
            // What is no JSON cannot be meant as a change: many frameworks say "OK".
            (200 | 201 | 202 | 204, None) => Self::Go(Changes::default()),
            (201 | 202 | 204, Some(_)) => Self::Go(Changes::default()),
            (403, object) => Self::No(object.map(errors).unwrap_or_default()),
            _ => Self::Unclear,
        }
    }
}

impl Changes {
    /// A text, by the name of its parameter: `Body` is also taken as `body`, `FriendlyName` also as
    /// `friendlyName` and `friendly_name`.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_str()
    }

    /// Attributes: an object, or one as text.
    #[must_use]
    pub fn object(&self, name: &str) -> Option<Attributes> {
        match self.value(name)? {
            Value::Object(object) => Some(object.clone()),
            Value::String(text) => {
                json::check(text).ok()?;
                serde_json::from_str(text).ok()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => None,
        }
    }

    fn value(&self, name: &str) -> Option<&Value> {
        let wanted = plain(name);
        self.0.iter().find(|(name, _)| plain(name) == wanted).map(|(_, value)| value)
    }
}

fn plain(name: &str) -> String {
    name.chars().filter(|c| *c != '_').map(|c| c.to_ascii_lowercase()).collect()
}

fn object(body: &[u8]) -> Option<Map<String, Value>> {
    let text = std::str::from_utf8(body).ok()?;
    json::check(text).ok()?;
    serde_json::from_str(text).ok()
}

/// `{"errors": {"email": "We have no such customer"}}`.
fn errors(object: Map<String, Value>) -> BTreeMap<String, String> {
    let Some(Value::Object(errors)) = object.get("errors") else { return BTreeMap::new() };
    let short = |text: &str| {
        text.chars().filter(|c| !c.is_control()).take(MESSAGE_CHARS).collect::<String>()
    };
    let texts = errors.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
    let texts = texts.filter(|(name, text)| name.len() <= MESSAGE_CHARS && !text.is_empty());
    texts.take(MESSAGES).map(|(name, text)| (name.clone(), short(text))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn go(body: &str) -> Changes {
        match Reply::read(200, body.as_bytes()) {
            Reply::Go(changes) => changes,
            other @ (Reply::No(_) | Reply::Unclear) => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_empty_answer_changes_nothing() {
        for body in ["", "{}", "OK", "<Response/>", "[1]", "\"body\""] {
            assert_eq!(go(body).text("Body"), None, "{body}");
        }
        assert_eq!(Reply::read(204, b""), Reply::Go(Changes::default()));
    }

    #[test]
    fn names_are_taken_in_every_case_of_the_retired_service() {
        for body in [r#"{"body":"x"}"#, r#"{"Body":"x"}"#] {
            assert_eq!(go(body).text("Body"), Some("x"));
        }
        for name in ["friendlyName", "FriendlyName", "friendly_name"] {
            assert_eq!(go(&format!(r#"{{"{name}":"x"}}"#)).text("FriendlyName"), Some("x"));
        }
    }

    #[test]
    fn attributes_are_an_object_or_one_as_text() {
        let expected = go(r#"{"attributes":{"a":1}}"#).object("Attributes");
        assert!(expected.is_some());
        assert_eq!(go(r#"{"attributes":"{\"a\":1}"}"#).object("Attributes"), expected);
        for wrong in [r#"{"attributes":"{"}"#, r#"{"attributes":[1]}"#, r#"{"attributes":null}"#] {
            assert_eq!(go(wrong).object("Attributes"), None, "{wrong}");
        }
    }

    #[test]
    fn only_403_refuses() {
        assert_eq!(Reply::read(403, b"no"), Reply::No(BTreeMap::new()));
        for status in [100, 301, 400, 401, 404, 429, 500, 503] {
            assert_eq!(Reply::read(status, b"{}"), Reply::Unclear, "{status}");
        }
    }

    #[test]
    fn what_is_wrong_is_named_by_field() {
        let body = br#"{"errors":{"email":"We have no\nsuch customer","x":1,"y":""}}"#;
        let errors = BTreeMap::from([("email".into(), "We have nosuch customer".into())]);
        assert_eq!(Reply::read(403, body), Reply::No(errors));
    }
}
