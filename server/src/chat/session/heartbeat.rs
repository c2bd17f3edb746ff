//! Pings: are they there, is their token still good, and do both sides stand at the same position?

use std::collections::BTreeMap;

use frontdesk_protocol::{
    CloseCode, Millis, Stream,
    frame::{Advertised, ServerFrame},
};

use super::{Effect, Session, TokenRefusal, follow::State};

/// The pulse of a connection.
#[derive(Debug)]
pub(super) struct Heart {
    jitter: f64,
    n: u64,
    beat: Beat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beat {
    /// The next ping is due then.
    Resting { until: Millis },
    /// The token is being looked at; the ping follows.
    Checking { until: Millis },
    /// The pong is due by then.
    Waiting { until: Millis },
}

impl Heart {
    pub(super) const fn new(jitter: f64) -> Self {
        Self { jitter, n: 0, beat: Beat::Resting { until: Millis(u64::MAX) } }
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

    pub(super) const fn deadline(&self) -> Millis {
        match self.beat {
            Beat::Resting { until } | Beat::Checking { until } | Beat::Waiting { until } => until,
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
                self.heart.beat = Beat::Checking { until: now.plus(self.settings.pong_ms) };
                let streams = self.streams.iter().map(|follow| follow.id.clone()).collect();
                self.effects.push(Effect::Recheck { streams });
            }
            Beat::Checking { .. } => {
                self.close(CloseCode::TryLater, "the store takes too long");
            }
            // It may lie among the frames that we do not read yet.
            Beat::Waiting { .. } if !self.wants_frames() => {
                self.heart.beat = Beat::Waiting { until: now.plus(self.settings.pong_ms) };
            }
            Beat::Waiting { .. } => self.close(CloseCode::SlowConsumer, "no pong in time"),
        }
    }

    /// The token is still good, or not; if it is, the ping goes out with the store's heads.
    pub(super) fn rechecked(
        &mut self,
        now: Millis,
        answer: Result<BTreeMap<Stream, u64>, TokenRefusal>,
    ) {
        let Beat::Checking { .. } = self.heart.beat else { return };
        let known = match answer {
            Ok(known) => known,
            // Who cannot be asked is not held against the client.
            Err(TokenRefusal::Unavailable) => BTreeMap::new(),
            Err(refusal) => {
                let (code, reason) = refusal.close();
                return self.close(code, reason);
            }
        };
        let mut heads = Advertised::new();
        for follow in self.streams.iter_mut() {
            if let Some(head) = known.get(&follow.id) {
                follow.head = follow.head.max(*head);
            }
            if !follow.is_live() {
                continue;
            }
            if follow.next <= follow.head {
                // A hint was lost; the store has what it was about.
                follow.state = State::Lagging;
            }
            heads.insert(follow.id.clone(), follow.head);
        }
        if !self.queue.has_room_for_answers() {
            // They have enough to read; whether they do is seen by what leaves.
            self.heart.beat = Beat::Resting { until: now.plus(self.settings.pong_ms) };
            return;
        }
        self.heart.n += 1;
        self.heart.beat = Beat::Waiting { until: now.plus(self.settings.pong_ms) };
        let n = self.heart.n;
        self.send(&ServerFrame::Ping { n, heads });
    }

    pub(super) fn pong(&mut self, now: Millis, n: u64, pos: &Advertised) {
        if n > self.heart.n {
            return self.close(CloseCode::BadFrame, "pong without its ping");
        }
        for (id, seq) in pos {
            if self.streams.get(id).is_some_and(|follow| follow.is_live() && *seq >= follow.next) {
                return self.close(CloseCode::BadPosition, "a position that was never sent");
            }
        }
        if n == self.heart.n && matches!(self.heart.beat, Beat::Waiting { .. }) {
            self.heart.beat = Beat::Resting { until: now.plus(self.settings.heartbeat_ms) };
        }
    }
}
