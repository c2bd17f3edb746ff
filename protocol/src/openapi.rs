//! Schemas of what goes over HTTP, for programs that read a server's description of itself.
//!
//! Only with the feature `openapi`, which the server alone asks for.

use std::borrow::Cow;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

use crate::id::{Identity, Kind, Sid};

impl<K: Kind> PartialSchema for Sid<K> {
    fn schema() -> RefOr<Schema> {
        let pattern = ["^", K::PREFIX, "[0-9a-f]{32}$"].concat();
        let description = [K::PREFIX, " and 32 lower-case hex digits."].concat();
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern));
        text.description(Some(description)).into()
    }
}

impl<K: Kind> ToSchema for Sid<K> {
    fn name() -> Cow<'static, str> {
        K::NAME.into()
    }
}

impl PartialSchema for Identity {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.description(Some("Who somebody is within an account; no control characters."))
            .min_length(Some(1))
            .max_length(Some(256))
            .pattern(Some(r"^[^\u0000-\u001f\u007f-\u009f]*$"))
            .into()
    }
}

impl ToSchema for Identity {
    fn name() -> Cow<'static, str> {
        "Identity".into()
    }
}
