//! The upgrade: whether a request is a websocket's, and what it is answered with. Pure.
//!
//! No extension is ever accepted, permessage-deflate least of all: a compressed frame is a bomb of
//! unknown size, and a compression context costs more than everything else of a connection.
//! Who may connect (the Origin) is the caller's question.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, Method, header};
use sha1::{Digest as _, Sha1};

/// What RFC 6455 section 1.3 appends to the key.
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The answer to a good request: 101 with these two headers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accept {
    /// `Sec-WebSocket-Accept`.
    pub key: String,
    /// `Sec-WebSocket-Protocol`: the one that was chosen, if there is any.
    pub subprotocol: Option<Cow<'static, str>>,
}

/// Why a request does not become a websocket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Any method but GET, HTTP/1.0, or a broken key: 400.
    #[error("not a websocket request: {0}")]
    Bad(&'static str),
    /// An ordinary request: 426 with `Upgrade: websocket`.
    #[error("this address speaks only websocket: connect with a websocket client")]
    UpgradeRequired,
    /// A version other than 13: 426 with `Sec-WebSocket-Version: 13`.
    #[error("websocket version is not 13")]
    Version,
    /// None of the subprotocols is spoken here: 400.
    #[error("no subprotocol that is spoken here: ask for frontdesk.chat.v1")]
    Subprotocol,
}

impl Refusal {
    /// The HTTP status to answer with.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Bad(_) | Self::Subprotocol => 400,
            Self::UpgradeRequired | Self::Version => 426,
        }
    }
}

/// Looks at the request; `spoken` are our subprotocols, the preferred first. Without any, none is
/// asked for and none chosen.
///
/// # Errors
/// [`Refusal`] says which status to answer with; the client has to ask differently.
///
/// Source: RFC 6455 sections 4.2.1 and 4.4.
pub fn check(
    method: &Method,
    version: http::Version,
    headers: &HeaderMap,
    spoken: &[&'static str],
) -> Result<Accept, Refusal> {
    if method != Method::GET {
        return Err(Refusal::Bad("method is not GET"));
    }
    if version != http::Version::HTTP_11 {
        return Err(Refusal::Bad("not HTTP/1.1"));
    }
    if !lists(headers, header::UPGRADE, "websocket")
        || !lists(headers, header::CONNECTION, "upgrade")
    {
        return Err(Refusal::UpgradeRequired);
    }
    match single(headers, header::SEC_WEBSOCKET_VERSION) {
        Some("13") => {}
        Some(_) | None => return Err(Refusal::Version),
    }
    let key = single(headers, header::SEC_WEBSOCKET_KEY)
        .filter(|key| STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16))
        .ok_or(Refusal::Bad("Sec-WebSocket-Key is missing or not 16 bytes in base64"))?;
    let asked = |name: &&&str| lists_exactly(headers, header::SEC_WEBSOCKET_PROTOCOL, name);
    let subprotocol = spoken.iter().find(asked).map(|name| Cow::Borrowed(*name));
    if subprotocol.is_none() && !spoken.is_empty() {
        return Err(Refusal::Subprotocol);
    }
    Ok(Accept { key: accept_key(key), subprotocol })
}

/// `Sec-WebSocket-Accept` for this `Sec-WebSocket-Key`.
#[must_use]
pub fn accept_key(key: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(key.as_bytes());
    hash.update(GUID);
    STANDARD.encode(hash.finalize())
}

/// The subprotocols that the client asks for, in its order.
pub fn subprotocols(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    tokens(headers, header::SEC_WEBSOCKET_PROTOCOL)
}

fn single(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value.trim())
}

fn tokens(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
}

fn lists(headers: &HeaderMap, name: header::HeaderName, token: &str) -> bool {
    tokens(headers, name).any(|each| each.eq_ignore_ascii_case(token))
}

fn lists_exactly(headers: &HeaderMap, name: header::HeaderName, token: &str) -> bool {
    tokens(headers, name).any(|each| each == token)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPOKEN: &[&str] = &["frontdesk.chat.v1"];

    fn good() -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (header::UPGRADE, "websocket"),
            (header::CONNECTION, "keep-alive, Upgrade"),
            (header::SEC_WEBSOCKET_VERSION, "13"),
            (header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
            (header::SEC_WEBSOCKET_PROTOCOL, "other, frontdesk.chat.v1"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        headers
    }

    fn verdict(headers: &HeaderMap) -> Result<Accept, Refusal> {
        check(&Method::GET, http::Version::HTTP_11, headers, SPOKEN)
    }

    #[test]
    fn the_example_of_the_rfc_is_accepted() {
        let accept = verdict(&good()).unwrap();
        assert_eq!(accept.key, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assert_eq!(accept.subprotocol.as_deref(), Some("frontdesk.chat.v1"));
    }

    #[test]
    fn each_missing_or_wrong_header_has_its_own_refusal() {
        let bad_key = Refusal::Bad("Sec-WebSocket-Key is missing or not 16 bytes in base64");
        for (name, value, refusal) in [
            (header::UPGRADE, None, Refusal::UpgradeRequired),
            (header::UPGRADE, Some("h2c"), Refusal::UpgradeRequired),
            (header::CONNECTION, None, Refusal::UpgradeRequired),
            (header::CONNECTION, Some("close"), Refusal::UpgradeRequired),
            (header::SEC_WEBSOCKET_VERSION, None, Refusal::Version),
            (header::SEC_WEBSOCKET_VERSION, Some("8"), Refusal::Version),
            (header::SEC_WEBSOCKET_VERSION, Some("13, 8"), Refusal::Version),
            (header::SEC_WEBSOCKET_KEY, None, bad_key),
            (header::SEC_WEBSOCKET_KEY, Some("short"), bad_key),
            (header::SEC_WEBSOCKET_KEY, Some("AAAA"), bad_key),
            (header::SEC_WEBSOCKET_PROTOCOL, None, Refusal::Subprotocol),
            (header::SEC_WEBSOCKET_PROTOCOL, Some("frontdesk.chat.v9"), Refusal::Subprotocol),
            (header::SEC_WEBSOCKET_PROTOCOL, Some("Frontdesk.Chat.v1"), Refusal::Subprotocol),
        ] {
            let mut headers = good();
            match value {
                Some(value) => drop(headers.insert(&name, value.parse().unwrap())),
                None => drop(headers.remove(&name)),
            }
            assert_eq!(verdict(&headers), Err(refusal), "{name}: {value:?}");
        }
    }

    #[test]
    fn only_get_over_http_1_1_is_upgraded() {
        for method in [Method::POST, Method::HEAD, Method::OPTIONS, Method::CONNECT] {
            let verdict = check(&method, http::Version::HTTP_11, &good(), SPOKEN);
            assert_eq!(verdict.unwrap_err().status(), 400, "{method}");
        }
        let verdict = check(&Method::GET, http::Version::HTTP_10, &good(), SPOKEN);
        assert_eq!(verdict, Err(Refusal::Bad("not HTTP/1.1")));
    }

    #[test]
    fn two_keys_are_one_too_many() {
        let mut headers = good();
        headers.append(header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ==".parse().unwrap());
        assert_eq!(verdict(&headers).unwrap_err().status(), 400);
    }
}
