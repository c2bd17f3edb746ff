//! Objects become text, without a space, in the order their fields are given.

use serde_json::{Map, Value};

/// A JSON object that is being written.
///
/// ```
/// # use frontdesk_protocol::json::Object;
/// let text = Object::new().text("name", "Bob").number("age", 7).end();
/// assert_eq!(text, r#"{"name":"Bob","age":7}"#);
/// ```
#[derive(Debug)]
pub struct Object {
    text: String,
}

impl Object {
    /// An object without fields.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "there is nothing that is usual about it")]
    pub fn new() -> Self {
        Self { text: String::from("{") }
    }

    fn name(&mut self, name: &str) {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        push_quoted(&mut self.text, name);
        self.text.push(':');
    }

    /// A field that is JSON already.
    pub fn json(&mut self, name: &str, json: &str) -> &mut Self {
        self.name(name);
        self.text.push_str(json);
        self
    }

    /// A text.
    pub fn text(&mut self, name: &str, value: &str) -> &mut Self {
        self.name(name);
        push_quoted(&mut self.text, value);
        self
    }

    /// A text, if there is one.
    pub fn text_if(&mut self, name: &str, value: Option<&str>) -> &mut Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    /// A number.
    pub fn number(&mut self, name: &str, value: u64) -> &mut Self {
        self.name(name);
        push_number(&mut self.text, value);
        self
    }

    /// A number, if there is one.
    pub fn number_if(&mut self, name: &str, value: Option<u64>) -> &mut Self {
        match value {
            Some(value) => self.number(name, value),
            None => self,
        }
    }

    /// Yes or no.
    pub fn flag(&mut self, name: &str, value: bool) -> &mut Self {
        self.json(name, if value { "true" } else { "false" })
    }

    /// A list of what is JSON already.
    pub fn list(&mut self, name: &str, items: &[String]) -> &mut Self {
        self.json(name, &["[", &items.join(","), "]"].concat())
    }

    /// An object, unless it is empty.
    pub fn object_if_any(&mut self, name: &str, fields: &Map<String, Value>) -> &mut Self {
        if !fields.is_empty() {
            self.name(name);
            push_object(&mut self.text, fields);
        }
        self
    }

    /// The whole object. It is to be let go of then.
    #[must_use]
    pub fn end(&mut self) -> String {
        self.text.push('}');
        std::mem::take(&mut self.text)
    }
}

/// A text as JSON writes it.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut json = String::new();
    push_quoted(&mut json, text);
    json
}

/// A number as JSON writes it, and as people without separators do.
///
/// The same as `to_string`, without the standard library's formatting, which the widget has no other
/// use for.
#[must_use]
pub fn decimal(number: u64) -> String {
    let mut text = String::new();
    push_number(&mut text, number);
    text
}

fn push_quoted(json: &mut String, text: &str) {
    json.push('"');
    for letter in text.chars() {
        match letter {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\0'..='\u{1f}' => {
                json.push_str(if letter < '\u{10}' { "\\u000" } else { "\\u001" });
                json.extend(char::from_digit(u32::from(letter) % 16, 16));
            }
            _ => json.push(letter),
        }
    }
    json.push('"');
}

fn push_number(json: &mut String, number: u64) {
    if number >= 10 {
        push_number(json, number / 10);
    }
    json.push(char::from(b'0' + (number % 10) as u8));
}

fn push_object(json: &mut String, fields: &Map<String, Value>) {
    json.push('{');
    for (at, (name, value)) in fields.iter().enumerate() {
        if at > 0 {
            json.push(',');
        }
        push_quoted(json, name);
        json.push(':');
        push_value(json, value);
    }
    json.push('}');
}

fn push_value(json: &mut String, value: &Value) {
    match value {
        Value::Null => json.push_str("null"),
        Value::Bool(value) => json.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => match number.as_u64() {
            Some(number) => push_number(json, number),
            None => json.push_str(&serde_json::to_string(number).unwrap_or_default()),
        },
        Value::String(text) => push_quoted(json, text),
        Value::Array(items) => {
            json.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    json.push(',');
                }
                push_value(json, item);
            }
            json.push(']');
        }
        Value::Object(fields) => push_object(json, fields),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    proptest! {
        #[test]
        fn texts_and_numbers_are_written_as_serde_writes_them(
            name in ".*", text in "(.|[\0-\u{1f}]|[\"\\\\])*", number: u64,
        ) {
            let ours = Object::new().text(&name, &text).end();
            prop_assert_eq!(ours, serde_json::to_string(&json!({ name: text })).unwrap());
            prop_assert_eq!(decimal(number), number.to_string());
            let ours = Object::new().number("n", number).end();
            prop_assert_eq!(ours, serde_json::to_string(&json!({ "n": number })).unwrap());
        }
    }

    #[test]
    fn every_kind_of_value_is_written_as_serde_writes_it() {
        let value = json!({ "o": {}, "all": [null, true, false, -1, 0.5, "a\"b", [], { "x": 1 }] });
        let fields = value.as_object().unwrap();
        let ours = Object::new().object_if_any("v", fields).end();
        assert_eq!(ours, format!(r#"{{"v":{value}}}"#));
    }

    #[test]
    fn what_is_not_there_is_not_written() {
        let mut object = Object::new();
        object.text_if("a", None).number_if("b", None).object_if_any("c", &Map::new());
        object.list("d", &[]).list("e", &[quoted("x"), quoted("y")]).flag("f", true);
        assert_eq!(object.end(), r#"{"d":[],"e":["x","y"],"f":true}"#);
    }
}
