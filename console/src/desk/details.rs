//! What is known of a visitor: the form's answers and the page they were given on.

use frontdesk_protocol::attributes::Attributes;
use serde_json::Value;

/// One thing that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// What it is called.
    pub label: String,
    /// What it is.
    pub value: String,
    /// Where it leads, for an address that is safe to open.
    pub link: Option<String>,
}

/// What is known, in the order it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details {
    /// What the visitor answered.
    pub answers: Vec<Detail>,
    /// Where they were when they did.
    pub page: Vec<Detail>,
}

impl Details {
    /// Sorts a task's attributes into what is shown.
    #[must_use]
    pub fn of(attributes: &Attributes) -> Self {
        let mut details = Self::default();
        for (key, value) in attributes {
            let Some(value) = text_of(value) else { continue };
            match key.as_str() {
                // Shown above everything else, as the visitor's name.
                "friendlyName" => {}
                "location" => details.page.push(page(&value)),
                "title" => details.page.push(plain("Page title", value)),
                "locale" => details.page.push(plain("Language", value)),
                _ => details.answers.push(answer(key, value)),
            }
        }
        details
    }

    /// One line on what the chat is about: an answer of few words, and the page.
    #[must_use]
    pub fn about(&self) -> Vec<String> {
        let topic = self.answers.iter().find(|detail| {
            !matches!(detail.value.as_str(), "Yes" | "No")
                && detail.value.chars().count() <= 40
                && !detail.value.contains(['\n', '@'])
        });
        let page = self.page.iter().find(|detail| detail.label == "Page");
        topic
            .map(|detail| detail.value.clone())
            .into_iter()
            .chain(page.map(|detail| format!("on {}", detail.value)))
            .collect()
    }
}

fn plain(label: &str, value: String) -> Detail {
    Detail { label: label.into(), value, link: None }
}

fn answer(key: &str, value: String) -> Detail {
    let known = match key {
        "email" => "E-mail".into(),
        "phone" => "Phone".into(),
        _ => humanise(key),
    };
    plain(&known, value)
}

/// The page without what is the same on every page of the site. Only `http` and `https` lead
/// anywhere: the address comes from the visitor's browser, which may have been told anything.
fn page(address: &str) -> Detail {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let Some(rest) = rest else { return plain("Page", address.into()) };
    let shown = match rest.find('/') {
        Some(start) if rest[start..].len() > 1 => rest[start..].to_owned(),
        Some(start) => rest[..start].to_owned(),
        None => rest.to_owned(),
    };
    Detail { label: "Page".into(), value: shown, link: Some(address.into()) }
}

/// A value as people read it; `None` for one that says nothing.
fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::Bool(true) => "Yes".into(),
        Value::Bool(false) => "No".into(),
        // What a ticked box is as an answer of a form.
        Value::String(text) if text == "true" => "Yes".into(),
        Value::String(text) if text == "false" => "No".into(),
        Value::String(text) => text.trim().to_owned(),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    };
    (!text.is_empty()).then_some(text)
}

/// `order_number` and `orderNumber` become `Order number`.
fn humanise(key: &str) -> String {
    let mut words = String::with_capacity(key.len() + 4);
    let mut after_small = false;
    for letter in key.chars() {
        if matches!(letter, '_' | '-' | '.' | ' ') {
            if !words.is_empty() {
                words.push(' ');
            }
            after_small = false;
        } else if letter.is_uppercase() && after_small {
            words.push(' ');
            words.extend(letter.to_lowercase());
            after_small = false;
        } else if words.is_empty() {
            words.extend(letter.to_uppercase());
            after_small = letter.is_lowercase();
        } else {
            words.push(letter);
            after_small = letter.is_lowercase();
        }
    }
    words.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn details(value: Value) -> Details {
        let Value::Object(attributes) = value else { panic!("attributes are an object") };
        Details::of(&attributes)
    }

    #[test]
    fn answers_are_told_from_the_page_they_were_given_on() {
        let details = details(json!({
            "friendlyName": "Alice", "email": "alice@example.org", "orderNumber": "1042",
            "newsletter": "true", "note": " ", "location": "https://shop.example/orders/1042?x=1",
            "title": "Orders", "locale": "fr-FR",
        }));
        let answers: Vec<_> = details.answers.iter().map(|d| (&*d.label, &*d.value)).collect();
        assert_eq!(
            answers,
            [("E-mail", "alice@example.org"), ("Newsletter", "Yes"), ("Order number", "1042")]
        );
        let page: Vec<_> = details.page.iter().map(|d| (&*d.label, &*d.value)).collect();
        assert_eq!(
            page,
            [("Language", "fr-FR"), ("Page", "/orders/1042?x=1"), ("Page title", "Orders")]
        );
        assert_eq!(details.about(), ["1042", "on /orders/1042?x=1"]);
    }

    #[test]
    fn an_address_that_would_run_code_leads_nowhere() {
        for address in ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", " https"] {
            let details = details(json!({ "location": address }));
            assert_eq!(details.page[0].link, None, "{address}");
        }
    }

    #[test]
    fn a_site_without_a_path_is_shown_by_its_host() {
        let details = details(json!({ "location": "https://shop.example/" }));
        assert_eq!(details.page[0].value, "shop.example");
    }

    #[test]
    fn keys_read_like_words() {
        for (key, words) in [
            ("order_number", "Order number"),
            ("orderNumber", "Order number"),
            ("VAT", "VAT"),
            ("_x", "X"),
            ("", ""),
        ] {
            assert_eq!(humanise(key), words);
        }
    }
}
