//! An HTTP client of the bare minimum: one kept connection, bodies with a length.

use std::net::{Ipv4Addr, SocketAddr};

use anyhow::{Context, Result, bail, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::socket;

/// Longest answer that is read.
const ANSWER_BYTES: usize = 1 << 20;

/// A kept connection.
pub(crate) struct Http {
    stream: TcpStream,
    server: SocketAddr,
    origin: String,
}

/// What is sent along.
pub(crate) enum Body<'a> {
    /// Nothing, by GET.
    Get,
    /// JSON, by POST.
    Json(Value),
    /// A form, by POST with Basic authentication.
    Form { user: &'a str, password: &'a str, fields: &'a [(&'a str, &'a str)] },
}

impl Http {
    /// Connects from that address, as a page of that Origin.
    ///
    /// # Errors
    /// The server does not listen.
    pub(crate) async fn connect(
        server: SocketAddr,
        source: Ipv4Addr,
        origin: &str,
    ) -> Result<Self> {
        let stream = socket::connect(server, source).await?;
        Ok(Self { stream, server, origin: origin.into() })
    }

    /// Asks, and gives the JSON of an answer that says yes.
    ///
    /// # Errors
    /// The connection broke, or the answer is an error.
    pub(crate) async fn ask(&mut self, path: &str, body: Body<'_>) -> Result<Value> {
        let request = request(self.server, &self.origin, path, body);
        let (status, text) = self.exchange(&request).await.with_context(|| path.to_owned())?;
        ensure!((200..300).contains(&status), "{path}: {status} {text}");
        serde_json::from_str(&text).with_context(|| path.to_owned())
    }

    /// Asks for a page whose text does not matter.
    ///
    /// # Errors
    /// The connection broke, or the answer is an error.
    pub(crate) async fn reach(&mut self, path: &str) -> Result<()> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.server);
        let (status, text) = self.exchange(&request).await?;
        ensure!((200..300).contains(&status), "{path}: {status} {text}");
        Ok(())
    }

    /// Sends a request as it is, and gives status and text of the answer.
    ///
    /// # Errors
    /// The connection broke.
    pub(crate) async fn exchange(&mut self, request: &str) -> Result<(u16, String)> {
        self.stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::with_capacity(2_048);
        loop {
            if let Some(body) = whole(&answer)? {
                let status = String::from_utf8_lossy(answer.get(9..12).unwrap_or_default());
                return Ok((status.parse()?, String::from_utf8_lossy(body).into_owned()));
            }
            ensure!(answer.len() < ANSWER_BYTES, "the answer is too long");
            if self.stream.read_buf(&mut answer).await? == 0 {
                bail!("the server closed the connection instead of answering");
            }
        }
    }
}

/// A request, as a page of that Origin sends it; a program if the Origin is empty.
pub(crate) fn request(server: SocketAddr, origin: &str, path: &str, body: Body<'_>) -> String {
    let (method, headers, body) = match body {
        Body::Get => ("GET", String::new(), String::new()),
        Body::Json(value) => {
            ("POST", "Content-Type: application/json\r\n".to_owned(), value.to_string())
        }
        Body::Form { user, password, fields } => {
            let basic = STANDARD.encode(format!("{user}:{password}"));
            let headers = format!(
                "Content-Type: application/x-www-form-urlencoded\r\n\
                     Authorization: Basic {basic}\r\n"
            );
            let pairs: Vec<String> =
                fields.iter().map(|(key, value)| format!("{key}={}", percent(value))).collect();
            ("POST", headers, pairs.join("&"))
        }
    };
    let origin = if origin.is_empty() { String::new() } else { format!("Origin: {origin}\r\n") };
    format!(
        "{method} {path} HTTP/1.1\r\nHost: {server}\r\n{origin}{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// The body, once all of it is there.
fn whole(answer: &[u8]) -> Result<Option<&[u8]>> {
    let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(&answer[..end]);
    let length: usize = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .context("an answer without a length is not read here")?
        .1
        .trim()
        .parse()?;
    Ok(answer.get(end + 4..end + 4 + length))
}

fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}
