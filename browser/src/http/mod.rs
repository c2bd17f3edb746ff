//! Requests to our server, by gloo-net.
//!
//! One function a route, each answering with what was asked for or a [`Failure`]. No time-out here:
//! who waits has a timer of its own, and passes an answer that comes too late over.

pub mod console;
pub mod guest;

use frontdesk_client::Failure;
use frontdesk_protocol::rest::RestError;
use gloo_net::http::{RequestBuilder, Response};
use serde::de::DeserializeOwned;
use web_sys::UrlSearchParams;

/// What a request carries.
pub(crate) enum Content {
    /// Nothing.
    Empty,
    /// JSON, written.
    Json(String),
    /// Pairs, form-encoded.
    Form(String),
}

/// Sends a request and reads the answer as JSON.
///
/// # Errors
/// [`Failure::unreachable`] if there was no answer or an unreadable one; the server's own error
/// otherwise.
pub(crate) async fn ask<T: DeserializeOwned>(
    request: RequestBuilder,
    content: Content,
) -> Result<T, Failure> {
    let text = send(request, content).await?;
    serde_json::from_str(&text).map_err(|_| Failure::unreachable())
}

/// Sends a request and passes the answer's body over.
pub(crate) async fn tell(request: RequestBuilder, content: Content) -> Result<(), Failure> {
    send(request, content).await.map(drop)
}

/// Sends a request; the body of a 2xx answer.
pub(crate) async fn send(request: RequestBuilder, content: Content) -> Result<String, Failure> {
    let answer = match content {
        Content::Empty => request.send().await,
        Content::Json(text) => post(request, "application/json", text).await,
        Content::Form(text) => post(request, "application/x-www-form-urlencoded", text).await,
    };
    // The network, the page's policy and a foreign Origin all look the same from in here.
    let answer = answer.map_err(|_| Failure::unreachable())?;
    let text = answer.text().await.map_err(|_| Failure::unreachable())?;
    if answer.ok() { Ok(text) } else { Err(failure(&answer, &text)) }
}

async fn post(
    request: RequestBuilder,
    kind: &str,
    text: String,
) -> Result<Response, gloo_net::Error> {
    request.header("Content-Type", kind).body(text)?.send().await
}

fn failure(answer: &Response, text: &str) -> Failure {
    let seconds = answer.headers().get("Retry-After").and_then(|after| after.parse::<u64>().ok());
    Failure {
        status: answer.status(),
        retry_after_ms: seconds.map(|seconds| seconds.saturating_mul(1_000)),
        error: serde_json::from_str::<RestError>(text).ok().map(Box::new),
    }
}

/// Pairs as a form is encoded.
pub(crate) fn form(pairs: &[(&str, &str)]) -> Content {
    let params = UrlSearchParams::new().expect("no pairs can be no wrong pairs");
    for (name, value) in pairs {
        params.append(name, value);
    }
    Content::Form(String::from(params.to_string()))
}
