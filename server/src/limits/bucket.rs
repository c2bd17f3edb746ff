//! The token bucket.

use frontdesk_protocol::Millis;

/// How many, how fast.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// How many a second, in the long run.
    pub per_second: f64,
    /// How many at once, after a rest.
    pub burst: f64,
}

/// A token bucket: full at first, filled at [`Rate::per_second`], never above [`Rate::burst`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    level: f64,
    at: Millis,
}

impl Bucket {
    /// A full one.
    #[must_use]
    pub const fn full(rate: Rate, now: Millis) -> Self {
        Self { level: rate.burst, at: now }
    }

    /// Takes one.
    ///
    /// # Errors
    /// There is none: the milliseconds until there is. Nothing was taken.
    pub fn take(&mut self, rate: Rate, now: Millis) -> Result<(), u64> {
        self.fill(rate, now);
        if self.level >= 1.0 {
            self.level -= 1.0;
            return Ok(());
        }
        let wait_ms = ((1.0 - self.level) / rate.per_second.max(1e-6) * 1_000.0).ceil();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at least 0, and a float above u64 becomes its largest value"
        )]
        Err((wait_ms as u64).max(1))
    }

    /// Whether it is full again, so that forgetting it changes nothing.
    #[must_use]
    pub fn is_full(&self, rate: Rate, now: Millis) -> bool {
        let mut copy = *self;
        copy.fill(rate, now);
        copy.level >= rate.burst
    }

    fn fill(&mut self, rate: Rate, now: Millis) {
        // A clock that jumped back fills nothing, and does not make it wait until it is back.
        #[expect(clippy::cast_precision_loss, reason = "milliseconds between two calls are few")]
        let seconds = now.since(self.at) as f64 / 1_000.0;
        self.level = (self.level + seconds * rate.per_second).min(rate.burst);
        self.at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { per_second: 5.0, burst: 20.0 };

    #[test]
    fn a_burst_and_then_the_rate() {
        let mut bucket = Bucket::full(RATE, Millis(0));
        for _ in 0..20 {
            assert_eq!(bucket.take(RATE, Millis(0)), Ok(()));
        }
        assert_eq!(bucket.take(RATE, Millis(0)), Err(200));
        assert_eq!(bucket.take(RATE, Millis(200)), Ok(()));
        assert_eq!(bucket.take(RATE, Millis(200)), Err(200));
    }

    #[test]
    fn waiting_as_long_as_told_is_enough() {
        let mut bucket = Bucket::full(RATE, Millis(0));
        let mut now = Millis(0);
        for _ in 0..1_000 {
            match bucket.take(RATE, now) {
                Ok(()) => {}
                Err(after_ms) => {
                    now = now.plus(after_ms);
                    assert_eq!(bucket.take(RATE, now), Ok(()));
                }
            }
        }
    }

    #[test]
    fn a_clock_that_jumps_back_stops_nobody() {
        let mut bucket = Bucket::full(RATE, Millis(86_400_000));
        while bucket.take(RATE, Millis(86_400_000)).is_ok() {}
        assert!(bucket.take(RATE, Millis(0)).is_err());
        assert_eq!(bucket.take(RATE, Millis(200)), Ok(()));
    }
}
