//! The session's cookie: HttpOnly, SameSite=Strict, and over TLS bound to the host by its name.

use http::{HeaderMap, HeaderValue, header};

use crate::http::Fronts;

const PLAIN: &str = "frontdesk_session";
/// A browser takes this name only with `Secure`, `Path=/` and without `Domain`.
///
/// Source: RFC 6265bis, section 4.1.3.2.
const HOST_BOUND: &str = "__Host-frontdesk_session";

fn is_secure(fronts: &Fronts) -> bool {
    fronts.app.config.origin().is_secure()
}

fn name(fronts: &Fronts) -> &'static str {
    if is_secure(fronts) { HOST_BOUND } else { PLAIN }
}

/// The session's id out of a request; none if there are two.
pub(super) fn read(fronts: &Fronts, headers: &HeaderMap) -> Option<String> {
    let name = name(fronts);
    let mut ids = headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(each, _)| *each == name)
        .map(|(_, id)| id);
    let id = ids.next()?.to_owned();
    ids.next().is_none().then_some(id)
}

/// The cookie that keeps this id for so long; 0 seconds takes it away.
pub(super) fn write(fronts: &Fronts, id: &str, seconds: u64) -> HeaderValue {
    let secure = if is_secure(fronts) { "; Secure" } else { "" };
    let name = name(fronts);
    let text = format!("{name}={id}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}
