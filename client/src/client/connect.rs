//! Getting a connection: token, socket, `hello`; and trying again.

use frontdesk_protocol::{
    CloseCode, Millis, Stream,
    frame::{ClientFrame, Hello},
};

use super::Client;
use crate::{
    connection::{Connection, FailReason, SuspendReason, backoff, heartbeat::Heartbeat},
    effect::{Delay, Effect, SocketId, Timer},
    profile::Profile,
    token,
};

/// How long a socket may take to open, and then to be welcomed.
pub(super) const HANDSHAKE_MS: u64 = 10_000;

/// What the tries so far say about the next one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tries {
    /// The exponent of the backoff: counts until a connection has been live for a while.
    n: u32,
    /// Failed tries since the last live connection.
    in_vain: u32,
    /// Whether one try may come without a wait. Earned by a steady connection, so that a quick
    /// failure after a quick try always waits.
    is_eager: bool,
    /// Whether being online again has set `n` back since the last steady connection.
    is_online_used: bool,
    /// When the server wants us back, once it has said that it stops.
    pub(super) drain: Option<u64>,
    /// Unanswered acknowledgement time-outs in a row.
    pub(super) ack_strikes: u32,
    /// Pings in a row that found a stream still waiting for its replay.
    pub(super) stalled_pings: u32,
}

impl Default for Tries {
    fn default() -> Self {
        Self {
            n: 0,
            in_vain: 0,
            is_eager: true,
            is_online_used: false,
            drain: None,
            ack_strikes: 0,
            stalled_pings: 0,
        }
    }
}

impl Tries {
    /// A connection that was live since then has ended.
    pub(super) fn was_live(&mut self, now: Millis, since: Millis) {
        if now.since(since) >= backoff::STEADY_MS {
            *self = Self::default();
        }
    }

    pub(super) const fn is_live(&mut self) {
        self.in_vain = 0;
    }

    /// A hand of the user, or the page coming back to their eyes.
    pub(super) const fn encourage(&mut self) {
        self.n = 0;
        self.is_eager = true;
    }

    /// The browser is online again. That sets the tries back once, not at each flicker.
    pub(super) const fn online(&mut self) {
        if !self.is_online_used {
            self.is_online_used = true;
            self.encourage();
        }
    }
}

impl Client {
    /// Whether there is anything to connect for.
    fn is_wanted(&self) -> bool {
        match &self.profile {
            Profile::Guest(_) => !self.streams.is_empty(),
            Profile::Agent { .. } => true,
        }
    }

    /// Connects now, as far as the page and the token allow.
    pub(super) fn connect(&mut self) {
        debug_assert!(self.connection.socket().is_none(), "one socket at a time");
        self.clear_timer(Timer::Reconnect);
        if !self.is_wanted() {
            self.connection = Connection::Idle;
        } else if !self.is_online {
            self.connection = Connection::Suspended(SuspendReason::Offline);
        } else if self.token.usable(self.now).is_some() {
            self.open_socket();
        } else if self.can_renew() {
            self.connection = Connection::Token;
            self.ask_token();
        } else {
            self.fail(FailReason::Token);
        }
    }

    /// Whether a token of the same subject can be got. Without its secret a guest would come back
    /// as somebody else, whom the channel does not know.
    fn can_renew(&self) -> bool {
        match &self.profile {
            Profile::Guest(_) => self.token.held().is_some_and(|held| held.secret.is_some()),
            Profile::Agent { .. } => true,
        }
    }

    /// Asks for a token, unless that is under way.
    pub(super) fn ask_token(&mut self) {
        if self.token.is_asked() {
            return;
        }
        let request = self.request();
        let wish = self.token.ask(&self.profile, request);
        self.out.push(Effect::FetchToken { request, wish });
        self.set_timer(Timer::Token, Delay::exactly(token::ANSWER_MS));
    }

