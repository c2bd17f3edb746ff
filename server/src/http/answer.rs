//! Errors over HTTP, in the retired service's shape: `{code, message, more_info, status}`.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use frontdesk_protocol::rest::RestError;
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::{auth::origin::Origin, storage::StoreError};

/// A parameter is missing or wrong.
pub(crate) const BAD_REQUEST: u32 = 20_001;
const UNAUTHORIZED: u32 = 20_003;
const FORBIDDEN: u32 = 20_403;
const NOT_FOUND: u32 = 20_404;
const TIMEOUT: u32 = 20_408;
/// What is asked for stands against what is.
pub(crate) const CONFLICT: u32 = 20_409;
/// The body, or what there would be with it, is too large.
pub(crate) const TOO_LARGE: u32 = 20_413;
const UNSUPPORTED: u32 = 20_415;
const TOO_MANY: u32 = 20_429;
/// More than so many actions a second.
const TOO_FAST: u32 = 50_063;
const UNAVAILABLE: u32 = 20_503;

/// An error on its way out.
#[derive(Debug)]
pub(crate) struct RestAnswer {
    status: StatusCode,
    code: u32,
    message: String,
    pub(crate) fields: BTreeMap<String, String>,
    retry_seconds: Option<u64>,
}

impl RestAnswer {
    /// An error of this status; `message` says what is wrong and what to do.
    pub(crate) fn new(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { status, code, message, fields: BTreeMap::new(), retry_seconds: None }
    }

    /// 400, naming what is wrong.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, BAD_REQUEST, message)
    }

    /// 400 for a form: what is wrong, by field name.
    pub(crate) fn form(fields: BTreeMap<String, String>) -> Self {
        let mut answer = Self::bad_request("PreEngagementData does not fit the site's form");
        answer.fields = fields;
        answer
    }

    /// 401.
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, UNAUTHORIZED, message)
    }

    /// 403.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, FORBIDDEN, message)
    }

    /// 403 for a page that may not use this server, with the command that lets it.
    pub(crate) fn foreign_origin(origin: &Origin, site: Option<&str>) -> Self {
        // Without `--site` the command makes another site, with another tag.
        let (what, of) = site.map_or(("use this server".into(), String::new()), |site| {
            (format!("use site {site}"), format!(" --site {site}"))
        });
        Self::forbidden(format!(
            "{origin} may not {what}. Allow it on the server: frontdesk site add --origin \
             {origin}{of}"
        ))
    }

    /// 404.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, NOT_FOUND, message)
    }

    /// 408.
    pub(crate) fn timeout() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, TIMEOUT, "the body took too long to arrive")
    }

    /// 409.
    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, CONFLICT, message)
    }

    /// 413.
    pub(crate) fn too_large(limit_bytes: usize) -> Self {
        let message = format!("the body is over {limit_bytes} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE, message)
    }

    /// 415.
    pub(crate) fn unsupported(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED, message)
    }

    /// 429.
    pub(crate) fn too_many(message: impl Into<String>, after_ms: u64) -> Self {
        let mut answer = Self::new(StatusCode::TOO_MANY_REQUESTS, TOO_MANY, message);
        answer.retry_seconds = Some(after_ms.div_ceil(1000).max(1));
        answer
    }

    /// 429 for a program that does more than 30 things a second.
    pub(crate) fn too_fast(after_ms: u64) -> Self {
        Self::too_many("more than 30 actions a second", after_ms).with_code(TOO_FAST)
    }

    /// The same under a more exact code.
    fn with_code(mut self, code: u32) -> Self {
        self.code = code;
        self
    }

    /// 503.
    pub(crate) fn unavailable(message: impl Into<String>, retry_seconds: u64) -> Self {
        let mut answer = Self::new(StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE, message);
        answer.retry_seconds = Some(retry_seconds);
        answer
    }
}

impl From<StoreError> for RestAnswer {
    fn from(error: StoreError) -> Self {
        // The inner text is for the log alone.
        tracing::error!(%error, "a request failed");
        Self::unavailable("the store cannot be used now; try again", 1)
    }
}

impl IntoResponse for RestAnswer {
    fn into_response(self) -> Response {
        let error = RestError {
            code: self.code,
            message: self.message,
            more_info: format!(
                "{}/blob/main/docs/ERRORS.md#{}",
                env!("CARGO_PKG_REPOSITORY"),
                self.code
            ),
            status: self.status.as_u16(),
            fields: self.fields.into_iter().collect(),
        };
        let mut response = json(self.status, &error);
        if let Some(seconds) = self.retry_seconds {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A value as JSON.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let body = serde_json::to_vec(value).expect("our answers have only string keys");
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// Nothing but a status.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_error_has_the_retired_services_shape() {
        let response = RestAnswer::too_many("slowly", 1_500).into_response();
        assert_eq!(response.headers()[header::RETRY_AFTER], "2");
        let bytes = axum::body::to_bytes(response.into_body(), 1024).await.unwrap();
        let error: RestError = serde_json::from_slice(&bytes).unwrap();
        assert_eq!((error.code, error.status, error.message.as_str()), (20_429, 429, "slowly"));
        assert!(error.more_info.ends_with("/docs/ERRORS.md#20429"));
    }
}
