//! Reading JSON by hand: the text becomes one [`Value`], and types are read out of that.
//!
//! A derived `Deserialize` makes a reader of its own for every type and every field, which a
//! visitor of a page pays for: the reader of one frame's type was the widget's largest function. A
//! [`Value`] has one reader, and taking a field out of it is one call.

use serde_json::{Map, Value};

use crate::{
    id::{Cid, Identity, Kind, Sid, Stream},
    sorted::SortedMap,
    time::Millis,
};

/// Can be read out of a [`Value`].
pub trait Read: Sized {
    /// Reads it; `None` if the value is not one of these. A field that is missing is read as
    /// [`Value::Null`].
    fn read(value: &Value) -> Option<Self>;
}

/// Reads a JSON text.
///
/// `None` if it is no JSON, or not what was expected.
#[must_use]
pub fn text<T: Read>(text: &str) -> Option<T> {
    T::read(&serde_json::from_str(text).ok()?)
}

/// The field `name`; one that is missing is null.
pub fn field<T: Read>(object: &Value, name: &str) -> Option<T> {
    T::read(at(object, name))
}

/// The field `name`, or the default if it is missing.
pub fn field_or_default<T: Read + Default>(object: &Value, name: &str) -> Option<T> {
    let value = at(object, name);
    if value.is_null() { Some(T::default()) } else { T::read(value) }
}

// One copy for all types.
#[inline(never)]
fn at<'a>(object: &'a Value, name: &str) -> &'a Value {
    object.get(name).unwrap_or(&Value::Null)
}

/// Makes structs readable: the fields in front must be there (an `Option` may be missing), those
/// after a semicolon get their default if they are not.
///
/// `Deserialize` comes along, by way of a [`Value`].
#[macro_export]
macro_rules! readable {
    ($($type:ident { $($field:ident),* $(; $($lax:ident),*)? })*) => {$(
        impl $crate::read::Read for $type {
            fn read(value: &::serde_json::Value) -> Option<Self> {
                // Anything but an object has no fields.
                value.is_object().then_some(())?;
                Some(Self {
                    $($field: $crate::read::field(value, stringify!($field))?,)*
                    $($($lax: $crate::read::field_or_default(value, stringify!($lax))?,)*)?
                })
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
                $crate::read::Read::read(&value).ok_or_else(|| {
                    <D::Error as ::serde::de::Error>::custom(concat!("not a ", stringify!($type)))
                })
            }
        }
    };
}

/// Makes enums of plain words readable.
#[macro_export]
macro_rules! readable_words {
    ($($type:ident { $($word:literal => $variant:ident,)* $(_ => $other:ident)? })*) => {$(
        impl $crate::read::Read for $type {
            fn read(value: &::serde_json::Value) -> Option<Self> {
                match value.as_str()? {
                    $($word => Some(Self::$variant),)*
                    _ => $crate::readable_words!(@other $($other)?),
                }
            }
        }
    )*};
    (@other) => { None };
    (@other $other:ident) => { Some(Self::$other) };
}

impl Read for bool {
    fn read(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}
impl Read for u64 {
    fn read(value: &Value) -> Option<Self> {
        value.as_u64()
    }
}
impl Read for u32 {
    fn read(value: &Value) -> Option<Self> {
        value.as_u64()?.try_into().ok()
    }
}
impl Read for u16 {
    fn read(value: &Value) -> Option<Self> {
        value.as_u64()?.try_into().ok()
    }
}
impl Read for usize {
    fn read(value: &Value) -> Option<Self> {
        value.as_u64()?.try_into().ok()
    }
}
impl Read for String {
    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(Self::from)
    }
}
impl Read for Map<String, Value> {
    fn read(value: &Value) -> Option<Self> {
        value.as_object().cloned()
    }
}
impl Read for Millis {
    fn read(value: &Value) -> Option<Self> {
        value.as_u64().map(Self)
    }
}
impl Read for Cid {
    fn read(value: &Value) -> Option<Self> {
        Self::parse(value.as_str()?)
    }
}
impl Read for Identity {
    fn read(value: &Value) -> Option<Self> {
        Self::parse(value.as_str()?)
    }
}
impl Read for Stream {
    fn read(value: &Value) -> Option<Self> {
        Self::parse(value.as_str()?).ok()
    }
}
impl<K: Kind> Read for Sid<K> {
    fn read(value: &Value) -> Option<Self> {
        Self::parse(value.as_str()?).ok()
    }
}
impl<T: Read> Read for Option<T> {
    fn read(value: &Value) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::read(value).map(Some) }
    }
}
impl<T: Read> Read for Vec<T> {
    fn read(value: &Value) -> Option<Self> {
        let items = value.as_array()?;
        let mut all = Self::with_capacity(items.len());
        for item in items {
            all.push(T::read(item)?);
        }
        Some(all)
    }
}
impl Read for SortedMap<String, String> {
    fn read(value: &Value) -> Option<Self> {
        let mut all = Self::new();
        for (name, value) in value.as_object()? {
            all.insert(name.clone(), value.as_str()?.into());
        }
        Some(all)
    }
}
impl Read for SortedMap<Stream, u64> {
    fn read(value: &Value) -> Option<Self> {
        let mut all = Self::new();
        for (name, value) in value.as_object()? {
            all.insert(Stream::parse(name).ok()?, value.as_u64()?);
        }
        Some(all)
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
}
