//! How long after a failure the next attempt is, and when there is none any more.

use frontdesk_protocol::Millis;

/// The delay after the first failure, before it is drawn.
const FIRST_MS: u64 = 1_000;
/// The longest delay, also if a receiver asks for more.
pub(crate) const LONGEST_MS: u64 = 3_600_000;
/// How long after it came into the queue a delivery is still tried.
pub(crate) const LIFE_MS: u64 = 24 * 3_600_000;

/// The delay before the next attempt, with full jitter.
///
/// `attempts` counts those that failed before this failure, from 0. `jitter` is in `0.0..1.0`,
/// drawn by the caller. The result lies in `0 ms..=1 h`, and not below what the receiver asked for,
/// as far as that is below an hour itself.
///
/// Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
pub(super) fn delay_ms(attempts: u32, jitter: f64, asked_ms: Option<u64>) -> u64 {
    let most = FIRST_MS.saturating_mul(1 << attempts.min(20)).min(LONGEST_MS);
    scaled(most, jitter).max(asked_ms.unwrap_or(0).min(LONGEST_MS))
}

/// When the next attempt is; `None` if the delivery is too old then.
pub(super) fn next(
    now: Millis,
    enqueued: Millis,
    attempts: u32,
    jitter: f64,
    asked_ms: Option<u64>,
) -> Option<Millis> {
    let at = now.plus(delay_ms(attempts, jitter, asked_ms));
    (at.since(enqueued) <= LIFE_MS).then_some(at)
}

/// A part of a time.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a part of a few hours in milliseconds is exact enough and not below 0"
)]
pub(super) fn scaled(most_ms: u64, part: f64) -> u64 {
    (most_ms as f64 * part) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_double_up_to_an_hour() {
        let most = |attempts| delay_ms(attempts, 1.0, None);
        assert_eq!(
            [0, 1, 2, 11, 12, 60].map(most),
            [1_000, 2_000, 4_000, 2_048_000, LONGEST_MS, LONGEST_MS]
        );
        assert_eq!(delay_ms(3, 0.0, None), 0);
        assert_eq!(delay_ms(3, 0.5, None), 4_000);
    }

    #[test]
    fn a_receiver_may_ask_for_more_but_not_for_days() {
        assert_eq!(delay_ms(0, 0.5, Some(30_000)), 30_000);
        assert_eq!(delay_ms(9, 0.5, Some(1_000)), 256_000);
        assert_eq!(delay_ms(0, 0.5, Some(u64::MAX)), LONGEST_MS);
    }

    #[test]
    fn a_day_after_it_came_it_is_given_up() {
        let enqueued = Millis(1_000);
        let last = enqueued.plus(LIFE_MS - 1_000);
        assert_eq!(next(last, enqueued, 0, 1.0, None), Some(enqueued.plus(LIFE_MS)));
        assert_eq!(next(last.plus(1), enqueued, 0, 1.0, None), None);
        // A clock that jumped back gives up nothing.
        assert!(next(Millis(0), enqueued, 0, 1.0, None).is_some());
    }
}