    fn open_socket(&mut self) {
        self.last_socket += 1;
        let socket = SocketId(self.last_socket);
        self.connection = Connection::Connecting { socket };
        self.out.push(Effect::OpenSocket { socket });
        self.set_timer(Timer::Handshake, Delay::exactly(HANDSHAKE_MS));
    }

    pub(super) fn socket_opened(&mut self, socket: SocketId) {
        if self.connection != (Connection::Connecting { socket }) {
            return;
        }
        let Some(held) = self.token.held() else { return self.reconnect_later(0) };
        let tok = held.token.clone();
        let inst = self.inst.clone();
        let first = self.first_streams();
        let ch = first
            .iter()
            .filter_map(|stream| Some(self.streams.get_mut(stream)?.cursor.ask(stream)))
            .collect();
        self.connection = Connection::Hello { socket };
        self.heartbeat = Heartbeat::default();
        self.send(&ClientFrame::Hello(Hello { tok, inst, ch }));
        self.set_timer(Timer::Handshake, Delay::exactly(HANDSHAKE_MS));
    }

    /// The streams that `hello` names. An agent's channels come after it, one refusal each: one
    /// that is gone must not take the whole connection along.
    fn first_streams(&self) -> Vec<Stream> {
        match &self.profile {
            Profile::Guest(_) => self.streams.keys().cloned().collect(),
            Profile::Agent { streams, .. } => streams.clone(),
        }
    }

    /// Sends a frame on the present socket.
    pub(super) fn send(&mut self, frame: &ClientFrame) {
        if let Some(socket) = self.connection.socket() {
            self.out.push(Effect::SendText { socket, text: frame.to_json() });
        }
    }

    /// Gives the present socket up and tidies behind it.
    pub(super) fn hang_up(&mut self, code: CloseCode) {
        if let Some(socket) = self.connection.socket() {
            self.out.push(Effect::CloseSocket { socket, code });
        }
        self.lose();
    }

    /// The socket is gone: what was on its way is sent again on the next one.
    pub(super) fn lose(&mut self) {
        if let Connection::Live { since, .. } = self.connection {
            self.tries.was_live(self.now, since);
        }
        if self.connection.socket().is_some() {
            for timer in [Timer::Handshake, Timer::Silence, Timer::Probe, Timer::Ack] {
                self.clear_timer(timer);
            }
        }
        self.tries.drain = None;
        self.tries.ack_strikes = 0;
        self.tries.stalled_pings = 0;
        self.outbox.disconnect();
        self.marks.disconnect();
        for followed in self.streams.values_mut() {
            followed.disconnect();
        }
        for stream in self.typing.disconnect() {
            self.out.push(Effect::Changed(crate::Notice::Typing(stream)));
        }
        self.connection = Connection::Idle;
    }

    /// Tries again at once if that is earned, else after a wait.
    pub(super) fn reconnect_soon(&mut self) {
        if std::mem::replace(&mut self.tries.is_eager, false) {
            self.connect();
        } else {
            self.reconnect_later(0);
        }
    }

    /// Tries again after a wait of the backoff, and at least `floor_ms`.
    pub(super) fn reconnect_later(&mut self, floor_ms: u64) {
        if self.connection.socket().is_some() {
            self.hang_up(CloseCode::Normal);
        }
        let delay = backoff::delay(self.tries.n, !self.is_visible, floor_ms);
        self.reconnect_after(delay);
    }

    /// Tries again after this wait.
    pub(super) fn reconnect_after(&mut self, delay: Delay) {
        self.wait();
        self.set_timer(Timer::Reconnect, delay);
    }

    /// Waits for the timer that runs.
    pub(super) const fn wait(&mut self) {
        self.tries.n = self.tries.n.saturating_add(1);
        self.tries.in_vain = self.tries.in_vain.saturating_add(1);
        self.connection = Connection::Waiting { tries: self.tries.in_vain };
    }

    /// Gives up for good.
    pub(super) fn fail(&mut self, reason: FailReason) {
        self.clear_timer(Timer::Reconnect);
        self.connection = Connection::Failed(reason);
    }
}
