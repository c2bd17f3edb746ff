//! A receiver that does not answer is left alone for a while.

use frontdesk_protocol::Millis;

use super::backoff::scaled;

/// After so many failures in a row it opens.
const FAILURES: u32 = 5;
/// How long it stays open at first.
const FIRST_MS: u64 = 5_000;
/// How long it stays open at most.
const LONGEST_MS: u64 = 300_000;
/// After so long without news it is forgotten.
const STALE_MS: u64 = 3_600_000;

/// What is known of a receiver that failed lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Breaker {
    state: State,
    /// When there was news last.
    at: Millis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is called. So many calls failed in a row.
    Closed { failures: u32 },
    /// It is left alone until then; `rounds` times it was asked in vain whether it is back.
    Open { until: Millis, rounds: u32 },
    /// It is asked whether it is back: one delivery is under way.
    Probing { rounds: u32 },
}

impl Breaker {
    /// A receiver that has not failed.
    pub(super) const fn closed(now: Millis) -> Self {
        Self { state: State::Closed { failures: 0 }, at: now }
    }

    /// How many deliveries may be under way to it, of `most`.
    pub(super) fn room(&self, now: Millis, most: usize) -> usize {
        match self.state {
            State::Closed { .. } => most,
            State::Open { until, .. } => usize::from(!waits(now, until, LONGEST_MS)),
            // The probe itself.
            State::Probing { .. } => 1,
        }
    }

    /// When it may be called again, if it may not be now.
    pub(super) fn until(&self, now: Millis) -> Option<Millis> {
        match self.state {
            State::Open { until, .. } if waits(now, until, LONGEST_MS) => Some(until),
            State::Closed { .. } | State::Open { .. } | State::Probing { .. } => None,
        }
    }

    /// A delivery goes out.
    pub(super) fn begin(&mut self, now: Millis) {
        self.at = now;
        if let State::Open { rounds, .. } = self.state {
            self.state = State::Probing { rounds };
        }
    }

    /// It answered: whether it had been left alone.
    pub(super) fn answered(&mut self, now: Millis) -> bool {
        let was_open = !matches!(self.state, State::Closed { .. });
        *self = Self::closed(now);
        was_open
    }

    /// It did not answer: until when it is left alone, if that begins now.
    pub(super) fn failed(&mut self, now: Millis, jitter: f64) -> Option<Millis> {
        self.at = now;
        let rounds = match self.state {
            State::Closed { failures } if failures + 1 < FAILURES => {
                self.state = State::Closed { failures: failures + 1 };
                return None;
            }
            State::Closed { .. } => 0,
            State::Probing { rounds } => rounds + 1,
            // It was under way when it opened.
            State::Open { .. } => return None,
        };
        let most = FIRST_MS.saturating_mul(1 << rounds.min(10)).min(LONGEST_MS);
        // At least half of it, so that the rounds do grow.
        let until = now.plus(most / 2 + scaled(most / 2, jitter));
        self.state = State::Open { until, rounds };
        (rounds == 0).then_some(until)
    }

    /// A delivery was not sent after all: another one may ask.
    pub(super) fn nothing_sent(&mut self, now: Millis) {
        if let State::Probing { rounds } = self.state {
            self.state = State::Open { until: now, rounds };
        }
    }

    /// Whether forgetting it changes nothing.
    pub(super) fn is_over(&self, now: Millis) -> bool {
        match self.state {
            State::Closed { failures: 0 } => true,
            State::Closed { .. } | State::Open { .. } => now.since(self.at) > STALE_MS,
            State::Probing { .. } => false,
        }
    }
}

/// Whether it is still to wait until then. A clock that jumped back makes nobody wait for longer
/// than `longest_ms`.
pub(super) const fn waits(now: Millis, until: Millis, longest_ms: u64) -> bool {
    now.0 < until.0 && until.since(now) <= longest_ms
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_000_000);

    fn open() -> (Breaker, Millis) {
        let mut breaker = Breaker::closed(NOW);
        for _ in 1..FAILURES {
            assert_eq!(breaker.failed(NOW, 1.0), None);
        }
        let until = breaker.failed(NOW, 1.0).unwrap();
        (breaker, until)
    }

    #[test]
    fn five_failures_in_a_row_open_it() {
        let (breaker, until) = open();
        assert_eq!(until, NOW.plus(FIRST_MS));
        assert_eq!((breaker.room(NOW, 4), breaker.until(NOW)), (0, Some(until)));
        let mut answering = Breaker::closed(NOW);
        for _ in 0..FAILURES * 3 {
            answering.failed(NOW, 1.0);
            answering.failed(NOW, 1.0);
            assert!(!answering.answered(NOW));
        }
        assert_eq!(answering.room(NOW, 4), 4);
    }

    #[test]
    fn one_delivery_asks_whether_it_is_back() {
        let (mut breaker, until) = open();
        assert_eq!(breaker.room(until, 4), 1);
        breaker.begin(until);
        assert_eq!(breaker.room(until, 4), 1);
        assert!(breaker.answered(until));
        assert_eq!(breaker.room(until, 4), 4);
    }

    #[test]
    fn it_is_asked_ever_more_rarely_up_to_five_minutes() {
        let (mut breaker, mut now) = open();
        let mut pauses = Vec::new();
        for _ in 0..8 {
            breaker.begin(now);
            assert_eq!(breaker.failed(now, 1.0), None, "it was open before");
            let until = breaker.until(now).unwrap();
            pauses.push(until.since(now) / 1_000);
            now = until;
        }
        assert_eq!(pauses, [10, 20, 40, 80, 160, 300, 300, 300]);
    }

    #[test]
    fn a_failure_that_was_under_way_does_not_prolong_it() {
        let (mut breaker, until) = open();
        breaker.failed(NOW.plus(1_000), 1.0);
        assert_eq!(breaker.until(NOW), Some(until));
        breaker.begin(until);
        breaker.nothing_sent(until);
        assert_eq!(breaker.room(until, 4), 1, "another one may ask");
    }

    #[test]
    fn it_is_forgotten_when_nothing_was_heard_for_long() {
        let (breaker, _) = open();
        assert!(!breaker.is_over(NOW.plus(STALE_MS)) && breaker.is_over(NOW.plus(STALE_MS + 1)));
        assert!(Breaker::closed(NOW).is_over(NOW));
        // A clock that jumped back does not keep it open for a day.
        assert_eq!(breaker.room(Millis(0), 4), 1);
    }
}
