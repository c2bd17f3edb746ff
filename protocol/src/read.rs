//! Reading JSON by hand: the text becomes one [`Value`], and types are read out of that.
//!
//! A derived `Deserialize` makes a reader of its own for every type and every field, which a
//! visitor of a page pays for: the reader of one frame's type was the widget's largest function. A
//! [`Value`] has one reader, and taking a field out of it is one call.
//!
//! Nothing stops at the first field that is wrong: a [`Fault`] is noted and reading goes on, with a
//! blank in its place that nobody ever sees. To stop in the middle would mean to let go of what was
//! read so far, and that is code too, at every field of every type.

use serde_json::{Map, Value};

use crate::{
    id::{Cid, Identity, Kind, Sid, Stream},
    json,
    sorted::SortedMap,
    time::Millis,
};

/// Can be read out of a [`Value`].
pub trait Read: Sized {
    /// Reads it. If the value is not one of these, that is noted, and what comes back is a blank. A
    /// field that is missing is read as [`Value::Null`].
    fn read(value: &Value, fault: &mut Fault) -> Self;
}

/// Whether something was not as it has to be. What was read is of no use then.
#[derive(Debug, Default)]
pub struct Fault {
    is_noted: bool,
}

impl Fault {
    /// Something is wrong.
    pub fn note(&mut self) {
        self.is_noted = true;
    }

    /// Something is wrong unless this is there; a blank in its place.
    pub fn or_blank<T: Default>(&mut self, found: Option<T>) -> T {
        found.unwrap_or_else(|| {
            self.note();
            T::default()
        })
    }

    /// What was read, if nothing was wrong.
    pub fn unless_noted<T>(self, read: T) -> Option<T> {
        if self.is_noted { None } else { Some(read) }
    }
}

/// Reads a JSON text.
///
/// `None` if it is no JSON, or not what was expected.
#[must_use]
pub fn text<T: Read>(text: &str) -> Option<T> {
    value(&json::parse(text)?)
}

/// Reads a value; `None` if it is not what was expected.
#[must_use]
pub fn value<T: Read>(value: &Value) -> Option<T> {
    let mut fault = Fault::default();
    let read = T::read(value, &mut fault);
    fault.unless_noted(read)
}

/// The field `name`; one that is missing is null.
pub fn field<T: Read>(object: &Value, name: &str, fault: &mut Fault) -> T {
    T::read(at(object, name), fault)
}

/// The field `name`, or the default if it is missing.
pub fn field_or_default<T: Read + Default>(object: &Value, name: &str, fault: &mut Fault) -> T {
    Option::read(at(object, name), fault).unwrap_or_default()
}

// One copy for all types.
#[inline(never)]
fn at<'a>(object: &'a Value, name: &str) -> &'a Value {
    object.get(name).unwrap_or(&Value::Null)
}

/// The text in a value. One copy for all types.
#[inline(never)]
fn text_of<'a>(value: &'a Value, fault: &mut Fault) -> &'a str {
    fault.or_blank(value.as_str())
}

/// Makes structs readable: the fields in front must be there (an `Option` may be missing), those
/// after a semicolon get their default if they are not.
///
/// `Deserialize` comes along, by way of a [`Value`].
#[macro_export]
macro_rules! readable {
    ($($type:ident { $($field:ident),* $(; $($lax:ident),*)? })*) => {$(
        impl $crate::read::Read for $type {
            fn read(value: &::serde_json::Value, fault: &mut $crate::read::Fault) -> Self {
                // Anything but an object has no fields.
                if !value.is_object() {
                    fault.note();
                }
                Self {
                    $($field: $crate::read::field(value, stringify!($field), fault),)*
                    $($($lax: $crate::read::field_or_default(value, stringify!($lax), fault),)*)?
                }
            }
        }
        $crate::deserialized_by_reading!($type);
    )*};
}

/// `Deserialize` for what is [`Read`].
#[macro_export]
macro_rules! deserialized_by_reading {
    ($type:ident) => {
        impl<'de> ::serde::Deserialize<'de> for $type {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(from)?;
                $crate::read::value(&value).ok_or_else(|| {
                    <D::Error as ::serde::de::Error>::custom(concat!("not a ", stringify!($type)))
                })
            }
        }
    };
}

