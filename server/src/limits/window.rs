//! The rolling window.

use std::collections::VecDeque;

use frontdesk_protocol::Millis;

/// At most so many within a rolling span of time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Window(VecDeque<Millis>);

impl Window {
    /// Counts one, if there are fewer than `most` within the last `span_ms`.
    ///
    /// # Errors
    /// There are as many: the milliseconds until the oldest of them is out. Nothing was counted.
    pub fn take(&mut self, most: usize, span_ms: u64, now: Millis) -> Result<(), u64> {
        // A clock that jumped back must not keep what is now in its future for ever.
        while self.0.front().is_some_and(|&at| at > now || now.since(at) >= span_ms) {
            self.0.pop_front();
        }
        if self.0.len() < most {
            self.0.push_back(now);
            return Ok(());
        }
        let oldest = self.0.front().copied().unwrap_or(now);
        Err(oldest.plus(span_ms).since(now).max(1))
    }

    /// Whether nothing in it counts any more.
    #[must_use]
    pub fn is_empty(&self, span_ms: u64, now: Millis) -> bool {
        self.0.back().is_none_or(|&at| at > now || now.since(at) >= span_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_rolls() {
        let mut window = Window::default();
        assert_eq!(window.take(2, 60_000, Millis(0)), Ok(()));
        assert_eq!(window.take(2, 60_000, Millis(10_000)), Ok(()));
        assert_eq!(window.take(2, 60_000, Millis(20_000)), Err(40_000));
        assert_eq!(window.take(2, 60_000, Millis(60_000)), Ok(()));
        assert_eq!(window.take(2, 60_000, Millis(60_000)), Err(10_000));
    }

    #[test]
    fn a_clock_that_jumps_back_stops_nobody() {
        let mut window = Window::default();
        assert_eq!(window.take(1, 60_000, Millis(86_400_000)), Ok(()));
        assert_eq!(window.take(1, 60_000, Millis(0)), Ok(()));
    }
}
