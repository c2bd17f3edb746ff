//! Handing out a file.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use bytes::Bytes;

use super::embedded::File;
use crate::http::answer::RestAnswer;

/// The file, compressed if the client says that it takes brotli.
pub(super) fn file(
    file: &'static File,
    request: &HeaderMap,
    cache_control: &'static str,
) -> Response {
    let brotli = file.brotli.filter(|_| takes_brotli(request));
    let mut response = Response::new(Body::from(Bytes::from_static(brotli.unwrap_or(file.plain))));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(file.path)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control));
    if file.brotli.is_some() {
        headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    if brotli.is_some() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}

/// There is no such file.
pub(super) fn missing() -> RestAnswer {
    RestAnswer::not_found("there is nothing at this address")
}

/// The server was built without what it should serve.
pub(super) fn not_built() -> RestAnswer {
    RestAnswer::new(
        StatusCode::NOT_IMPLEMENTED,
        20_501,
        "this server was built without the widget and the console: run `cargo xtask dist`, then \
         build the server again; `make demo` does both",
    )
}

/// Whether `br` stands in `Accept-Encoding` and is not refused by `q=0` (RFC 9110, 12.5.3).
pub(super) fn takes_brotli(request: &HeaderMap) -> bool {
    request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
            let refused = parameters
                .trim()
                .strip_prefix("q=")
                .is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight == 0.0));
            name.trim().eq_ignore_ascii_case("br") && !refused
        })
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_goes_only_to_who_takes_it() {
        for (accept, expected) in [
            ("gzip, deflate, br", true),
            ("br;q=0.5", true),
            ("BR", true),
            ("br;q=0", false),
            ("br; q=0.0", false),
            ("gzip", false),
            ("brotli", false),
        ] {
            let mut request = HeaderMap::new();
            request.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accept));
            assert_eq!(takes_brotli(&request), expected, "{accept}");
        }
        assert!(!takes_brotli(&HeaderMap::new()));
    }
}
