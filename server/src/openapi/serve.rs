//! `/openapi.json` and `/docs`.

use axum::{
    Router,
    body::Body,
    http::{HeaderValue, header},
    response::Response,
    routing::get,
};
use bytes::Bytes;
use utoipa::openapi::OpenApi;

use super::{forms, page};
use crate::http::Fronts;

const STYLE: &str = include_str!("page.css");
/// The page is text and its style, and loads nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

/// What is served of a description. It is the same for everybody, so it is written once.
pub(crate) fn routes(document: &OpenApi) -> Router<Fronts> {
    let mut value = serde_json::to_value(document).expect("a description has only string keys");
    forms::settle(&mut value);
    let serve = |kind: &'static str, text: String| {
        let bytes = Bytes::from(text);
        get(async move || answer(kind, bytes))
    };
    Router::new()
        .route("/openapi.json", serve("application/json; charset=utf-8", value.to_string()))
        .route("/docs", serve("text/html; charset=utf-8", page::render(&value)))
        .route("/docs/style.css", serve("text/css; charset=utf-8", STYLE.to_owned()))
}

fn answer(kind: &'static str, bytes: Bytes) -> Response {
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}
