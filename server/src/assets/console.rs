//! `/console/`: the agents' console, under a policy that runs nothing but itself.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};

use super::{IMMUTABLE, answer, embedded, page_policy};
use crate::http::Fronts;

/// The page. What starts it is a file of its own (`xtask` takes trunk's inline script out), so the
/// policy needs no exception.
pub(crate) async fn page(State(fronts): State<Fronts>, headers: HeaderMap) -> Response {
    let Some(manifest) = embedded::manifest() else { return answer::not_built().into_response() };
    let file = embedded::find(&manifest.console).expect("the manifest names a file beside it");
    let mut response = answer::file(file, &headers, "no-cache");
    let policy = page_policy(&fronts.app.config.origin());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

/// A part of it, named by its content.
pub(crate) async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match embedded::find(&format!("console/{name}")) {
        Some(file) if name != "index.html" => answer::file(file, &headers, IMMUTABLE),
        Some(_) | None => answer::missing().into_response(),
    }
}
