//! Messages by REST: durable when answered, from programs that speak for an account.
//!
//! [`load`] holds the two measurements; here are both servers' starts, and the table.

mod load;

use std::{net::SocketAddr, path::Path, time::Duration};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tokio::process::Command;

pub(crate) use self::load::Measured;
use self::load::{CHANNELS, CONNECTIONS, HELD_A_SECOND, MOST};
use crate::{
    http::{self, Body, Http},
    load::BODY,
    ours::Ours,
    peer::started,
    table::{self, Goal, Row},
    target::source,
};

/// Milliseconds within which 99 of 100 messages are to be answered.
const P99_MS: f64 = 100.0;
/// Part of the messages due that has to be answered in time, for the rate to count as held: the
/// last ones due have no time left.
const HELD_PART: f64 = 0.99;
/// Who speaks to the peer: it knows one account, and no other.
const PEER_ACCOUNT: [&str; 2] =
    ["AC00000000000000000000000000000001", "a-secret-of-32-characters-or-so."];

/// Starts our server, makes the channels, measures, stops it.
///
/// # Errors
/// It does not start, or ended meanwhile.
pub(crate) async fn ours(server: &Path, scratch: &Path, lasts: Duration) -> Result<Measured> {
    let ours = Ours::new(server, scratch)?;
    let program = ours.start().await?;
    let credentials = ours.credentials()?;
    let text = |key: &str| -> Result<&str> {
        credentials[key].as_str().with_context(|| format!("the credentials have no {key}"))
    };
    let account = [text("account_sid")?, text("auth_token")?];
    let channels = format!("/v2/Services/{}/Channels", text("service_sid")?);
    let mut http = Http::connect(ours.address, source(0), "").await?;
    let mut requests = Vec::with_capacity(CHANNELS);
    for _ in 0..CHANNELS {
        let [user, password] = account;
        let made = http.ask(&channels, Body::Form { user, password, fields: &[] }).await?;
        let sid = made["sid"].as_str().context("the answer has no sid")?;
        requests.push(message(ours.address, &format!("{channels}/{sid}/Messages"), account));
    }
    println!("ours: messages by REST, {CONNECTIONS} connections");
    let measured = load::measure(&program, ours.address, &requests, lasts).await?;
    program.stop().await?;
    Ok(measured)
}

/// The same of the peer.
///
/// # Errors
/// It does not start (its packages are not installed), or ended meanwhile.
pub(crate) async fn peer(
    node: &Path,
    script: &Path,
    scratch: &Path,
    lasts: Duration,
) -> Result<Measured> {
    let mut command = Command::new(node);
    command.arg(script).arg(scratch.join("peer.sqlite")).args(PEER_ACCOUNT);
    command.arg(CHANNELS.to_string());
    let (program, address) = started(command).await?;
    let path =
        |number: usize| format!("/v2/Services/IS{:032x}/Channels/CH{number:032x}/Messages", 1);
    let requests: Vec<String> =
        (0..CHANNELS).map(|number| message(address, &path(number), PEER_ACCOUNT)).collect();
    println!("node http: messages by REST, {CONNECTIONS} connections");
    let measured = load::measure(&program, address, &requests, lasts).await?;
    program.stop().await?;
    Ok(measured)
}

/// What says something in a channel.
fn message(address: SocketAddr, path: &str, [user, password]: [&str; 2]) -> String {
    let fields = [("Body", BODY), ("From", "order-service")];
    http::request(address, "", path, Body::Form { user, password, fields: &fields })
}

/// Prints the table, what was refused, and one line of JSON.
pub(crate) fn print(ours: &Measured, peer: Option<&Measured>, lasts: Duration, fdatasync_ms: f64) {
    let rows = rows();
    table::print(&rows, ours, peer, "node http");
    println!(
        "\nOne fdatasync: {fdatasync_ms:.2} ms. The first load was {MOST} messages over {CHANNELS} \
         channels; the second lasted {} s, and its latencies count from when a message was due.",
        lasts.as_secs()
    );
    for (name, measured) in [("ours", Some(ours)), ("node http", peer)] {
        let Some(measured) = measured else { continue };
        for (load, latency) in [("unanswered", measured.most), ("at the rate", measured.held)] {
            if latency.missing > 0 {
                println!("{name}: {load}: {} messages were not taken in time", latency.missing);
            }
        }
        if measured.refused > 0 {
            let why = measured.refusal.as_deref().unwrap_or("no reason");
            println!("{name}: {} messages were refused: {why}", measured.refused);
        }
    }
    let list = |of: &Measured| Value::from(table::values(&rows, of));
    let line = json!({
        "fdatasync_ms": fdatasync_ms,
        "ours": list(ours),
        "peer": peer.map(list),
    });
    println!("{line}");
}

fn rows() -> Vec<Row<Measured>> {
    let row =
        |what: &str, unit, value, goal| Row::<Measured> { what: what.into(), value, unit, goal };
    vec![
        row(
            &format!("by REST, {CONNECTIONS} connections, one unanswered each"),
            "1/s",
            |of| of.most_a_second,
            Goal::AtLeast(f64::from(HELD_A_SECOND)),
        ),
        row("  its p50", "ms", |of| of.most.p50_ms, Goal::None),
        row("  its p99", "ms", |of| of.most.p99_ms, Goal::None),
        row("  the server's processor time each", "us", |of| of.server_us, Goal::None),
        row("  the load client's", "us", |of| of.client_us, Goal::None),
        row(
            &format!("by REST, {HELD_A_SECOND} a second due"),
            "1/s",
            |of| of.held_a_second,
            Goal::AtLeast(f64::from(HELD_A_SECOND) * HELD_PART),
        ),
        row("  its p50", "ms", |of| of.held.p50_ms, Goal::None),
        row("  its p99", "ms", |of| of.held.p99_ms, Goal::AtMost(P99_MS)),
    ]
}
