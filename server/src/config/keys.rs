//! Every key, with what may stand there and where it goes.

use std::{net::SocketAddr, path::PathBuf, str::FromStr};

use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use super::{Config, LogFormat, Network, ProxyHeader};
use crate::{auth::origin::Origin, media::is_run_by_browsers};

/// Sets a value from its text; `false` if it is none for the key.
type Set = fn(&mut Config, &str) -> bool;

/// A key.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) expected: &'static str,
    pub(super) set: Set,
}

fn put<T: FromStr>(place: &mut T, text: &str, fits: impl Fn(&T) -> bool) -> bool {
    match text.parse() {
        Ok(value) if fits(&value) => {
            *place = value;
            true
        }
        Ok(_) | Err(_) => false,
    }
}

macro_rules! keys {
    ($($name:ident: $expected:literal, $set:expr;)*) => {
        /// All of them.
        pub(super) const KEYS: &[Key] = &[$(Key {
            name: stringify!($name),
            expected: $expected,
            set: |config, text| {
                ($set)(&mut config.$name, text)
            },
        }),*];
    };
}

fn path(place: &mut Option<PathBuf>, text: &str) -> bool {
    *place = Some(PathBuf::from(text));
    !text.is_empty()
}
fn networks(place: &mut Vec<Network>, text: &str) -> bool {
    let each = text.split(',').map(str::trim).filter(|each| !each.is_empty());
    each.map(str::parse).collect::<Result<_, _>>().is_ok_and(|all| {
        *place = all;
        true
    })
}
fn flag(place: &mut bool, text: &str) -> bool {
    put(place, text, |_| true)
}
fn count(place: &mut usize, text: &str) -> bool {
    put(place, text, |value| *value > 0)
}
fn rate(place: &mut f64, text: &str) -> bool {
    put(place, text, |value| value.is_finite() && *value > 0.0)
}
fn burst(place: &mut f64, text: &str) -> bool {
    put(place, text, |value| value.is_finite() && *value >= 1.0)
}
fn day(place: &mut u64, text: &str) -> bool {
    put(place, text, |value| (60..=86_400).contains(value))
}
fn bytes(place: &mut u64, text: &str) -> bool {
    put(place, text, |_| true)
}
fn types(place: &mut Vec<String>, text: &str) -> bool {
    let each = text.split(',').map(str::trim).filter(|each| !each.is_empty());
    *place = each.map(str::to_ascii_lowercase).collect();
    let is_type = |text: &String| {
        let token = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-+._".contains(&b))
        };
        text.split_once('/').is_some_and(|(kind, name)| token(kind) && token(name))
    };
    place.iter().all(|text| is_type(text) && !is_run_by_browsers(text))
}
fn timer(place: &mut u64, text: &str) -> bool {
    put(place, text, |value| (10..=600_000).contains(value))
}

/// Levels of the log. A lone word that is no level would be taken for a module, and silence all
/// others.
fn levels(place: &mut String, text: &str) -> bool {
    text.clone_into(place);
    let mut each = text.split(',').map(str::trim);
    let is_one = |each: &str| !each.is_empty() && LevelFilter::from_str(each).is_ok();
    each.all(|each| each.contains('=') || is_one(each)) && EnvFilter::try_new(text).is_ok()
}

keys! {
    listen: "an address and a port, such as 127.0.0.1:8080",
        |place: &mut SocketAddr, text: &str| put(place, text, |_| true);
    data: "a folder", |place: &mut PathBuf, text: &str| {
        *place = PathBuf::from(text);
        !text.is_empty()
    };
    public_url: "an address without a path, such as https://chat.example.com",
        |place: &mut Option<Origin>, text: &str| {
            *place = Origin::parse_lenient(text).ok();
            place.is_some()
        };
    tls_cert: "a file", path;
    tls_key: "a file", path;
    demo: "true or false", flag;
    api_docs: "true or false", flag;
    log_format: "\"text\" or \"json\"", |place: &mut LogFormat, text: &str| {
        match text {
            "text" => *place = LogFormat::Text,
            "json" => *place = LogFormat::Json,
            _ => return false,
        }
        true
    };
    log_level: "a level, such as info, or levels by module", levels;
    trusted_proxies: "addresses and networks, such as 127.0.0.1, 10.0.0.0/8", networks;
    proxy_header: "\"x-forwarded-for\" or \"forwarded\"", |place: &mut ProxyHeader, text: &str| {
        match text {
            "x-forwarded-for" => *place = ProxyHeader::XForwardedFor,
            "forwarded" => *place = ProxyHeader::Forwarded,
            _ => return false,
        }
        true
    };
    max_connections: "a number above 0", count;
    max_unknown_per_address: "a number above 0", count;
    max_known_per_address: "a number above 0", count;
    max_per_guest: "a number above 0", count;
    max_per_agent: "a number above 0", count;
    messages_per_second: "a number above 0", rate;
    messages_burst: "a number, 1 or more", burst;
    messages_per_minute: "a number above 0", count;
    frames_per_second: "a number, 1 or more", burst;
    tokens_per_second: "a number above 0", rate;
    tokens_burst: "a number, 1 or more", burst;
    chats_per_second: "a number above 0", rate;
    chats_burst: "a number, 1 or more", burst;
    logins_per_second: "a number above 0", rate;
    logins_burst: "a number, 1 or more", burst;
    agent_logins_per_second: "a number above 0", rate;
    agent_logins_burst: "a number, 1 or more", burst;
    webhook_private: "addresses and networks, such as 127.0.0.1, 10.0.0.0/8", networks;
    webhook_down_refuses: "true or false",
        |place: &mut bool, text: &str| put(place, text, |_| true);
    webhook_timeout_ms: "a number of milliseconds, 10 to 600000", timer;
    webhooks_per_second: "a number above 0", rate;
    webhooks_burst: "a number, 1 or more", burst;
    media_max_bytes: "a number of bytes, 1 to 157286400",
        |place: &mut u64, text: &str| put(place, text, |value| (1..=157_286_400).contains(value));
    media_guest_bytes_per_day: "a number of bytes", bytes;
    media_account_bytes: "a number of bytes", bytes;
    media_types: "types, such as image/png, application/pdf; none that a browser runs", types;
    guest_token_seconds: "a number of seconds, 60 to 86400", day;
    plain_guest_token_seconds: "a number of seconds, 60 to 86400", day;
    agent_token_seconds: "a number of seconds, 60 to 86400", day;
    session_seconds: "a number of seconds, 60 to 2592000",
        |place: &mut u64, text: &str| put(place, text, |value| (60..=2_592_000).contains(value));
    heartbeat_ms: "a number of milliseconds, 10 to 600000", timer;
    pong_ms: "a number of milliseconds, 10 to 600000", timer;
    hello_ms: "a number of milliseconds, 10 to 600000", timer;
    http_write_ms: "a number of milliseconds, 10 to 600000", timer;
    drain_seconds: "a number of seconds, 0 to 25",
        |place: &mut u64, text: &str| put(place, text, |value| *value <= 25);
}
