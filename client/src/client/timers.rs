//! The timers. One that comes although nothing waits for it any more is passed over.

use frontdesk_protocol::{CloseCode, frame::ClientFrame};

use super::Client;
use crate::{
    connection::{Connection, heartbeat::Silence},
    effect::{Delay, Effect, Notice, Timer},
    http::Failure,
};

/// How long an acknowledgement may take before it is asked whether anybody is there.
pub(super) const ACK_MS: u64 = 10_000;
/// So many such doubts in a row, and the connection is given up: one direction may be dead.
const ACK_STRIKES: u32 = 3;

impl Client {
    pub(super) fn timer(&mut self, timer: Timer) {
        match timer {
            Timer::Reconnect => self.reconnect_due(),
            Timer::Handshake => {
                if matches!(
                    self.connection,
                    Connection::Connecting { .. } | Connection::Hello { .. }
                ) {
                    self.reconnect_later(0);
                }
            }
            Timer::Silence => self.silence_due(),
            Timer::Probe => {
                if self.connection.welcomed().is_some() && self.heartbeat.is_probing() {
                    self.hang_up(CloseCode::Normal);
                    self.reconnect_soon();
                }
            }
            Timer::Ack => self.ack_due(),
            // What may go again goes at the end of this update.
            Timer::Resend => self.arm_resend(),
            Timer::Marks => self.marks.timer_is_up(),
            Timer::Resub => {
                if self.connection.welcomed().is_some() {
                    self.subscribe_rest();
                }
            }
            Timer::Adopt => self.outbox.adopt(),
            Timer::Token => {
                if self.token.is_asked() {
                    self.token.give_up_asking();
                    self.token_failed(&Failure::unreachable());
                }
            }
            Timer::Refresh => {
                if self.connection.welcomed().is_some() {
                    self.ask_token();
                }
            }
            Timer::Opening => {
                if self.opening.is_asked() {
                    let outcome = self.opening.failed(&Failure::unreachable());
                    self.opening_is(outcome);
                } else {
                    self.open();
                }
            }
            Timer::Ending => {
                let outcome = self.ending.timed_out();
                self.ending_is(outcome);
                if outcome == crate::ending::Outcome::Stale {
                    self.ask_end();
                }
            }
            Timer::Page => self.page_due(),
            Timer::Older => self.older_due(),
            Timer::TypingIdle => self.typing_due(),
            Timer::TypingExpiry => {
                for stream in self.typing.expire(self.now) {
                    self.out.push(Effect::Changed(Notice::Typing(stream)));
                }
                if let Some(moment) = self.typing.next_expiry() {
                    let delay = Delay::exactly(moment.since(self.now));
                    self.set_timer(Timer::TypingExpiry, delay);
                }
            }
            Timer::HiddenLong => self.hidden_long(),
            Timer::Linger => {
                if self.screen == crate::Screen::Ended {
                    self.hang_up(CloseCode::Normal);
                    self.connection = Connection::Closed;
                }
            }
        }
    }

    fn reconnect_due(&mut self) {
        match self.connection {
            Connection::Waiting { .. } => self.connect(),
            // The server stops soon, and said that this is the time to come back.
            Connection::Syncing { .. } | Connection::Live { .. }
                if self.tries.drain.take().is_some() =>
            {
                self.hang_up(CloseCode::Normal);
                self.connect();
            }
            Connection::Idle
            | Connection::Token
            | Connection::Connecting { .. }
            | Connection::Hello { .. }
            | Connection::Syncing { .. }
            | Connection::Live { .. }
            | Connection::Suspended(_)
            | Connection::Failed(_)
            | Connection::Closed => {}
        }
    }

    /// Sends that were put off go again at the end of an update; this makes sure there is one.
    pub(super) fn arm_resend(&mut self) {
        if let Some(moment) = self.outbox.next_resend().filter(|moment| *moment > self.now) {
            self.set_timer(Timer::Resend, Delay::exactly(moment.since(self.now)));
        }
    }

    fn page_due(&mut self) {
        let mut was_loading = false;
        for followed in self.streams.values_mut() {
            if let Some(timeline) = followed.timeline_mut() {
                was_loading |= timeline.is_loading();
                timeline.stop_loading();
            }
        }
        if was_loading {
            self.set_timer(Timer::Older, Delay::exactly(super::wishes::PAGE_MS));
            self.probe();
        }
    }

    fn silence_due(&mut self) {
        if self.connection.welcomed().is_none() {
            return;
        }
        match self.heartbeat.look(self.now) {
            Silence::LookAgain(delay_ms) => {
                self.set_timer(Timer::Silence, Delay::exactly(delay_ms));
            }
            Silence::Doubt => {
                self.probe();
                self.set_timer(Timer::Silence, Delay::exactly(self.heartbeat.limit_ms()));
            }
        }
    }

    fn ack_due(&mut self) {
        if self.connection.welcomed().is_none() {
            return;
        }
        let Some(oldest) = self.outbox.oldest_sent() else { return };
        let waited_ms = self.now.since(oldest);
        if waited_ms < ACK_MS {
            self.set_timer(Timer::Ack, Delay::exactly(ACK_MS - waited_ms));
            return;
        }
        self.tries.ack_strikes += 1;
        if self.tries.ack_strikes >= ACK_STRIKES {
            self.reconnect_later(0);
            return;
        }
        self.probe();
        self.set_timer(Timer::Ack, Delay::exactly(ACK_MS));
    }

    fn typing_due(&mut self) {
        match self.typing.look(self.now) {
            Some(Ok(stream)) if self.takes_part(&stream) => {
                self.send(&ClientFrame::Typing { ch: stream, on: false });
            }
            Some(Err(delay_ms)) => self.set_timer(Timer::TypingIdle, Delay::exactly(delay_ms)),
            Some(Ok(_)) | None => {}
        }
    }
}
