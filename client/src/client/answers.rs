//! What comes over HTTP: the token, the channel, the end.

use frontdesk_protocol::{
    CloseCode, Stream,
    frame::ClientFrame,
    rest::{TokenAnswer, WebChannelAnswer},
    state::Status,
};

use super::Client;
use crate::{
    connection::{Connection, FailReason, backoff},
    effect::{Delay, Effect, Notice, Timer},
    ending,
    http::{Failure, RequestId},
    opening,
    profile::Profile,
    screen::Screen,
};

/// An ended chat keeps its connection for so long: marks and late words still pass.
const LINGER_MS: u64 = 60_000;
/// Before a token is asked for again while the old one still holds.
const REFRESH_AGAIN: Delay = Delay { least_ms: 10_000, most_ms: 20_000 };

impl Client {
    pub(super) fn token_answered(
        &mut self,
        request: RequestId,
        result: Result<TokenAnswer, Failure>,
    ) {
        if !self.token.answered(request) {
            return;
        }
        self.clear_timer(Timer::Token);
        match result {
            Ok(answer) => self.token_came(answer),
            Err(failure) => self.token_failed(&failure),
        }
    }

    fn token_came(&mut self, answer: TokenAnswer) {
        self.token.take(answer, self.now);
        // A secret rotates: on disk before it is used, or a reload would come with an old one.
        if !self.opening.is_due() {
            self.save_session();
        }
        if let (Some(_), Some(held)) = (self.connection.welcomed(), self.token.held()) {
            let tok = held.token.clone();
            self.send(&ClientFrame::Auth { tok });
        }
        if self.connection == Connection::Token {
            self.connect();
        }
        self.open();
    }

    /// The token did not come.
    pub(super) fn token_failed(&mut self, failure: &Failure) {
        if self.opening.is_due() {
            let outcome = self.opening.failed(failure);
            self.opening_is(outcome);
        }
        if self.connection == Connection::Token {
            if failure.is_temporary() {
                self.reconnect_later(failure.retry_after_ms.unwrap_or(0));
            } else if failure.status == 403 {
                self.fail(FailReason::Forbidden);
            } else {
                self.fail(FailReason::Token);
            }
        } else if self.connection.welcomed().is_some() {
            if failure.is_temporary() {
                self.set_timer(Timer::Refresh, REFRESH_AGAIN);
            } else if failure.status == 401 && matches!(self.profile, Profile::Agent { .. }) {
                // Signed out. The token that holds a while longer must not hide that.
                self.hang_up(CloseCode::Normal);
                self.fail(FailReason::Token);
            }
        }
    }

    pub(super) fn channel_answered(
        &mut self,
        request: RequestId,
        result: Result<WebChannelAnswer, Failure>,
    ) {
        let outcome = self.opening.answered(request, result);
        self.opening_is(outcome);
    }

    pub(super) fn opening_is(&mut self, outcome: opening::Outcome) {
        match outcome {
            opening::Outcome::Stale => {}
            opening::Outcome::Opened(sid) => {
                self.clear_timer(Timer::Opening);
                self.enter(Stream::Channel(sid));
                self.save_session();
            }
            opening::Outcome::Back(form) => {
                self.clear_timer(Timer::Opening);
                self.screen = Screen::Form(form);
                self.save_session();
            }
            opening::Outcome::NewToken => {
                self.token.expire();
                self.open();
            }
            opening::Outcome::Again(tries, floor_ms) => {
                let delay = backoff::delay(tries, !self.is_visible, floor_ms);
                self.set_timer(Timer::Opening, delay);
            }
        }
    }

    pub(super) fn end_answered(&mut self, request: RequestId, result: &Result<(), Failure>) {
        let outcome = self.ending.answered(request, result);
        self.ending_is(outcome);
    }

    pub(super) fn ending_is(&mut self, outcome: ending::Outcome) {
        match outcome {
            ending::Outcome::Stale => {}
            ending::Outcome::Done => self.clear_timer(Timer::Ending),
            ending::Outcome::Again(tries, floor_ms) => {
                let delay = backoff::delay(tries, !self.is_visible, floor_ms);
                self.set_timer(Timer::Ending, delay);
            }
            ending::Outcome::NewToken(tries) => {
                self.ask_token();
                self.set_timer(Timer::Ending, backoff::delay(tries, !self.is_visible, 1_000));
            }
            ending::Outcome::Failed => {
                self.clear_timer(Timer::Ending);
                self.out.push(Effect::Changed(Notice::EndFailed));
            }
        }
    }

    /// The guest's chat goes on, or has ended.
    pub(super) fn chat_is(&mut self, status: Status) {
        match (status, &self.screen) {
            (Status::Inactive, Screen::Chat) => {
                self.screen = Screen::Ended;
                self.ending.forget();
                self.clear_timer(Timer::Ending);
                self.set_timer(Timer::Linger, Delay::exactly(LINGER_MS));
            }
            (Status::Active, Screen::Ended) => {
                self.screen = Screen::Chat;
                self.clear_timer(Timer::Linger);
            }
            (Status::Inactive | Status::Active, _) => {}
        }
    }
}
