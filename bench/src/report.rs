//! The table: ours, the peer, the goal, and whether it is held.

use serde_json::json;

use crate::{
    load::{DELIVERED_A_SECOND, DURABLE_A_SECOND, Measured, Plan, SENDERS},
    table::{self, Goal, Row},
};

/// KiB that one idle connection may cost.
const IDLE_KIB: f64 = 10.0;
/// How many times the peer's durable messages a second ours are to be.
const TIMES_PEER: f64 = 3.0;
/// Milliseconds within which 99 of 100 messages are to be durable.
const DURABLE_P99_MS: f64 = 100.0;
/// Milliseconds within which half of the messages are to be heard.
const DELIVERY_P50_MS: f64 = 10.0;
/// Milliseconds within which 99 of 100 are.
const DELIVERY_P99_MS: f64 = 75.0;
/// Part of the messages due that has to be acknowledged in time, for the rate to count as held:
/// the last ones due have no time left.
const HELD_PART: f64 = 0.99;

/// Everything there is to print.
pub(crate) struct Report<'a> {
    /// What was measured.
    pub(crate) plan: &'a Plan,
    /// One flush of the disk.
    pub(crate) fdatasync_ms: f64,
    /// Our server.
    pub(crate) ours: Measured,
    /// The socket.io server, if it was asked for.
    pub(crate) peer: Option<Measured>,
}

impl Report<'_> {
    /// Prints the table, what was lost on the way, and one line of JSON.
    pub(crate) fn print(&self) {
        let rows = self.rows();
        table::print(&rows, &self.ours, self.peer.as_ref(), "socket.io");
        println!(
            "\nOne fdatasync: {:.2} ms. Each load lasted {} s; its latencies count from when a \
             message was due.",
            self.fdatasync_ms,
            self.plan.lasts.as_secs()
        );
        for (name, measured) in [("ours", Some(&self.ours)), ("socket.io", self.peer.as_ref())] {
            if let Some(measured) = measured {
                print_losses(name, measured);
            }
        }
        println!("{}", self.json(&rows));
    }

    fn rows(&self) -> Vec<Row<Measured>> {
        let held = format!("durable, {DURABLE_A_SECOND} a second due, {SENDERS} senders");
        let said = format!("delivery, {DELIVERED_A_SECOND} a second");
        let (few, many) = (self.ours.few.connections, self.ours.many.connections);
        let row = |what: &str, unit, value, goal| Row::<Measured> {
            what: what.into(),
            value,
            unit,
            goal,
        };
        vec![
            row(
                &format!("idle connection of {}", self.ours.idle.connections),
                "KiB",
                |of| of.idle.kib_each(),
                Goal::AtMost(IDLE_KIB),
            ),
            row(
                &format!("durable, {SENDERS} senders, one unanswered each"),
                "1/s",
                |of| of.durable.most_a_second,
                Goal::TimesPeer(TIMES_PEER),
            ),
            row("  its p99", "ms", |of| of.durable.most.p99_ms, Goal::None),
            row("  the server's processor time each", "us", |of| of.durable.server_us, Goal::None),
            row("  the load client's", "us", |of| of.durable.client_us, Goal::None),
            row(
                &held,
                "1/s",
                |of| of.durable.held_a_second,
                Goal::AtLeast(f64::from(DURABLE_A_SECOND) * HELD_PART),
            ),
            row("  its p99", "ms", |of| of.durable.held.p99_ms, Goal::AtMost(DURABLE_P99_MS)),
            row(
                &format!("{said}, {few} connections, p50"),
                "ms",
                |of| of.few.latency.p50_ms,
                Goal::NotAbovePeer,
            ),
            row("  its p99", "ms", |of| of.few.latency.p99_ms, Goal::NotAbovePeer),
            row(
                &format!("{said}, {many} connections, p50"),
                "ms",
                |of| of.many.latency.p50_ms,
                Goal::AtMost(DELIVERY_P50_MS),
            ),
            row("  its p99", "ms", |of| of.many.latency.p99_ms, Goal::AtMost(DELIVERY_P99_MS)),
        ]
    }

    fn json(&self, rows: &[Row<Measured>]) -> String {
        json!({
            "connections": self.plan.connections,
            "fdatasync_ms": self.fdatasync_ms,
            "ours": table::values(rows, &self.ours),
            "peer": self.peer.as_ref().map(|peer| table::values(rows, peer)),
        })
        .to_string()
    }
}

fn print_losses(name: &str, measured: &Measured) {
    let durable = &measured.durable;
    for (load, latency) in [
        ("durable, unanswered", durable.most),
        ("durable, at the rate", durable.held),
        ("delivery, few", measured.few.latency),
        ("delivery, many", measured.many.latency),
    ] {
        if latency.missing > 0 {
            println!(
                "{name}: {load}: {} of {} messages did not come in time",
                latency.missing,
                latency.missing + latency.count
            );
        }
    }
    if durable.refused > 0 {
        let why = durable.refusal.as_deref().unwrap_or("no reason");
        println!("{name}: {} messages were refused: {why}", durable.refused);
    }
    if measured.lost > 0 {
        println!("{name}: {} connections were lost", measured.lost);
    }
}
