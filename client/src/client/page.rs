//! What happens to the page: it begins, goes on- and offline, is hidden and seen.

use frontdesk_protocol::{CloseCode, Stream, state::Status};

use super::Client;
use crate::{
    connection::{Connection, SuspendReason},
    effect::{Delay, Effect, Timer},
    event::Start,
    outbox::OutboxEntry,
    profile::Profile,
    screen::{FormState, Screen},
    session::Session,
};

/// Hidden for so long without a running chat, the connection is let go.
const HIDDEN_LONG_MS: u64 = 5 * 60 * 1_000;
/// Entries of another tab that are unsent for so long are sent by this one.
const ADOPT: Delay = Delay { least_ms: 15_000, most_ms: 30_000 };

impl Client {
    pub(super) fn start(&mut self, start: Start) {
        if self.screen != Screen::Idle {
            return;
        }
        self.clock.set(self.now, start.wall);
        self.utc_offset_min = start.utc_offset_min;
        self.inst = start.inst;
        self.is_online = start.online;
        self.is_visible = start.visible;
        for entry in start.outbox {
            self.outbox.put(entry, false);
        }
        match &self.profile {
            Profile::Agent { streams, .. } => {
                self.screen = Screen::Chat;
                for stream in streams.clone() {
                    self.add_stream(&stream);
                }
                self.connect();
            }
            Profile::Guest(_) => self.resume(start.session),
        }
        if !self.is_visible {
            self.set_timer(Timer::HiddenLong, Delay::exactly(HIDDEN_LONG_MS));
        }
    }

    /// A guest's session from the disk, if there is one.
    fn resume(&mut self, session: Option<Session>) {
        self.screen = Screen::Form(FormState::default());
        let Some(session) = session else { return };
        self.token.restore(&session, self.now, self.clock.wall(self.now));
        if let Some(channel) = session.channel {
            self.enter(Stream::Channel(channel));
        } else if let Some(pending) = session.pending {
            self.opening.begin(pending);
            self.screen = Screen::Starting;
            self.open();
        }
    }

    pub(super) fn session_changed(&mut self, session: Option<Box<Session>>) {
        if matches!(self.profile, Profile::Agent { .. }) || self.screen == Screen::Idle {
            return;
        }
        let Some(session) = session else {
            // Forgotten in another tab. A form that is being filled in stays as it is.
            if !self.streams.is_empty() || self.screen == Screen::Ended {
                self.forget(false);
            }
            return;
        };
        self.token.restore(&session, self.now, self.clock.wall(self.now));
        let Some(channel) = session.channel.clone().map(Stream::Channel) else { return };
        if self.streams.contains_key(&channel) {
            return;
        }
        self.forget(false);
        self.token.restore(&session, self.now, self.clock.wall(self.now));
        self.enter(channel);
    }

    pub(super) fn entry_changed(&mut self, entry: OutboxEntry) {
        self.show_echo(&entry);
        self.outbox.put(entry, true);
        self.set_timer(Timer::Adopt, ADOPT);
    }

    pub(super) fn entry_gone(&mut self, cid: frontdesk_protocol::Cid) {
        if let Some(entry) = self.outbox.take(cid)
            && let Some(timeline) = self.timeline_mut(&entry.stream)
        {
            // If it was stored, its event brings the row back, or has brought it already.
            timeline.drop_echo(cid);
        }
    }

    pub(super) fn online(&mut self) {
        self.is_online = true;
        self.tries.online();
        match self.connection {
            Connection::Suspended(SuspendReason::Offline) | Connection::Waiting { .. } => {
                self.reconnect_soon();
            }
            Connection::Syncing { .. } | Connection::Live { .. } => self.probe_if_stale(),
            Connection::Idle
            | Connection::Token
            | Connection::Connecting { .. }
            | Connection::Hello { .. }
            | Connection::Suspended(
                SuspendReason::Hidden | SuspendReason::Away | SuspendReason::TooManySockets,
            )
            | Connection::Failed(_)
            | Connection::Closed => {}
        }
        if self.opening.is_due() && !self.token.is_asked() {
            self.open();
        }
    }