/// Makes enums of plain words readable. Behind `_` stands what any other word means; without it, such a
/// word is a fault.
#[macro_export]
macro_rules! readable_words {
    ($($type:ident { $($word:literal => $variant:ident,)* $(_ => $other:ident)? })*) => {$(
        impl $type {
            /// What this word means; `None` if it is none of ours.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => $crate::readable_words!(@other $($other)?),
                }
            }
        }
        impl $crate::read::Read for $type {
            fn read(value: &::serde_json::Value, fault: &mut $crate::read::Fault) -> Self {
                let word = value.as_str().and_then(Self::from_word);
                word.unwrap_or_else(|| {
                    fault.note();
                    $crate::readable_words!(@first $($variant)*)
                })
            }
        }
    )*};
    (@other) => { None };
    (@other $other:ident) => { Some(Self::$other) };
    (@first $first:ident $($rest:ident)*) => { Self::$first };
}

impl Read for bool {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        fault.or_blank(value.as_bool())
    }
}
impl Read for u64 {
    #[inline(never)]
    fn read(value: &Value, fault: &mut Fault) -> Self {
        fault.or_blank(value.as_u64())
    }
}
impl Read for u32 {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        fault.or_blank(value.as_u64().and_then(|number| number.try_into().ok()))
    }
}
impl Read for u16 {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        fault.or_blank(value.as_u64().and_then(|number| number.try_into().ok()))
    }
}
impl Read for usize {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        fault.or_blank(value.as_u64().and_then(|number| number.try_into().ok()))
    }
}
impl Read for String {
    #[inline(never)]
    fn read(value: &Value, fault: &mut Fault) -> Self {
        text_of(value, fault).to_owned()
    }
}
impl Read for Map<String, Value> {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        fault.or_blank(value.as_object().cloned())
    }
}
impl Read for Millis {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        Self(u64::read(value, fault))
    }
}
impl Read for Cid {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        let cid = Self::parse(text_of(value, fault));
        Self(fault.or_blank(cid.map(|cid| cid.0)))
    }
}
impl Read for Identity {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        Self::parse_or_blank(text_of(value, fault), fault)
    }
}
impl Read for Stream {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        Self::parse_or_blank(text_of(value, fault), fault)
    }
}
impl<K: Kind> Read for Sid<K> {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        Self::parse_or_blank(text_of(value, fault), fault)
    }
}
impl<T: Read> Read for Option<T> {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        if value.is_null() { None } else { Some(T::read(value, fault)) }
    }
}
impl<T: Read> Read for Vec<T> {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        let Some(items) = value.as_array() else {
            fault.note();
            return Self::new();
        };
        let mut all = Self::with_capacity(items.len());
        for item in items {
            all.push(T::read(item, fault));
        }
        all
    }
}
impl Read for SortedMap<String, String> {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        let mut all = Self::new();
        match value.as_object() {
            Some(fields) => {
                for (name, value) in fields {
                    all.insert(name.clone(), String::read(value, fault));
                }
            }
            None => fault.note(),
        }
        all
    }
}
impl Read for SortedMap<Stream, u64> {
    fn read(value: &Value, fault: &mut Fault) -> Self {
        let mut all = Self::new();
        match value.as_object() {
            Some(fields) => {
                for (name, value) in fields {
                    all.insert(Stream::parse_or_blank(name, fault), u64::read(value, fault));
                }
            }
            None => fault.note(),
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Sample {
        needed: u64,
        perhaps: Option<String>,
        many: Vec<u64>,
    }
    readable! { Sample { needed, perhaps; many } }

    #[test]
    fn a_field_that_is_needed_must_be_there() {
        assert_eq!(
            text(r#"{"needed":1,"other":[]}"#),
            Some(Sample { needed: 1, perhaps: None, many: vec![] })
        );
        assert_eq!(text::<Sample>(r#"{"perhaps":"x"}"#), None);
        assert_eq!(text::<Sample>("[]"), None);
    }

    #[test]
    fn a_field_of_the_wrong_type_is_not_passed_over() {
        assert_eq!(text::<Sample>(r#"{"needed":1,"perhaps":2}"#), None);
        assert_eq!(text::<Sample>(r#"{"needed":1,"many":["x"]}"#), None);
        assert_eq!(text::<Sample>(r#"{"needed":-1}"#), None);
    }

    #[test]
    fn what_is_wrong_deep_inside_is_wrong_altogether() {
        assert_eq!(text::<Vec<Sample>>(r#"[{"needed":1},{"needed":"1"}]"#), None);
        assert_eq!(text::<SortedMap<Stream, u64>>(r#"{"XX":1}"#), None);
        assert_eq!(text::<SortedMap<String, String>>("[]"), None);
    }
}
