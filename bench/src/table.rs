//! A table of figures: ours, the peer's, the goal, and whether it is held.

/// One line, of what was measured as `T`.
pub(crate) struct Row<T> {
    pub(crate) what: String,
    pub(crate) value: fn(&T) -> f64,
    pub(crate) unit: &'static str,
    pub(crate) goal: Goal,
}

/// What a figure is to be.
pub(crate) enum Goal {
    AtMost(f64),
    AtLeast(f64),
    TimesPeer(f64),
    NotAbovePeer,
    None,
}

/// Prints the table.
pub(crate) fn print<T>(rows: &[Row<T>], ours: &T, peer: Option<&T>, peer_name: &str) {
    println!();
    println!("{:<58} {:>10} {peer_name:>10} {:>7}  {:<24} held", "what", "ours", "ratio", "goal");
    for row in rows {
        let ours = (row.value)(ours);
        let peer = peer.map(row.value);
        let ratio = peer.map_or("-".into(), |peer| format!("{:.2}", ours / peer));
        let (goal, held) = row.goal.judge(ours, peer, peer_name);
        println!(
            "{:<58} {:>10} {:>10} {ratio:>7}  {goal:<24} {held}",
            format!("{} [{}]", row.what, row.unit),
            shown(ours),
            peer.map_or("-".into(), shown),
        );
    }
}

/// The figures, in the order of the rows.
pub(crate) fn values<T>(rows: &[Row<T>], of: &T) -> Vec<f64> {
    rows.iter().map(|row| ((row.value)(of) * 100.0).round() / 100.0).collect()
}

impl Goal {
    /// The goal in words, and whether it is held.
    fn judge(&self, ours: f64, peer: Option<f64>, peer_name: &str) -> (String, &'static str) {
        let verdict = |held: bool| if held { "yes" } else { "NO" };
        match (self, peer) {
            (Self::AtMost(most), _) => (format!("<= {}", shown(*most)), verdict(ours <= *most)),
            (Self::AtLeast(least), _) => (format!(">= {}", shown(*least)), verdict(ours >= *least)),
            (Self::TimesPeer(times), Some(peer)) => {
                (format!(">= {times} x {peer_name}"), verdict(ours >= times * peer))
            }
            (Self::NotAbovePeer, Some(peer)) => (format!("<= {peer_name}"), verdict(ours <= peer)),
            (Self::TimesPeer(_) | Self::NotAbovePeer, None) | (Self::None, _) => {
                (String::new(), "")
            }
        }
    }
}

fn shown(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}
