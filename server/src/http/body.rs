//! What comes in: bounded in bytes and in time, of the one type a route takes.

use std::time::Duration;

use axum::{body::Body, extract::Request};
use bytes::{Bytes, BytesMut};
use frontdesk_protocol::json;
use http::{HeaderMap, header};
use http_body::Body as _;
use http_body_util::BodyExt as _;
use serde::de::DeserializeOwned;

use super::answer::RestAnswer;

/// Longest JSON body.
const JSON_BYTES: usize = 16_384;
/// Longest form: every byte of the longest message escaped, its attributes, and the rest.
const FORM_BYTES: usize = 131_072;
/// So much more than allowed is read and dropped. Who is answered while they still write sees a
/// broken connection instead of the answer, and some use it for the next request.
const SURPLUS_BYTES: usize = 2 << 20;
/// How long a body may take. The longest at this rate is 13 KB a second; who writes slower holds
/// a connection that somebody else could use.
const WITHIN: Duration = Duration::from_secs(10);

/// Reads a JSON body, strictly.
///
/// # Errors
/// 400, 408, 413 or 415.
pub(crate) async fn read_json<T: DeserializeOwned>(request: Request) -> Result<T, RestAnswer> {
    let (parts, body) = request.into_parts();
    expect_type(&parts.headers, "application/json")?;
    let bytes = read(body, JSON_BYTES).await?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| RestAnswer::bad_request("the body is not UTF-8"))?;
    json::check(text).map_err(|error| RestAnswer::bad_request(format!("the body: {error}")))?;
    serde_json::from_str(text)
        .map_err(|error| RestAnswer::bad_request(format!("the body does not fit: {error}")))
}

/// Reads a form-encoded body: names and values in the order they were sent. No body at all is an
/// empty form.
///
/// # Errors
/// 400, 408, 413 or 415.
pub(crate) async fn read_form(request: Request) -> Result<Vec<(String, String)>, RestAnswer> {
    let (parts, body) = request.into_parts();
    if body.is_end_stream() {
        return Ok(Vec::new());
    }
    expect_type(&parts.headers, "application/x-www-form-urlencoded")?;
    let bytes = read(body, FORM_BYTES).await?;
    let pairs = form_urlencoded::parse(&bytes);
    Ok(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
}

async fn read(mut body: Body, limit_bytes: usize) -> Result<Bytes, RestAnswer> {
    let reading = async {
        let (mut bytes, mut length) = (BytesMut::new(), 0);
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| RestAnswer::bad_request("the body broke off"))?;
            let Ok(data) = frame.into_data() else { continue };
            length += data.len();
            if length <= limit_bytes {
                bytes.extend_from_slice(&data);
            } else if length > limit_bytes + SURPLUS_BYTES {
                break;
            }
        }
        if length > limit_bytes {
            Err(RestAnswer::too_large(limit_bytes))
        } else {
            Ok(bytes.freeze())
        }
    };
    tokio::time::timeout(WITHIN, reading).await.unwrap_or_else(|_| Err(RestAnswer::timeout()))
}

fn expect_type(headers: &HeaderMap, expected: &str) -> Result<(), RestAnswer> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = given.and_then(|given| given.split(';').next()).map(str::trim);
    if essence.is_some_and(|essence| essence.eq_ignore_ascii_case(expected)) {
        Ok(())
    } else {
        Err(RestAnswer::unsupported(format!("the body has to be {expected}")))
    }
}
