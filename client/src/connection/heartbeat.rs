//! Whether the socket is still alive.
//!
//! The server pings, because the timers of hidden pages are throttled and messages are not. The
//! client only watches how long nothing came, and asks when in doubt.

use frontdesk_protocol::Millis;

/// How long a probe may take.
pub const PROBE_MS: u64 = 3_000;
/// Beyond the server's own patience, before a silent socket is doubted.
const GRACE_MS: u64 = 5_000;
/// A socket that was heard so recently is not probed when the page comes back.
const FRESH_MS: u64 = 1_000;

/// The watch over one socket.
#[derive(Debug, Clone, Copy, Default)]
pub struct Heartbeat {
    limit_ms: u64,
    heard: Millis,
    probe: Option<Millis>,
}

/// What the silence timer found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// Something came in time: look again after so many milliseconds.
    LookAgain(u64),
    /// Nothing came: probe.
    Doubt,
}

impl Heartbeat {
    /// A new watch, from `welcome`: the server pings every `hb_ms` and waits `pong_ms`.
    #[must_use]
    pub const fn new(now: Millis, hb_ms: u64, pong_ms: u64) -> Self {
        let limit_ms = hb_ms.saturating_add(pong_ms).saturating_add(GRACE_MS);
        Self { limit_ms, heard: now, probe: None }
    }

    /// After how many milliseconds of silence the socket is doubted.
    #[must_use]
    pub const fn limit_ms(&self) -> u64 {
        self.limit_ms
    }

    /// A frame came, whatever it says. True if it answers a probe.
    pub const fn hear(&mut self, now: Millis) -> bool {
        self.heard = now;
        self.probe.take().is_some()
    }

    /// The silence timer is up.
    #[must_use]
    pub const fn look(&self, now: Millis) -> Silence {
        let silent_ms = now.since(self.heard);
        if silent_ms >= self.limit_ms {
            Silence::Doubt
        } else {
            Silence::LookAgain(self.limit_ms - silent_ms)
        }
    }

    /// Whether the socket should be probed now that the page is back.
    #[must_use]
    pub const fn is_stale(&self, now: Millis) -> bool {
        self.probe.is_none() && now.since(self.heard) >= FRESH_MS
    }

    /// A probe is sent.
    pub const fn probe(&mut self, now: Millis) {
        self.probe = Some(now);
    }

    /// Whether a probe is on its way: the socket is dead if it is not answered in [`PROBE_MS`].
    #[must_use]
    pub const fn is_probing(&self) -> bool {
        self.probe.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Millis = Millis(1_000);

    #[test]
    fn a_silent_socket_is_doubted_after_both_patiences_and_five_seconds() {
        let heartbeat = Heartbeat::new(START, 25_000, 10_000);
        assert_eq!(heartbeat.look(START.plus(39_999)), Silence::LookAgain(1));
        assert_eq!(heartbeat.look(START.plus(40_000)), Silence::Doubt);
    }

    #[test]
    fn any_frame_is_a_sign_of_life() {
        let mut heartbeat = Heartbeat::new(START, 25_000, 10_000);
        heartbeat.probe(START.plus(40_000));
        assert!(heartbeat.is_probing());
        assert!(heartbeat.hear(START.plus(41_000)));
        assert!(!heartbeat.is_probing());
        assert_eq!(heartbeat.look(START.plus(42_000)), Silence::LookAgain(39_000));
    }

    #[test]
    fn a_page_that_was_just_heard_of_needs_no_probe() {
        let mut heartbeat = Heartbeat::new(START, 25_000, 10_000);
        assert!(!heartbeat.is_stale(START.plus(999)));
        assert!(heartbeat.is_stale(START.plus(1_000)));
        heartbeat.probe(START.plus(1_000));
        assert!(!heartbeat.is_stale(START.plus(2_000)));
    }
}