    pub(super) fn offline(&mut self) {
        self.is_online = false;
        match self.connection {
            Connection::Token
            | Connection::Connecting { .. }
            | Connection::Hello { .. }
            | Connection::Syncing { .. }
            | Connection::Live { .. }
            | Connection::Waiting { .. } => self.suspend(SuspendReason::Offline, CloseCode::Normal),
            Connection::Idle
            | Connection::Suspended(_)
            | Connection::Failed(_)
            | Connection::Closed => {}
        }
    }

    pub(super) fn visible(&mut self) {
        self.is_visible = true;
        self.clear_timer(Timer::HiddenLong);
        match self.connection {
            Connection::Suspended(SuspendReason::Hidden | SuspendReason::TooManySockets)
            | Connection::Waiting { .. } => {
                self.tries.encourage();
                self.reconnect_soon();
            }
            Connection::Syncing { .. } | Connection::Live { .. } => self.probe_if_stale(),
            Connection::Idle
            | Connection::Token
            | Connection::Connecting { .. }
            | Connection::Hello { .. }
            | Connection::Suspended(SuspendReason::Offline | SuspendReason::Away)
            | Connection::Failed(_)
            | Connection::Closed => {}
        }
        let wishes: Vec<(Stream, u64)> = self
            .streams
            .iter_mut()
            .filter(|(_, followed)| followed.read_hidden > 0)
            .map(|(stream, followed)| (stream.clone(), std::mem::take(&mut followed.read_hidden)))
            .collect();
        for (stream, seq) in wishes {
            self.read_up_to(&stream, seq);
        }
    }

    pub(super) fn hidden(&mut self) {
        self.is_visible = false;
        self.set_timer(Timer::HiddenLong, Delay::exactly(HIDDEN_LONG_MS));
    }

    pub(super) fn hidden_long(&mut self) {
        let is_running = match &self.profile {
            Profile::Agent { .. } => true,
            Profile::Guest(_) => self
                .streams
                .values()
                .filter_map(crate::stream::Followed::timeline)
                .any(|timeline| timeline.status() == Status::Active),
        };
        let is_idle_connection = self.connection.socket().is_some()
            || matches!(self.connection, Connection::Waiting { .. } | Connection::Token);
        if !self.is_visible && !is_running && is_idle_connection {
            self.suspend(SuspendReason::Hidden, CloseCode::Normal);
        }
    }

    pub(super) fn page_hide(&mut self) {
        let is_over = matches!(
            self.connection,
            Connection::Idle | Connection::Failed(_) | Connection::Closed
        );
        if !is_over {
            self.suspend(SuspendReason::Away, CloseCode::PageHidden);
        }
    }

    pub(super) fn page_show(&mut self) {
        if self.connection == Connection::Suspended(SuspendReason::Away) {
            self.tries.encourage();
            self.reconnect_soon();
        }
    }

    fn suspend(&mut self, reason: SuspendReason, code: CloseCode) {
        self.hang_up(code);
        self.clear_timer(Timer::Reconnect);
        self.connection = Connection::Suspended(reason);
    }

    pub(super) fn try_now(&mut self) {
        match self.connection {
            Connection::Waiting { .. }
            | Connection::Suspended(_)
            | Connection::Failed(_)
            | Connection::Closed => {
                self.tries.encourage();
                // The browser may be wrong about being offline; a hand on the button knows better.
                self.is_online = true;
                self.reconnect_soon();
            }
            Connection::Syncing { .. } | Connection::Live { .. } => self.probe_if_stale(),
            Connection::Idle
            | Connection::Token
            | Connection::Connecting { .. }
            | Connection::Hello { .. } => {}
        }
    }

    /// Puts the guest's session on disk.
    pub(super) fn save_session(&mut self) {
        let (Profile::Guest(_), Some(held)) = (&self.profile, self.token.held()) else { return };
        let wall = self.clock.wall(self.now);
        let channel = self.streams.keys().find_map(|stream| match stream {
            Stream::Channel(sid) => Some(sid.clone()),
            Stream::User(_) | Stream::Queue(_) => None,
        });
        let session = Session {
            token: held.token.clone(),
            expires: wall.plus(held.expires.since(self.now)),
            secret: held.secret.clone(),
            identity: held.identity.clone(),
            channel,
            pending: self.opening.pending().cloned(),
        };
        self.out.push(Effect::SaveSession(Box::new(session)));
    }
}
