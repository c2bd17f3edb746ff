//! The participant's idea of the time: the caller's own clock, tied to the server's wall clock.

use frontdesk_protocol::Millis;

const DAY_MS: i64 = 86_400_000;

/// A day of the local calendar, counted from 1 January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// The local day of a moment: Unix milliseconds, and local time minus UTC in minutes.
    #[must_use]
    pub fn of(wall: Millis, utc_offset_min: i32) -> Self {
        let local_ms =
            i64::try_from(wall.0).unwrap_or(i64::MAX / 2) + i64::from(utc_offset_min) * 60_000;
        Self(local_ms.div_euclid(DAY_MS))
    }
}

/// Two clocks, read at the same moment.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Clock {
    own: Millis,
    wall: Millis,
}

impl Clock {
    /// Ties the caller's clock to the wall clock, again whenever the server tells it.
    pub(crate) const fn set(&mut self, own: Millis, wall: Millis) {
        (self.own, self.wall) = (own, wall);
    }

    /// The wall clock at a moment of the caller's: a jump of the computer's clock changes nothing.
    pub(crate) const fn wall(self, now: Millis) -> Millis {
        self.wall.plus(now.since(self.own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_the_local_one() {
        let late = Millis(1_795_388_400_000); // 2026-11-22 23:00 UTC
        assert_eq!(Day::of(late, 60).0, Day::of(late, 0).0 + 1);
        assert_eq!(Day::of(Millis(0), -60), Day(-1));
    }

    #[test]
    fn the_wall_clock_goes_on_with_the_callers() {
        let mut clock = Clock::default();
        clock.set(Millis(500), Millis(1_000_000));
        assert_eq!(clock.wall(Millis(1_500)), Millis(1_001_000));
        assert_eq!(clock.wall(Millis(0)), Millis(1_000_000));
    }
}
