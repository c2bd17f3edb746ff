//! What the form that changes settings looks like, for the description of the API.

use frontdesk_protocol::id::RoleSid;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ArrayBuilder, ObjectBuilder, RefOr, Schema, schema::Type},
};

use super::{Kind, ROLES, SETTINGS};
use crate::rest::schema::Name;

/// What is to be changed of a service. What is not there stays.
#[derive(Debug)]
pub(crate) enum ServiceChange {}

impl PartialSchema for ServiceChange {
    fn schema() -> RefOr<Schema> {
        let about = "What is to be changed of a service; what is not there stays.";
        let form = ObjectBuilder::new().description(Some(about));
        let form = form.property("FriendlyName", Name::schema());
        let form =
            ROLES.iter().fold(form, |form, (name, _)| form.property(*name, RoleSid::schema()));
        let settings = SETTINGS.iter();
        settings.fold(form, |form, (name, kind)| form.property(*name, kind.schema())).into()
    }
}

impl ToSchema for ServiceChange {}

impl Kind {
    fn schema(&self) -> RefOr<Schema> {
        let of = |kind| ObjectBuilder::new().schema_type(kind);
        match self {
            Self::Flag(_) => of(Type::Boolean).into(),
            Self::Number(_, least, most) => {
                of(Type::Integer).minimum(Some(*least)).maximum(Some(*most)).into()
            }
            Self::Text => of(Type::String).into(),
            Self::Method => of(Type::String).enum_values(Some(["GET", "POST"])).into(),
            Self::Texts => ArrayBuilder::new().items(of(Type::String)).into(),
        }
    }
}
