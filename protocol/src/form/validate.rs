//! Whether answers fit a form. Runs in the browser as the visitor types, and again on the server.

use serde::{Deserialize, Serialize};

use super::{Field, FieldKind, Form};
use crate::{letter::is_letter, readable_words, sorted::SortedMap};

/// Answers by field name. A ticked checkbox is `true`; one that is not is `false` or missing.
pub type Answers = SortedMap<String, String>;

/// What is wrong with one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum FieldError {
    /// An answer must be given.
    #[error("this field is required")]
    Required,
    /// No e-mail address.
    #[error("this is not an e-mail address like name@example.org")]
    Email,
    /// Too long.
    #[error("this answer is too long")]
    TooLong,
    /// Not one of the options, or not `true` or `false`.
    #[error("this is not one of the options")]
    NotAnOption,
    /// A control character.
    #[error("this answer has a character that cannot be used here")]
    BadCharacter,
    /// The form does not ask this.
    #[error("the form has no such field")]
    UnknownField,
}

readable_words! {
    FieldError {
        "required" => Required, "email" => Email, "too_long" => TooLong,
        "not_an_option" => NotAnOption, "bad_character" => BadCharacter,
        "unknown_field" => UnknownField,
    }
}

/// What is wrong, by field name; empty if the answers fit the form.
///
/// A name that the form does not ask is [`FieldError::UnknownField`]. Linear in the size of the
/// answers.
#[must_use]
pub fn validate(form: &Form, answers: &Answers) -> SortedMap<String, FieldError> {
    let mut errors = SortedMap::new();
    for field in &form.fields {
        let answer = answers.get(&field.name).map_or("", String::as_str);
        if let Some(error) = check(field, answer) {
            errors.insert(field.name.clone(), error);
        }
    }
    for name in answers.keys() {
        if !form.fields.iter().any(|field| field.name == *name) {
            errors.insert(name.clone(), FieldError::UnknownField);
        }
    }
    errors
}

fn check(field: &Field, answer: &str) -> Option<FieldError> {
    let unanswered = match field.kind {
        FieldKind::Checkbox => answer != "true",
        FieldKind::Text
        | FieldKind::Email
        | FieldKind::Textarea
        | FieldKind::Select
        | FieldKind::Radio => answer.trim().is_empty(),
    };
    if unanswered && field.required {
        return Some(FieldError::Required);
    }
    if answer.is_empty() {
        return None;
    }
    if answer.chars().take(field.longest() + 1).count() > field.longest() {
        return Some(FieldError::TooLong);
    }
    match field.kind {
        FieldKind::Text => one_line(answer),
        FieldKind::Email => {
            one_line(answer).or_else(|| (!is_email(answer)).then_some(FieldError::Email))
        }
        FieldKind::Textarea => answer
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            .then_some(FieldError::BadCharacter),
        FieldKind::Select | FieldKind::Radio => {
            (!field.options.iter().any(|choice| choice.value == answer))
                .then_some(FieldError::NotAnOption)
        }
        FieldKind::Checkbox => {
            (!matches!(answer, "true" | "false")).then_some(FieldError::NotAnOption)
        }
    }
}

fn one_line(answer: &str) -> Option<FieldError> {
    answer.chars().any(char::is_control).then_some(FieldError::BadCharacter)
}

/// Whether `text` looks like an e-mail address: the rule of `<input type="email">`, and a dot in
/// the domain, because an address without one cannot be answered from outside.
///
/// Source: HTML Living Standard, "valid e-mail address".
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.trim().split_once('@') else { return false };
    let local_fits = !local.is_empty()
        && local.len() <= 64
        && local.bytes().all(|b| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b));
    let label_fits = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| is_letter(c) || c == '-')
    };
    local_fits && domain.contains('.') && domain.len() <= 253 && domain.split('.').all(label_fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::Choice;

    fn field(name: &str, kind: FieldKind, required: bool) -> Field {
        Field {
            name: name.into(),
            label: name.into(),
            kind,
            required,
            placeholder: String::new(),
            help: String::new(),
            value: String::new(),
            autocomplete: String::new(),
            max_length: None,
            first_message: false,
            options: vec![Choice { value: "a".into(), label: "A".into() }],
        }
    }

    #[track_caller]
    fn check_one(kind: FieldKind, required: bool, answer: &str, expected: Option<FieldError>) {
        let form = Form { fields: vec![field("f", kind, required)], ..Form::default() };
        let answers = Answers::from([("f".to_owned(), answer.to_owned())]);
        assert_eq!(validate(&form, &answers).get("f").copied(), expected, "{kind:?} {answer:?}");
    }

    #[test]
    fn a_required_field_wants_an_answer() {
        check_one(FieldKind::Text, true, " ", Some(FieldError::Required));
        check_one(FieldKind::Checkbox, true, "false", Some(FieldError::Required));
        check_one(FieldKind::Checkbox, true, "true", None);
        check_one(FieldKind::Text, false, "", None);
    }

    #[test]
    fn an_address_is_checked_like_the_browsers_own_field() {
        for good in ["a@b.org", "name+tag@sub.example.org", "o'hara@exämple.org"] {
            check_one(FieldKind::Email, true, good, None);
        }
        for bad in ["alice@", "@b.org", "a b@c.org", "a@b", "a@-b.org", "a@b..org", "a@b@c.org"] {
            check_one(FieldKind::Email, true, bad, Some(FieldError::Email));
        }
    }

    #[test]
    fn a_choice_is_one_of_the_options() {
        check_one(FieldKind::Select, true, "a", None);
        check_one(FieldKind::Radio, true, "b", Some(FieldError::NotAnOption));
        check_one(FieldKind::Checkbox, false, "yes", Some(FieldError::NotAnOption));
    }

    #[test]
    fn what_the_form_does_not_ask_is_refused() {
        let answers = Answers::from([("role".to_owned(), "admin".to_owned())]);
        assert_eq!(
            validate(&Form::default(), &answers).get("role"),
            Some(&FieldError::UnknownField)
        );
    }

    #[test]
    fn control_characters_stay_out_of_one_line() {
        check_one(FieldKind::Text, false, "a\nb", Some(FieldError::BadCharacter));
        check_one(FieldKind::Textarea, false, "a\nb", None);
        check_one(FieldKind::Textarea, false, "a\u{0}b", Some(FieldError::BadCharacter));
    }
}
