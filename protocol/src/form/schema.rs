//! What a site owner may ask before a chat begins.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    deserialized_by_reading,
    read::{Fault, Read, field, field_or_default},
    readable, readable_words,
};

/// A pre-engagement form.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Form {
    /// Above the fields.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Below the title.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// On the button; empty for the widget's own word.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub submit_label: String,
    /// Below the button.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub footer: String,
    /// The questions, in order.
    pub fields: Vec<Field>,
}

/// One question.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// The answer's key: unique in the form. `friendlyName` is also the visitor's name.
    pub name: String,
    /// What is asked.
    pub label: String,
    /// How it is asked.
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// Whether an answer must be given; for a checkbox, whether it must be ticked.
    pub required: bool,
    /// In the empty field.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub placeholder: String,
    /// Below the field.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// What the field holds at first.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// The HTML `autocomplete` token, such as `name`; empty for a fitting one.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub autocomplete: String,
    /// Longest answer in characters; `None` for 1,000 (a textarea: 5,000).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// Whether the answer is the first message of the conversation, too: the visitor has said it.
    /// Of several fields, the first one that is answered. Without it an answer stands beside the
    /// conversation and not in it, as in the retired service's web chat.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub first_message: bool,
    /// For `select` and `radio`: what may be chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
}

/// How a question is asked.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// One line.
    Text,
    /// One line that is an e-mail address.
    Email,
    /// Several lines.
    Textarea,
    /// One of a list.
    Select,
    /// One of a few, all in sight.
    Radio,
    /// Yes or no.
    Checkbox,
}

/// Something that may be chosen.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The answer.
    pub value: String,
    /// What stands there.
    pub label: String,
}

impl Field {
    /// Longest answer in characters.
    #[must_use]
    pub fn longest(&self) -> usize {
        let default = if self.kind == FieldKind::Textarea { 5_000 } else { 1_000 };
        self.max_length.map_or(default, |length| length as usize)
    }
}

readable! {
    Form { ; title, description, submit_label, footer, fields }
    Choice { value, label }
}
readable_words! {
    FieldKind {
        "text" => Text, "email" => Email, "textarea" => Textarea, "select" => Select,
        "radio" => Radio, "checkbox" => Checkbox,
    }
}
// By hand: its kind is written `type`.
impl Read for Field {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        Self {
            name: field(value, "name", fault),
            label: field(value, "label", fault),
            kind: field(value, "type", fault),
            required: field_or_default(value, "required", fault),
            placeholder: field_or_default(value, "placeholder", fault),
            help: field_or_default(value, "help", fault),
            value: field_or_default(value, "value", fault),
            autocomplete: field_or_default(value, "autocomplete", fault),
            max_length: field(value, "max_length", fault),
            first_message: field_or_default(value, "first_message", fault),
            options: field_or_default(value, "options", fault),
        }
    }
}
deserialized_by_reading!(Field);
