//! What the server says.

use frontdesk_protocol::{
    Event as LogEvent, EventKind, Stream,
    frame::{
        Ack, Advertised, ClientFrame, Evs, Live, Mode, Nack, NackCode, Page, ServerFrame, Snap,
        Welcome,
    },
};

use super::Client;
use crate::{
    connection::{Connection, heartbeat::Heartbeat},
    effect::{Delay, Effect, Notice, SocketId, Timer},
    outbox::Nacked,
    profile::Profile,
    stream::{Accept, Fetching, Phase},
    typing,
};

/// A stream that waits for its replay at this many pings in a row will not get it.
const STALLED_PINGS: u32 = 2;

impl Client {
    pub(super) fn received(&mut self, socket: SocketId, text: &str) {
        if self.connection.socket() != Some(socket) {
            return;
        }
        if self.heartbeat.hear(self.now) {
            self.clear_timer(Timer::Probe);
        }
        match ServerFrame::parse(text) {
            Ok(Some(ServerFrame::Welcome(welcome))) => self.welcomed(socket, welcome),
            // Nothing else makes sense before `welcome`, but an error's words are worth keeping.
            Ok(Some(ServerFrame::Err(error))) => self.out.push(Effect::Report(error.msg)),
            Ok(Some(frame)) if self.connection.welcomed().is_some() => self.frame(frame),
            Ok(Some(_) | None) => {}
            Err(error) => {
                self.out
                    .push(Effect::Report(["a frame of the server's: ", error.words()].concat()));
                self.reconnect_later(0);
            }
        }
    }

