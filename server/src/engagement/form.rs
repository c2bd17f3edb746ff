//! The answers that come with a new chat. Pure.

use std::collections::BTreeMap;

use frontdesk_protocol::{
    Body,
    attributes::Attributes,
    form::{Answers, FieldError, Form, validate},
};
use serde_json::Value;

/// What a page may send beside the form's answers: where it stands.
const CONTEXT: [&str; 3] = ["location", "locale", "title"];
/// Longest of these, in bytes.
const CONTEXT_BYTES: usize = 2_048;

/// Checks the answers against a site's form.
///
/// # Errors
/// What is wrong, by field name.
pub(super) fn check(form: &Form, data: &Attributes) -> Result<(), BTreeMap<String, FieldError>> {
    let mut answers = Answers::new();
    let mut errors = BTreeMap::new();
    for (name, value) in data {
        let asked = form.fields.iter().any(|field| field.name == *name);
        match value {
            Value::String(text) if !asked && CONTEXT.contains(&name.as_str()) => {
                if text.len() > CONTEXT_BYTES {
                    errors.insert(name.clone(), FieldError::TooLong);
                }
            }
            Value::Null if !asked => {}
            Value::String(text) => {
                answers.insert(name.clone(), text.clone());
            }
            Value::Bool(ticked) => {
                answers.insert(name.clone(), ticked.to_string());
            }
            Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                errors.insert(name.clone(), FieldError::NotAnOption);
            }
        }
    }
    errors.extend(validate(form, &answers));
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// What the visitor says first: the answer that the form takes for a message, if one was given.
pub(super) fn first_message(form: &Form, data: &Attributes) -> Option<Body> {
    form.fields.iter().filter(|field| field.first_message).find_map(|field| {
        let answer = data.get(&field.name)?.as_str()?;
        Body::parse(answer.trim()).ok()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form() -> Form {
        serde_json::from_value(json!({ "fields": [
            { "name": "friendlyName", "label": "Name", "type": "text", "required": true },
            { "name": "news", "label": "News?", "type": "checkbox" },
            { "name": "topic", "label": "Topic", "type": "text", "first_message": true },
            { "name": "more", "label": "More", "type": "textarea", "first_message": true },
        ] }))
        .unwrap()
    }

    #[track_caller]
    fn wrong(data: Value) -> Vec<(String, FieldError)> {
        let Value::Object(data) = data else { panic!("an object") };
        check(&form(), &data).err().unwrap_or_default().into_iter().collect()
    }

    #[test]
    fn the_page_may_say_where_it_stands() {
        let data = json!({ "friendlyName": "Bob", "location": "https://x.org/", "locale": "de" });
        assert_eq!(wrong(data), []);
    }

    #[test]
    fn an_answer_of_another_type_is_refused() {
        let data = json!({ "friendlyName": ["Bob"], "news": true });
        let errors = wrong(data);
        assert!(errors.iter().all(|(name, _)| name == "friendlyName") && !errors.is_empty());
    }

    #[test]
    fn the_first_answer_that_may_be_a_message_is_one() {
        let said = |data: Value| {
            let Value::Object(data) = data else { panic!("an object") };
            first_message(&form(), &data).map(Body::into_string)
        };
        let both = json!({ "friendlyName": "Bob", "topic": "Brakes", "more": "They squeak." });
        assert_eq!(said(both).as_deref(), Some("Brakes"));
        let blank = json!({ "friendlyName": "Bob", "topic": " ", "more": "They\nsqueak.\n" });
        assert_eq!(said(blank).as_deref(), Some("They\nsqueak."));
        assert_eq!(said(json!({ "friendlyName": "Bob", "more": "\n\t " })), None);
        assert_eq!(said(json!({ "friendlyName": "Bob", "topic": null, "more": true })), None);
        assert_eq!(said(json!({ "friendlyName": "Bob" })), None);
    }

    #[test]
    fn what_the_form_does_not_ask_is_refused() {
        let data = json!({ "friendlyName": "Bob", "role": "admin" });
        assert_eq!(wrong(data), [("role".into(), FieldError::UnknownField)]);
    }
}
