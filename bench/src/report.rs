//! The table: ours, the peer, the goal, and whether it is held.

use serde_json::json;

use crate::load::{DELIVERED_A_SECOND, DURABLE_A_SECOND, Measured, Plan, SENDERS};

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

/// One line.
struct Row {
    what: String,
    value: fn(&Measured) -> f64,
    unit: &'static str,
    goal: Goal,
}

enum Goal {
    AtMost(f64),
    AtLeast(f64),
    TimesPeer(f64),
    NotAbovePeer,
    None,
}

impl Report<'_> {
    /// Prints the table, what was lost on the way, and one line of JSON.
    pub(crate) fn print(&self) {
        let rows = self.rows();
        println!();
        println!(
            "{:<58} {:>10} {:>10} {:>7}  {:<24} held",
            "what", "ours", "socket.io", "ratio", "goal"
        );
        for row in &rows {
            let ours = (row.value)(&self.ours);
            let peer = self.peer.as_ref().map(row.value);
            let ratio = peer.map_or("-".into(), |peer| format!("{:.2}", ours / peer));
            let (goal, held) = row.goal.judge(ours, peer);
            println!(
                "{:<58} {:>10} {:>10} {:>7}  {:<24} {held}",
                format!("{} [{}]", row.what, row.unit),
                shown(ours),
                peer.map_or("-".into(), shown),
                ratio,
                goal
            );
        }
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

    fn rows(&self) -> Vec<Row> {
        let held = format!("durable, {DURABLE_A_SECOND} a second due, {SENDERS} senders");
        let said = format!("delivery, {DELIVERED_A_SECOND} a second");
        let (few, many) = (self.ours.few.connections, self.ours.many.connections);
        let row = |what: &str, unit, value, goal| Row { what: what.into(), value, unit, goal };
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

    fn json(&self, rows: &[Row]) -> String {
        let list = |of: &Measured| -> Vec<f64> {
            rows.iter().map(|row| ((row.value)(of) * 100.0).round() / 100.0).collect()
        };
        json!({
            "connections": self.plan.connections,
            "fdatasync_ms": self.fdatasync_ms,
            "ours": list(&self.ours),
            "peer": self.peer.as_ref().map(list),
        })
        .to_string()
    }
}

impl Goal {
    /// The goal in words, and whether it is held.
    fn judge(&self, ours: f64, peer: Option<f64>) -> (String, &'static str) {
        let verdict = |held: bool| if held { "yes" } else { "NO" };
        match (self, peer) {
            (Self::AtMost(most), _) => (format!("<= {}", shown(*most)), verdict(ours <= *most)),
            (Self::AtLeast(least), _) => (format!(">= {}", shown(*least)), verdict(ours >= *least)),
            (Self::TimesPeer(times), Some(peer)) => {
                (format!(">= {times} x socket.io"), verdict(ours >= times * peer))
            }
            (Self::NotAbovePeer, Some(peer)) => ("<= socket.io".into(), verdict(ours <= peer)),
            (Self::TimesPeer(_) | Self::NotAbovePeer, None) | (Self::None, _) => {
                (String::new(), "")
            }
        }
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

fn shown(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
