//! What parameters look like, for the description of the API. [`super::read`] has how they are read.

use std::borrow::Cow;

use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, RefOr, Schema, SchemaFormat,
        schema::{SchemaType, Type},
    },
};

/// Which page of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query, rename_all = "PascalCase")]
#[expect(dead_code, reason = "it describes what is read by name")]
pub(crate) struct Pages {
    /// Items of a page; more than 1,000 gives 1,000.
    #[param(minimum = 1, maximum = 4_294_967_295_u64, default = 50)]
    page_size: Option<u64>,
    /// The page's number, from 0 on: good only together with its `PageToken`.
    #[param(maximum = 4_294_967_295_u64)]
    page: Option<u64>,
    /// Where the page begins, out of `next_page_url` or `previous_page_url`.
    page_token: Option<String>,
}

/// A text parameter under a name of its own in the description.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident: $says:literal $(, $set:ident($value:expr))*;)*) => {$(
        $(#[$doc])*
        pub(crate) enum $name {}
        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let text = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
                text.description(Some($says))$(.$set($value))*.into()
            }
        }
        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                stringify!($name).into()
            }
        }
    )*};
}

texts! {
    /// What [`super::read::name`] reads.
    Name: "A name: no control characters.", max_length(Some(256)),
        pattern(Some(r"^[^\u0000-\u001f\u007f-\u009f]*$"));
    /// What [`super::read::object`] reads.
    JsonObject: "A JSON object as text.",
        content_media_type("application/json".to_owned()),
        format(Some(SchemaFormat::Custom("json-object".into())));
    /// A moment, [`crate::http::time::iso`].
    Moment: "A moment, to the second, such as `2026-11-22T12:00:00Z`.",
        format(Some(SchemaFormat::KnownFormat(utoipa::openapi::KnownFormat::DateTime)));
}
