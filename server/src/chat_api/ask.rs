//! What is asked for, with what every resource of this API does to it.

use axum::{
    extract::{self, FromRequest, FromRequestParts, Request},
    response::Response,
};
use frontdesk_protocol::{attributes::Attributes, id::AccountSid};
use http::{Method, StatusCode, request::Parts};
use serde::{Serialize, de::DeserializeOwned};

use super::refused;
use crate::{
    app::App,
    http::{
        Fronts,
        answer::{self, RestAnswer},
    },
    log::Source,
    rest::{Caller, Listing, Meta, Params, read},
    storage::Store,
};

/// A request of an account: its parameters, if it has any.
#[derive(Debug)]
pub(crate) struct Ask {
    fronts: Fronts,
    caller: Caller,
    params: Params,
}

impl FromRequest<Fronts> for Ask {
    type Rejection = RestAnswer;

    async fn from_request(request: Request, fronts: &Fronts) -> Result<Self, RestAnswer> {
        let (mut parts, body) = request.into_parts();
        let caller = Caller::from_request_parts(&mut parts, fronts).await?;
        let has_form = parts.method == Method::POST;
        let request = Request::from_parts(parts, body);
        let params = if has_form { Params::of(request).await? } else { Params::default() };
        Ok(Self { fronts: fronts.clone(), caller, params })
    }
}

/// What the address names. A name that is no text is one of nothing.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Fronts> for Path<T> {
    type Rejection = RestAnswer;

    async fn from_request_parts(parts: &mut Parts, fronts: &Fronts) -> Result<Self, RestAnswer> {
        match extract::Path::from_request_parts(parts, fronts).await {
            Ok(extract::Path(names)) => Ok(Self(names)),
            Err(_) => Err(refused::absent(parts.uri.path())),
        }
    }
}

impl Ask {
    pub(super) fn app(&self) -> &App {
        &self.fronts.app
    }

    pub(super) fn store(&self) -> &dyn Store {
        self.app().store()
    }

    pub(super) const fn account(&self) -> &AccountSid {
        self.caller.sid()
    }

    /// On whose behalf changes are made.
    pub(super) const fn source(&self) -> &Source {
        self.caller.source()
    }

    /// `https://chat.example.com/v2`
    pub(super) fn root(&self) -> String {
        format!("{}/v2", self.app().config.origin())
    }

    pub(super) fn all(&self, name: &str) -> Vec<&str> {
        self.params.all(name)
    }

    pub(super) fn text(&self, name: &str) -> Result<Option<String>, RestAnswer> {
        self.params.optional(name, read::text)
    }

    pub(super) fn parsed<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, RestAnswer> {
        self.params.optional(name, parse)
    }

    pub(super) fn required<T>(
        &self,
        name: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, RestAnswer> {
        self.params.required(name, parse)
    }

    /// Attributes: a JSON object of so many bytes.
    pub(super) fn attributes(&self, limit_bytes: usize) -> Result<Option<Attributes>, RestAnswer> {
        if self.all("Attributes").iter().any(|text| text.len() > limit_bytes) {
            return Err(refused::attributes_too_long(limit_bytes));
        }
        self.parsed("Attributes", read::object)
    }

    /// Refuses parameters that would have to be heeded and are not.
    pub(super) fn not_here(&self, names: &[&str]) -> Result<(), RestAnswer> {
        match names.iter().find(|name| !self.all(name).is_empty()) {
            Some(name) => Err(RestAnswer::bad_request(format!("{name} cannot be set"))),
            None => Ok(()),
        }
    }

    /// A page of a list: what was found, each with its place.
    pub(super) fn page<T>(
        &self,
        listing: &Listing,
        key: &'static str,
        found: Vec<(u64, T)>,
    ) -> (Meta, Vec<T>) {
        listing.page(&self.fronts, &self.caller, key, found)
    }

    /// The same of a list that may have been cut by something else than its length.
    pub(super) fn page_cut<T>(
        &self,
        listing: &Listing,
        key: &'static str,
        found: Vec<(u64, T)>,
        more: bool,
    ) -> (Meta, Vec<T>) {
        listing.page_cut(&self.fronts, &self.caller, key, found, more)
    }
}

/// Attributes as the text that programs get.
pub(super) fn text_of(attributes: &Attributes) -> String {
    serde_json::to_string(attributes).expect("attributes have only string keys")
}

/// 201 with what was made.
pub(super) fn created(value: &impl Serialize) -> Response {
    answer::json(StatusCode::CREATED, value)
}

/// 200 with what there is.
pub(super) fn found(value: &impl Serialize) -> Response {
    answer::json(StatusCode::OK, value)
}

/// 204.
pub(super) fn removed() -> Response {
    answer::empty(StatusCode::NO_CONTENT)
}
