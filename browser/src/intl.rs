//! Dates and times in the reader's language.

use std::cell::RefCell;

use frontdesk_protocol::Millis;
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// `Intl.DateTimeFormat`, bound here because the ready-made binding cannot say that a page's
    /// `lang="en_US"` throws.
    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;
    #[wasm_bindgen(constructor, catch, js_namespace = Intl)]
    fn new(locale: &JsValue, options: &Object) -> Result<DateTimeFormat, JsValue>;
    #[wasm_bindgen(method, getter, js_class = "DateTimeFormat")]
    fn format(this: &DateTimeFormat) -> Function;
}

/// How a moment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// `14:02`, or `2:02 PM`.
    Time,
    /// `Tuesday, 3 March`.
    Day,
    /// `3 Mar, 14:02`.
    DayAndTime,
}

impl Style {
    fn options(self) -> Object {
        let options = Object::new();
        let pairs: &[(&str, &str)] = match self {
            Self::Time => &[("hour", "numeric"), ("minute", "2-digit")],
            Self::Day => &[("weekday", "long"), ("day", "numeric"), ("month", "long")],
            Self::DayAndTime => &[
                ("day", "numeric"),
                ("month", "short"),
                ("hour", "numeric"),
                ("minute", "2-digit"),
            ],
        };
        for (key, value) in pairs {
            // Setting a property of a fresh object cannot fail.
            drop(Reflect::set(&options, &(*key).into(), &(*value).into()));
        }
        options
    }
}

thread_local! {
    /// Making a formatter takes 20 times as long as using one, and a timeline uses it per message.
    static MADE: RefCell<Vec<(String, Style, Function)>> = const { RefCell::new(Vec::new()) };
}

/// The moment `at` (Unix milliseconds) in local time, as readers of `language` write it. A language
/// the browser cannot read is replaced by the browser's own.
#[must_use]
pub fn format(at: Millis, style: Style, language: &str) -> String {
    #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
    let at = JsValue::from_f64(at.0 as f64);
    let formatter = MADE.with_borrow_mut(|made| {
        let known = made.iter().find(|(lang, kind, _)| lang == language && *kind == style);
        if let Some((_, _, formatter)) = known {
            return Some(formatter.clone());
        }
        let formatter = DateTimeFormat::new(&language.into(), &style.options())
            .or_else(|_| DateTimeFormat::new(&JsValue::UNDEFINED, &style.options()))
            .ok()?
            .format();
        made.push((language.to_owned(), style, formatter.clone()));
        Some(formatter)
    });
    formatter
        .and_then(|formatter| formatter.call1(&JsValue::UNDEFINED, &at).ok())
        .and_then(|text| text.as_string())
        .unwrap_or_default()
}
