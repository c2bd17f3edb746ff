//! Are they there? The clients' protocol has no ping of its own, so it is the websocket's.

use frontdesk_protocol::Millis;

use super::{Effect, Session, Shut};

/// The pulse of a connection.
#[derive(Debug)]
pub(super) struct Heart {
    jitter: f64,
    beat: Beat,
}

#[derive(Debug, Clone, Copy)]
enum Beat {
    /// The next ping is due then.
    Resting { until: Millis },
    /// A sign of life is due by then.
    Waiting { until: Millis },
}

impl Heart {
    pub(super) const fn new(jitter: f64) -> Self {
        Self { jitter, beat: Beat::Resting { until: Millis(u64::MAX) } }
    }

    /// The first ping comes after a random part of the interval.
    pub(super) fn start(&mut self, now: Millis, heartbeat_ms: u64) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "a random part of a few seconds"
        )]
        let first_ms = (heartbeat_ms as f64 * self.jitter.clamp(0.0, 1.0)) as u64;
        self.beat = Beat::Resting { until: now.plus(first_ms) };
    }

    /// A sign of life.
    pub(super) fn beat(&mut self, now: Millis, heartbeat_ms: u64) {
        if let Beat::Waiting { .. } = self.beat {
            self.beat = Beat::Resting { until: now.plus(heartbeat_ms) };
        }
    }

    pub(super) const fn deadline(&self) -> Millis {
        match self.beat {
            Beat::Resting { until } | Beat::Waiting { until } => until,
        }
    }
}

impl Session {
    pub(super) fn heart_tick(&mut self, now: Millis) {
        if now < self.heart.deadline() {
            return;
        }
        match self.heart.beat {
            Beat::Resting { .. } => {
                self.heart.beat = Beat::Waiting { until: now.plus(self.settings.pong_ms) };
                self.effects.push(Effect::Ping);
                // Hints may be lost, and of users' names there are none.
                self.subscriptions.mark_all();
            }
            // It may lie among the frames that we do not read yet.
            Beat::Waiting { .. } if !self.wants_frames() => {
                self.heart.beat = Beat::Waiting { until: now.plus(self.settings.pong_ms) };
            }
            Beat::Waiting { .. } => self.close(Shut::Slow, false),
        }
    }
}
