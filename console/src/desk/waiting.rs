//! How long somebody has been waiting, in words.

use frontdesk_protocol::Millis;

/// Waiting longer than this is late, and drawn in red.
pub const LATE_MS: u64 = 3 * 60_000;

const SECOND_MS: u64 = 1_000;
const MINUTE_MS: u64 = 60 * SECOND_MS;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// The time from `since` to `now`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Milliseconds.
    pub duration_ms: u64,
}

impl Waiting {
    /// The time from `since` to `now`; none if the clocks disagree.
    #[must_use]
    pub const fn between(since: Millis, now: Millis) -> Self {
        Self { duration_ms: now.since(since) }
    }

    /// Whether somebody should have been answered by now.
    #[must_use]
    pub const fn is_late(self) -> bool {
        self.duration_ms >= LATE_MS
    }

    /// For the eye: `now`, `45 s`, `6 min`, `1 h 05`, `3 d`.
    #[must_use]
    pub fn short(self) -> String {
        match self.duration_ms {
            ms if ms < 5 * SECOND_MS => "now".into(),
            ms if ms < MINUTE_MS => format!("{} s", ms / SECOND_MS),
            ms if ms < HOUR_MS => format!("{} min", ms / MINUTE_MS),
            ms if ms < DAY_MS => format!("{} h {:02}", ms / HOUR_MS, ms % HOUR_MS / MINUTE_MS),
            ms => format!("{} d", ms / DAY_MS),
        }
    }

    /// Within a sentence: `a moment` where [`Waiting::short`] says `now`.
    #[must_use]
    pub fn told(self) -> String {
        if self.duration_ms < 5 * SECOND_MS { "a moment".into() } else { self.short() }
    }

    /// For the ear, whole words, and coarser: a screen reader need not count seconds.
    #[must_use]
    pub fn spoken(self) -> String {
        match self.duration_ms {
            ms if ms < MINUTE_MS => "less than a minute".into(),
            ms if ms < HOUR_MS => count(ms / MINUTE_MS, "minute"),
            ms if ms < DAY_MS => count(ms / HOUR_MS, "hour"),
            ms => count(ms / DAY_MS, "day"),
        }
    }
}

/// `1 minute`, `2 minutes`.
#[must_use]
pub fn count(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_told_in_the_unit_that_matters() {
        let told: Vec<_> = [0, 4_999, 5_000, 59_999, 60_000, 3_599_999, 3_600_000, 3_900_000]
            .into_iter()
            .chain([86_399_999, 86_400_000, 260_000_000])
            .map(|duration_ms| Waiting { duration_ms }.short())
            .collect();
        assert_eq!(
            told,
            [
                "now", "now", "5 s", "59 s", "1 min", "59 min", "1 h 00", "1 h 05", "23 h 59",
                "1 d", "3 d"
            ]
        );
    }

    #[test]
    fn a_sentence_does_not_say_now() {
        assert_eq!(Waiting { duration_ms: 4_999 }.told(), "a moment");
        assert_eq!(Waiting { duration_ms: 5_000 }.told(), "5 s");
    }

    #[test]
    fn waiting_is_said_in_whole_words() {
        let said = |duration_ms| Waiting { duration_ms }.spoken();
        assert_eq!(said(59_000), "less than a minute");
        assert_eq!(said(60_000), "1 minute");
        assert_eq!(said(7_200_000), "2 hours");
        assert_eq!(said(172_800_000), "2 days");
    }

    #[test]
    fn a_clock_that_is_behind_shows_no_waiting_instead_of_centuries() {
        let waiting = Waiting::between(Millis(2_000), Millis(1_000));
        assert_eq!((waiting.short().as_str(), waiting.is_late()), ("now", false));
    }

    #[test]
    fn late_begins_at_its_limit() {
        assert!(!Waiting { duration_ms: LATE_MS - 1 }.is_late());
        assert!(Waiting { duration_ms: LATE_MS }.is_late());
    }
}
