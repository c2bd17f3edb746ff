//! The parameters of a form.

use axum::extract::{FromRequest, Request};

use crate::http::{Fronts, answer::RestAnswer, body};

/// Longest name that is repeated in a message.
const NAME_CHARS: usize = 64;

/// What a form says, in the order it was sent. Names may come again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Reads the form of a request.
    ///
    /// # Errors
    /// 400, 408, 413 or 415.
    pub(crate) async fn of(request: Request) -> Result<Self, RestAnswer> {
        body::read_form(request).await.map(Self)
    }

    /// Every value of a name that may come several times.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str()).collect()
    }

    /// The value of a name, read by one of [`read`]; `None` if it was not sent.
    ///
    /// # Errors
    /// 400 if it came twice or does not read.
    pub(crate) fn optional<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, RestAnswer> {
        let mut values = self.all(name).into_iter();
        let Some(text) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(RestAnswer::bad_request(format!("{name:.NAME_CHARS$} is given twice")));
        }
        let value = parse(text);
        value.map(Some).ok_or_else(|| RestAnswer::bad_request(format!("{name} is not valid")))
    }

    /// The value of a name that has to be there.
    ///
    /// # Errors
    /// 400 if it is not, came twice, or does not read.
    pub(crate) fn required<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, RestAnswer> {
        let value = self.optional(name, parse)?;
        value.ok_or_else(|| RestAnswer::bad_request(format!("{name} is required")))
    }
}

impl FromRequest<Fronts> for Params {
    type Rejection = RestAnswer;

    async fn from_request(request: Request, _: &Fronts) -> Result<Self, RestAnswer> {
        Self::of(request).await
    }
}

/// How parameters are written.
pub(crate) mod read {
    use frontdesk_protocol::{attributes::Attributes, json};

    /// Any text.
    #[expect(clippy::unnecessary_wraps, reason = "one of several ways to read a parameter")]
    pub(crate) fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    /// A name: at most 256 characters, none of them a control character.
    pub(crate) fn name(text: &str) -> Option<String> {
        let fits = text.chars().take(257).count() <= 256 && !text.chars().any(char::is_control);
        fits.then(|| text.to_owned())
    }

    /// A number from 0 on, as far as a database keeps it: 2^63 - 1.
    pub(crate) fn number(text: &str) -> Option<u64> {
        text.parse().ok().filter(|number| i64::try_from(*number).is_ok())
    }

    /// `true` or `false`, in any case.
    pub(crate) fn flag(text: &str) -> Option<bool> {
        match text.to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// A JSON object; empty text is an empty one.
    pub(crate) fn object(text: &str) -> Option<Attributes> {
        if text.is_empty() {
            return Some(Attributes::new());
        }
        json::check(text).ok()?;
        serde_json::from_str(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> Params {
        Params(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn a_name_that_may_come_again_has_all_its_values() {
        let params = params(&[("Permission", "a"), ("Type", "x"), ("Permission", "b")]);
        assert_eq!(params.all("Permission"), ["a", "b"]);
        assert!(params.optional("Permission", read::text).is_err());
        assert_eq!(params.optional("Type", read::text).unwrap().as_deref(), Some("x"));
        assert_eq!(params.optional("type", read::text).unwrap(), None);
    }

    #[test]
    fn what_does_not_read_is_named() {
        let params = params(&[("Enabled", "yes")]);
        let wrong = params.required("Enabled", read::flag).unwrap_err();
        assert!(format!("{wrong:?}").contains("Enabled is not valid"));
        let missing = params.required("FriendlyName", read::name).unwrap_err();
        assert!(format!("{missing:?}").contains("FriendlyName is required"));
    }

    // One above it was kept as the greatest there is.
    #[test]
    fn a_number_is_one_that_a_database_keeps() {
        assert_eq!(read::number("9223372036854775807"), Some(i64::MAX.unsigned_abs()));
        for wrong in ["9223372036854775808", "-1", "1.5", "", " 1"] {
            assert_eq!(read::number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn attributes_are_an_object_or_nothing() {
        assert_eq!(read::object(""), Some(Attributes::default()));
        assert!(read::object(r#"{"a":1}"#).is_some());
        for wrong in ["[]", "1", "{", r#"{"a":1,"a":2}"#] {
            assert_eq!(read::object(wrong), None, "{wrong}");
        }
    }

    use frontdesk_protocol::attributes::Attributes;
}
