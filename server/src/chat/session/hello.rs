//! The beginning: one frame, checked before anything is looked up.

use frontdesk_protocol::{
    CloseCode, Millis,
    frame::{ClientFrame, Hello},
    json,
    limits::{HELLO_BYTES, STREAMS},
};

use super::{Effect, Grant, Phase, Session, Token, TokenRefusal};
use crate::{limits::Bucket, storage::PartyKind};

/// Longest `inst`: a random id of a tab.
const INST_BYTES: usize = 64;

impl Session {
    /// A text frame came in.
    pub(super) fn text(&mut self, now: Millis, text: &str) {
        let longest = match self.phase {
            Phase::Upgraded { .. } => HELLO_BYTES,
            Phase::Verifying { .. } | Phase::Opening { .. } | Phase::Open | Phase::Closed => {
                self.settings.limits.frame_bytes
            }
        };
        if text.len() > longest {
            return self.close(CloseCode::TooBig, "frame is too big");
        }
        if json::check(text).is_err() {
            return self.close(CloseCode::BadFrame, "frame is not plain JSON");
        }
        let Ok(frame) = ClientFrame::parse(text) else {
            return self.close(CloseCode::BadFrame, "frame is not known or lacks something");
        };
        match (&self.phase, frame) {
            (Phase::Upgraded { .. }, ClientFrame::Hello(hello)) => self.hello(now, hello),
            (Phase::Upgraded { .. }, _) => {
                self.close(CloseCode::BadFrame, "the first frame is hello");
            }
            (Phase::Verifying { .. } | Phase::Opening { .. }, ClientFrame::Hello(_)) => {
                self.close(CloseCode::BadFrame, "a second hello");
            }
            (Phase::Verifying { .. } | Phase::Opening { .. }, _) => {
                self.close(CloseCode::BadFrame, "a frame before welcome");
            }
            (Phase::Open, frame) => self.request(now, frame),
            (Phase::Closed, _) => {}
        }
    }

    fn hello(&mut self, now: Millis, hello: Hello) {
        if hello.inst.len() > INST_BYTES || hello.ch.len() > STREAMS {
            return self.close(CloseCode::BadFrame, "hello asks for too much");
        }
        let token = hello.tok.clone();
        let until = now.plus(self.settings.hello_ms);
        self.phase = Phase::Verifying { until, hello: Box::new(hello) };
        self.effects.push(Effect::Verify { token });
    }

    /// A token was checked: that of the `hello`, or one of an `auth`.
    pub(super) fn verified(&mut self, now: Millis, verdict: Result<Grant, TokenRefusal>) {
        match std::mem::replace(&mut self.phase, Phase::Open) {
            Phase::Verifying { until, hello } => match verdict {
                Ok(grant) => self.open(now, until, grant, *hello),
                Err(refusal) => {
                    let (code, reason) = refusal.close();
                    self.close(code, reason);
                }
            },
            Phase::Open if self.refreshing => {
                self.refreshing = false;
                self.refreshed(now, verdict);
            }
            phase @ (Phase::Upgraded { .. }
            | Phase::Opening { .. }
            | Phase::Open
            | Phase::Closed) => self.phase = phase,
        }
    }

    fn open(&mut self, now: Millis, until: Millis, grant: Grant, hello: Hello) {
        if grant.party.kind == PartyKind::Agent {
            self.sends_rate = self.settings.agent_sends;
            self.sends = Bucket::full(self.sends_rate, now);
        }
        self.phase = Phase::Opening { until, wall: grant.wall };
        self.token = Some(Token::new(now, grant, &self.settings));
        self.effects.push(Effect::Adopt);
        self.asked_for_streams = !hello.ch.is_empty();
        self.follow(hello.ch);
        self.welcome_if_ready(now);
    }
}
