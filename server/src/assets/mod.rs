//! What is built into the binary: the loader, the widget, the console, the demo page.
//!
//! [`embedded`] is the table of files that `cargo xtask dist` made; [`answer`] hands one out, with
//! its brotli form where the client takes it. [`loader`] puts a site's settings into the loader,
//! [`console`] serves the console under a policy of its own, [`demo`] is a page to try it on.
//!
//! Nothing here is private, and nothing depends on who asks.

mod answer;
pub(crate) mod console;
pub(crate) mod demo;
mod embedded;
pub(crate) mod loader;

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Response},
};

use crate::auth::origin::Origin;

/// What a file named by its content may be kept as: for ever.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// What search engines may look at: nothing.
pub(crate) const ROBOTS: &str = "User-agent: *\nDisallow: /\n";

/// A part of the widget: any page may fetch it, and keep it for ever.
pub(crate) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(file) = embedded::find(&format!("assets/{name}")) else {
        return answer::missing().into_response();
    };
    let mut response = answer::file(file, &headers, IMMUTABLE);
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    response
}

/// The policy of a page of ours, the console or the demo: it runs nothing but what is built in.
///
/// `'self'` does not cover websockets in every browser, so our own address is named too.
fn page_policy(origin: &Origin) -> HeaderValue {
    let socket = origin.as_str().replacen("http", "ws", 1);
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src 'self' {socket}; img-src 'self' data:; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'; require-trusted-types-for 'script'"
    );
    HeaderValue::from_str(&policy).expect("an Origin is plain ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_our_own_socket() {
        let policy = page_policy(&Origin::parse("https://chat.example.com").unwrap());
        let policy = policy.to_str().unwrap();
        assert!(policy.contains("connect-src 'self' wss://chat.example.com;"));
    }
}
