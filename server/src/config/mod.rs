//! The configuration: defaults, then a TOML file, then `FRONTDESK_*`, then the command line.
//!
//! Every key stands once, in [`keys`], and is described in `docs/CONFIGURATION.md`; a test holds
//! the two together. A wrong key or value is an error that names it, where it was found, and the
//! nearest right one.

mod error;
mod keys;
mod nearest;
mod network;
mod sources;
#[cfg(test)]
mod tests;

use std::{net::SocketAddr, path::PathBuf};

pub use error::ConfigError;
pub use network::{Network, NoNetwork};
pub use sources::{from_env, from_file};

use crate::{auth::origin::Origin, media::DEFAULT_TYPES};

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Which header of a trusted proxy says whose request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxyHeader {
    /// `X-Forwarded-For`.
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// Everything that can be set. The field names are the keys of the file; in the environment they
/// are upper case, with `FRONTDESK_` in front.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The data folder.
    pub data: PathBuf,
    /// How browsers reach this server; `None` for `http://localhost:PORT`.
    pub public_url: Option<Origin>,
    /// The certificate chain, PEM.
    pub tls_cert: Option<PathBuf>,
    /// Its key, PEM.
    pub tls_key: Option<PathBuf>,
    /// Whether `/` is a demo page.
    pub demo: bool,
    /// Whether the REST API describes itself, at `/openapi.json` and `/docs`.
    pub api_docs: bool,
    /// How the log is written.
    pub log_format: LogFormat,
    /// What is logged, such as `info` or `frontdesk_server=debug`.
    pub log_level: String,
    /// The proxies that are believed when they say whose request it is.
    pub trusted_proxies: Vec<Network>,
    /// The header they say it in.
    pub proxy_header: ProxyHeader,
    /// How many connections there may be in all.
    pub max_connections: usize,
    /// Of one address, before they said hello.
    pub max_unknown_per_address: usize,
    /// Of one address, after.
    pub max_known_per_address: usize,
    /// Of one guest.
    pub max_per_guest: usize,
    /// Of one agent.
    pub max_per_agent: usize,
    /// Messages a second on one connection, in the long run.
    pub messages_per_second: f64,
    /// Messages at once on one connection.
    pub messages_burst: f64,
    /// Messages of one guest within a minute.
    pub messages_per_minute: usize,
    /// Frames of any kind a second on one connection.
    pub frames_per_second: f64,
    /// Token requests a second of one address, in the long run.
    pub tokens_per_second: f64,
    /// Token requests at once of one address.
    pub tokens_burst: f64,
    /// New chats a second of one address, in the long run.
    pub chats_per_second: f64,
    /// New chats at once of one address.
    pub chats_burst: f64,
    /// Attempts to sign in a second from one address, in the long run.
    pub logins_per_second: f64,
    /// Attempts to sign in at once from one address.
    pub logins_burst: f64,
    /// Attempts to sign in a second as one agent, from addresses that were never right.
    pub agent_logins_per_second: f64,
    /// Attempts to sign in at once as one agent, from addresses that were never right.
    pub agent_logins_burst: f64,
    /// The networks that webhooks may call, besides the public internet.
    pub webhook_private: Vec<Network>,
    /// Whether nothing is done if a program that has to be asked before does not answer.
    pub webhook_down_refuses: bool,
    /// How long a call of a webhook may take, in milliseconds.
    pub webhook_timeout_ms: u64,
    /// Deliveries to webhooks of one account a second, in the long run.
    pub webhooks_per_second: f64,
    /// Deliveries to webhooks of one account at once.
    pub webhooks_burst: f64,
    /// Bytes of the longest file beside a message.
    pub media_max_bytes: u64,
    /// Bytes of files that one guest brings within a day.
    pub media_guest_bytes_per_day: u64,
    /// Bytes of all files of an account.
    pub media_account_bytes: u64,
    /// The types of files that are taken.
    pub media_types: Vec<String>,
    /// How long a guest token with a continuity secret lives, in seconds.
    pub guest_token_seconds: u64,
    /// How long a guest token without one lives, in seconds; a day at most.
    pub plain_guest_token_seconds: u64,
    /// How long an agent token lives, in seconds; the console gets the next one by itself.
    pub agent_token_seconds: u64,
    /// How long an agent stays signed in, in seconds.
    pub session_seconds: u64,
    /// Between pings, in milliseconds.
    pub heartbeat_ms: u64,
    /// How long a pong may take, in milliseconds.
    pub pong_ms: u64,
    /// How long a new connection may take to say hello, in milliseconds.
    pub hello_ms: u64,
    /// How long the reader of an answer over HTTP may take nothing of it, in milliseconds.
    pub http_write_ms: u64,
    /// How long stopping may take, in seconds.
    pub drain_seconds: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data: PathBuf::from("data"),
            public_url: None,
            tls_cert: None,
            tls_key: None,
            demo: false,
            api_docs: true,
            log_format: LogFormat::Text,
            log_level: "info".into(),
            trusted_proxies: Vec::new(),
            proxy_header: ProxyHeader::XForwardedFor,
            max_connections: 60_000,
            max_unknown_per_address: 50,
            max_known_per_address: 5_000,
            max_per_guest: 8,
            max_per_agent: 8,
            messages_per_second: 5.0,
            messages_burst: 20.0,
            messages_per_minute: 100,
            frames_per_second: 20.0,
            tokens_per_second: 1.0,
            tokens_burst: 60.0,
            chats_per_second: 0.2,
            chats_burst: 30.0,
            logins_per_second: 0.5,
            logins_burst: 20.0,
            agent_logins_per_second: 0.2,
            agent_logins_burst: 10.0,
            webhook_private: Vec::new(),
            webhook_down_refuses: false,
            webhook_timeout_ms: 5_000,
            webhooks_per_second: 50.0,
            webhooks_burst: 200.0,
            media_max_bytes: 16 << 20,
            media_guest_bytes_per_day: 100 << 20,
            media_account_bytes: 10 << 30,
            media_types: DEFAULT_TYPES.map(str::to_owned).to_vec(),
            guest_token_seconds: 15 * 60,
            plain_guest_token_seconds: 6 * 3_600,
            agent_token_seconds: 15 * 60,
            session_seconds: 12 * 3_600,
            heartbeat_ms: 25_000,
            pong_ms: 10_000,
            hello_ms: 5_000,
            http_write_ms: 30_000,
            drain_seconds: 20,
        }
    }
}

impl Config {
    /// Where browsers reach this server: as configured, else this machine by its own name.
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.public_url.clone().unwrap_or_else(|| {
            let scheme = if self.tls_cert.is_some() { "https" } else { "http" };
            let text = format!("{scheme}://localhost:{}", self.listen.port());
            Origin::parse_lenient(&text).expect("a name and a port are an origin")
        })
    }
}