    fn frame(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::Snap(snap) => self.snap(snap),
            ServerFrame::Evs(evs) => self.evs(evs),
            ServerFrame::Live(live) => self.live(&live),
            ServerFrame::Ev { ch, event } => self.ev(&ch, event),
            ServerFrame::Ack(ack) => self.ack(&ack),
            ServerFrame::Nack(nack) => self.nack(nack),
            ServerFrame::Page(page) => self.page(page),
            ServerFrame::Ping { n, heads } => self.ping(n, &heads),
            // The new token's end is known from its answer.
            ServerFrame::AuthOk { .. } => {}
            ServerFrame::AuthSoon { .. } => self.ask_token(),
            ServerFrame::Drain { after } => self.drain(after),
            ServerFrame::Typing { ch, who, on } => {
                let is_shown = self.timeline(&ch).is_some_and(|timeline| *timeline.me() != who);
                if is_shown && self.typing.hear(self.now, &ch, &who, on) {
                    self.out.push(Effect::Changed(Notice::Typing(ch)));
                }
                if on {
                    self.set_timer(Timer::TypingExpiry, Delay::exactly(typing::EXPIRY_MS));
                }
            }
            ServerFrame::Welcome(_) | ServerFrame::Err(_) => {}
        }
    }

    fn welcomed(&mut self, socket: SocketId, welcome: Welcome) {
        if self.connection != (Connection::Hello { socket }) {
            return;
        }
        self.connection = Connection::Syncing { socket };
        self.clear_timer(Timer::Handshake);
        self.token.welcome();
        self.clock.set(self.now, welcome.now);
        self.outbox.limit(welcome.limits.in_flight);
        self.heartbeat = Heartbeat::new(self.now, welcome.hb, welcome.pong);
        self.set_timer(Timer::Silence, Delay::exactly(self.heartbeat.limit_ms()));
        for followed in welcome.ch {
            if followed.mode == Mode::Reset
                && let Some(stream) = self.streams.get_mut(&followed.id)
            {
                // What is shown stays until the snapshot is here.
                stream.cursor.reset();
            }
        }
        self.subscribe_rest();
    }

    fn snap(&mut self, snap: Snap) {
        self.tries.stalled_pings = 0;
        let ch = snap.ch.clone();
        let Some(followed) = self.streams.get_mut(&ch) else { return };
        let own = followed.take_snapshot(snap);
        self.settle(&own);
        self.notice_fold(&ch);
        self.look_at(&ch);
    }

    fn evs(&mut self, evs: Evs) {
        self.tries.stalled_pings = 0;
        for event in evs.items {
            self.ev(&evs.ch, event);
        }
    }

    fn ev(&mut self, ch: &Stream, event: LogEvent) {
        let Some(followed) = self.streams.get_mut(ch) else { return };
        match followed.cursor.accept(event.seq) {
            Accept::Drop => {}
            Accept::Gap => self.subscribe(ch),
            Accept::Apply => {
                let author = event.author.clone();
                let is_said = matches!(event.kind, EventKind::Msg { .. });
                let own = followed.apply(event);
                self.settle(own.as_slice());
                if is_said
                    && let Some(author) = author
                    && self.typing.hear(self.now, ch, &author, false)
                {
                    self.out.push(Effect::Changed(Notice::Typing(ch.clone())));
                }
                self.notice_fold(ch);
                self.look_at(ch);
            }
        }
    }

    fn live(&mut self, live: &Live) {
        self.tries.stalled_pings = 0;
        let Some(followed) = self.streams.get_mut(&live.ch) else { return };
        if followed.cursor.phase == Phase::Away {
            return;
        }
        if followed.cursor.go_live(live.seq) {
            if followed.wants_older {
                self.load_older(&live.ch);
            }
            return;
        }
        // Something of the replay is missing: whatever the reason, a snapshot mends it.
        followed.cursor.reset();
        self.out.push(Effect::Report(["the replay of ", live.ch.as_str(), " had a hole"].concat()));
        self.reconnect_later(0);
    }

    fn ack(&mut self, ack: &Ack) {
        self.tries.ack_strikes = 0;
        self.outbox.acked();
        self.settle(&[ack.cid]);
        if let Some(followed) = self.streams.get_mut(&ack.ch) {
            let applied = followed.cursor.seq();
            if let Some(timeline) = followed.timeline_mut() {
                timeline.ack(ack.cid, ack.seq, ack.ts, applied);
            }
        }
    }

    fn nack(&mut self, nack: Nack) {
        let Nack { cid, ch, code, retry, after } = nack;
        let pause = Delay::exactly(after.unwrap_or(5_000));
        match (cid, ch) {
            (Some(cid), _) => {
                self.tries.ack_strikes = 0;
                match self.outbox.nack(self.now, cid, code, retry, after) {
                    Nacked::Unknown => {}
                    Nacked::Later => self.arm_resend(),
                    Nacked::Failed(_) => self.tell_failed(cid),
                }
            }
            (None, Some(ch)) => self.nack_stream(&ch, code, retry, pause),
            // The new token was refused. The old one still holds; another may do better.
            (None, None) => self.set_timer(Timer::Refresh, pause),
        }
    }

    /// A `sub` or a `fetch` was refused, or a right to a stream has ended.
    fn nack_stream(&mut self, ch: &Stream, code: NackCode, retry: bool, pause: Delay) {
        let is_gone = !retry && matches!(code, NackCode::NotFound | NackCode::Forbidden);
        let Some(followed) = self.streams.get_mut(ch) else { return };
        if is_gone && matches!(ch, Stream::Channel(_)) {
            return self.lose_stream(ch);
        }
        if !followed.fetching.is_empty() {
            if followed.fetching.remove(0) == Fetching::Older
                && let Some(timeline) = followed.timeline_mut()
            {
                timeline.stop_loading();
                followed.wants_older = retry;
                if retry {
                    self.set_timer(Timer::Older, pause);
                }
            }
        } else if followed.cursor.phase == Phase::Syncing {
            if retry {
                followed.cursor.leave();
                self.set_timer(Timer::Resub, pause);
            } else {
                self.lose_stream(ch);
            }
        }
    }

    fn page(&mut self, page: Page) {
        let ch = page.ch.clone();
        let newest = page.items.last().map_or(0, |message| message.seq);
        let Some(followed) = self.streams.get_mut(&ch) else { return };
        let own = followed.take_page(page);
        // A probe asks for what lies behind the cursor: if there is something, we missed it.
        let is_behind = followed.cursor.phase == Phase::Live && newest > followed.cursor.seq();
        self.settle(&own);
        if is_behind {
            self.subscribe(&ch);
        }
    }

    fn ping(&mut self, n: u64, heads: &Advertised) {
        let pos = self
            .streams
            .iter()
            .filter(|(_, followed)| followed.cursor.phase != Phase::Away)
            .map(|(stream, followed)| (stream.clone(), followed.cursor.seq()))
            .collect();
        self.send(&ClientFrame::Pong { n, pos });
        let mut gaps = Vec::new();
        for (stream, head) in heads {
            if let Some(followed) = self.streams.get_mut(stream)
                && followed.cursor.announce(*head)
            {
                gaps.push(stream.clone());
            }
        }
        for stream in gaps {
            self.subscribe(&stream);
        }
        let is_waiting =
            self.streams.values().any(|followed| followed.cursor.phase == Phase::Syncing);
        self.tries.stalled_pings = if is_waiting { self.tries.stalled_pings + 1 } else { 0 };
        if self.tries.stalled_pings > STALLED_PINGS {
            self.out.push(Effect::Report("the server never ended its replay".to_owned()));
            self.reconnect_later(0);
        }
    }

    fn drain(&mut self, after: u64) {
        self.tries.drain = Some(after);
        if let Connection::Live { draining, .. } = &mut self.connection {
            *draining = true;
        }
        self.set_timer(Timer::Reconnect, Delay::exactly(after));
    }

    /// Tells views of a fold that is not a timeline.
    fn notice_fold(&mut self, stream: &Stream) {
        match stream {
            Stream::Queue(_) => self.out.push(Effect::Changed(Notice::Tasks)),
            Stream::User(_) => self.out.push(Effect::Changed(Notice::Channels)),
            Stream::Channel(_) => {}
        }
    }

    /// After a change of a channel: marks, and whether the guest's chat has ended.
    fn look_at(&mut self, stream: &Stream) {
        let is_member = self.is_member(stream);
        let Some(timeline) = self.streams.get(stream).and_then(|followed| followed.timeline())
        else {
            return;
        };
        if is_member {
            let me = timeline.member(timeline.me());
            let (seen, read) = me.map_or((0, 0), |me| (me.seen, me.read));
            self.marks.know(stream, seen, read);
            if let Some(seq) = timeline.newest_of_others() {
                self.marks.see(stream, seq);
            }
        }
        if matches!(self.profile, Profile::Guest(_)) {
            let status = timeline.status();
            self.chat_is(status);
        }
    }
}
