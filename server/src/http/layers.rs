//! What holds for every request and every answer.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, header};

use super::{Fronts, answer::RestAnswer};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Refuses compressed bodies, and puts a request id and the security headers on the answer. A
/// header that a route has set itself stays.
pub(crate) async fn around(State(fronts): State<Fronts>, request: Request, next: Next) -> Response {
    let id = format!("{:032x}", fronts.app.random().bits());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let encoded = request
        .headers()
        .get(header::CONTENT_ENCODING)
        .is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
    let mut response = if encoded {
        // Unpacking what a stranger packed is a bomb's favourite way in.
        RestAnswer::unsupported("a Content-Encoding is not taken").into_response()
    } else {
        next.run(request).await
    };
    let status = response.status().as_u16();
    tracing::debug!(%method, path, status, request_id = %id, "answered");
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (RESOURCE_POLICY, "same-origin"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    response
}
