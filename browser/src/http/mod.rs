//! Requests to our server, by gloo-net.
//!
//! One function a route. [`Ask`] is a request; sending one and reading its answer are one function
//! each, for all routes. No time-out here: who waits has a timer of its own, and passes an answer
//! that comes too late over.

pub mod console;
pub mod guest;

use frontdesk_client::Failure;
use frontdesk_protocol::read::{self, Read};
use gloo_net::http::{Request, Response};
use web_sys::{Headers, RequestCredentials, RequestInit, UrlSearchParams};

/// A request, ready to be sent.
pub(crate) struct Ask {
    url: String,
    options: RequestInit,
    headers: Headers,
}

/// The body of a 2xx answer, or why there is none.
pub(crate) type Answer = Result<String, Failure>;

impl Ask {
    /// A request to the whole address `url`.
    pub(crate) fn new(method: &str, url: &[&str]) -> Self {
        let (options, headers) = (RequestInit::new(), Headers::new());
        options.set_method(method);
        Self {
            url: url.concat(),
            options,
            headers: headers.expect("no headers can be no wrong headers"),
        }
    }

    /// No cookie goes along, and none is taken.
    pub(crate) fn without_cookies(self) -> Self {
        self.options.set_credentials(RequestCredentials::Omit);
        self
    }

    /// Has this header too.
    pub(crate) fn header(self, name: &str, value: &str) -> Self {
        // Refused only for what no header can hold; the server will say what it misses.
        drop(self.headers.set(name, value));
        self
    }

    /// Carries JSON, written.
    pub(crate) fn json(self, text: &str) -> Self {
        self.body("application/json", text)
    }

    /// Carries pairs, as a form is encoded.
    pub(crate) fn form(self, pairs: &[(&str, &str)]) -> Self {
        let params = UrlSearchParams::new().expect("no pairs can be no wrong pairs");
        for (name, value) in pairs {
            params.append(name, value);
        }
        self.body("application/x-www-form-urlencoded", &String::from(params.to_string()))
    }

    fn body(self, kind: &str, text: &str) -> Self {
        self.options.set_body(&text.into());
        self.header("Content-Type", kind)
    }

    /// Sends it.
    ///
    /// # Errors
    /// [`Failure::unreachable`] if there was no answer; the server's own error otherwise.
    pub(crate) async fn send(self) -> Answer {
        self.options.set_headers(&self.headers);
        let request = web_sys::Request::new_with_str_and_init(&self.url, &self.options);
        let request = request.map_err(|_| Failure::unreachable())?;
        // The network, the page's policy and a foreign Origin all look the same from in here.
        let answer = Request::from(request).send().await.map_err(|_| Failure::unreachable())?;
        let text = answer.text().await.map_err(|_| Failure::unreachable())?;
        if answer.ok() { Ok(text) } else { Err(failure(&answer, &text)) }
    }
}

/// Reads an answer; one that is not what was asked for is as good as none.
pub(crate) fn read<T: Read>(answer: Answer) -> Result<T, Failure> {
    read::text(&answer?).ok_or_else(Failure::unreachable)
}

fn failure(answer: &Response, text: &str) -> Failure {
    let seconds = answer.headers().get("Retry-After").and_then(|after| after.parse::<u64>().ok());
    Failure {
        status: answer.status(),
        retry_after_ms: seconds.map(|seconds| seconds.saturating_mul(1_000)),
        error: read::text(text).map(Box::new),
    }
}
