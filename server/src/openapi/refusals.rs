//! Errors that some operations answer and others do not. Those that follow from what an operation
//! is are put beside them all by [`super::complete`].

use std::collections::BTreeMap;

use utoipa::{
    IntoResponses,
    openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder},
};

/// 409: it stands against what is.
#[derive(Debug)]
pub(crate) enum Conflict {}

/// 403: it is not for this caller, or there is no room.
#[derive(Debug)]
pub(crate) enum Forbidden {}

/// 401, where no credentials are taken but what is in the body can be refused.
#[derive(Debug)]
pub(crate) enum Unauthorized {}

impl IntoResponses for Unauthorized {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        one(401, "What is in the body is not good for it.")
    }
}

/// 404, where nothing in the address can be missing, but what a parameter names.
#[derive(Debug)]
pub(crate) enum Missing {}

impl IntoResponses for Missing {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        one(404, "What a parameter names is not there, or it is not yours.")
    }
}

impl IntoResponses for Conflict {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        one(409, "It stands against what is there; `message` says with what.")
    }
}

impl IntoResponses for Forbidden {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        one(403, "It may not be done; `message` says why.")
    }
}

fn one(status: u16, description: &str) -> BTreeMap<String, RefOr<Response>> {
    BTreeMap::from([(status.to_string(), error(description).into())])
}

/// An answer with an error in it.
pub(super) fn error(description: &str) -> Response {
    let schema = Ref::from_schema_name(super::ERROR);
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content("application/json", content).build()
}
