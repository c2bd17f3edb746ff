//! How long to wait before the next try.

use crate::effect::Delay;

/// The longest wait.
pub const CAP_MS: u64 = 30_000;
/// The longest wait of a hidden page.
pub const CAP_HIDDEN_MS: u64 = 60_000;
/// Live for so long, and the tries count from 0 again.
pub const STEADY_MS: u64 = 30_000;

/// The range of the next delay, with full jitter: `0 ..= min(cap, 1 s * 2^tries)`.
///
/// `floor_ms` is what the other side asked for (`Retry-After`, an overloaded server); the whole
/// range then lies above it, so that those who were told the same do not come at the same moment.
///
/// Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
#[must_use]
pub fn delay(tries: u32, hidden: bool, floor_ms: u64) -> Delay {
    let cap_ms = if hidden { CAP_HIDDEN_MS } else { CAP_MS };
    let most_ms = 1_000_u64.checked_shl(tries.min(32)).unwrap_or(cap_ms).min(cap_ms);
    Delay { least_ms: floor_ms, most_ms: floor_ms.saturating_add(most_ms) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_doubles_up_to_the_cap() {
        let most = |tries, hidden| delay(tries, hidden, 0).most_ms;
        assert_eq!((most(0, false), most(1, false), most(4, false)), (1_000, 2_000, 16_000));
        assert_eq!((most(5, false), most(5, true), most(6, true)), (30_000, 32_000, 60_000));
        assert_eq!((most(u32::MAX, false), most(u32::MAX, true)), (30_000, 60_000));
    }

    #[test]
    fn what_the_server_asked_for_is_the_least() {
        assert_eq!(delay(0, false, 5_000), Delay { least_ms: 5_000, most_ms: 6_000 });
    }
}
