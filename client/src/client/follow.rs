//! The streams: taken up, left, and what belongs to one of them.

use frontdesk_protocol::{
    Cid, Stream,
    frame::{ClientFrame, Fetch},
    state::Status,
};

use super::Client;
use crate::{
    connection::heartbeat::PROBE_MS,
    effect::{Delay, Effect, Notice, Timer},
    outbox::OutboxEntry,
    profile::Profile,
    screen::Screen,
    stream::{Fetching, Followed, Phase},
    timeline::Timeline,
};

impl Client {
    /// A guest's chat begins, or goes on after a reload.
    pub(super) fn enter(&mut self, stream: Stream) {
        self.screen = Screen::Chat;
        // One guest has one chat: what is left of an older one can never be sent.
        let strays: Vec<Cid> = self
            .outbox
            .entries()
            .filter(|entry| entry.stream != stream)
            .map(|entry| entry.cid)
            .collect();
        for cid in strays {
            self.outbox.take(cid);
            self.out.push(Effect::ForgetEntry(cid));
        }
        self.add_stream(&stream);
        self.connect();
    }

    pub(super) fn follow(&mut self, stream: &Stream) {
        let is_agent = matches!(self.profile, Profile::Agent { .. });
        if !is_agent || self.screen == Screen::Idle || self.streams.contains_key(stream) {
            return;
        }
        self.add_stream(stream);
        if self.connection.welcomed().is_some() {
            self.subscribe(stream);
        }
    }

    pub(super) fn unfollow(&mut self, stream: &Stream) {
        // The streams of the profile are followed as long as it lives; a guest's is its chat.
        let Profile::Agent { streams, .. } = &self.profile else { return };
        if streams.contains(stream) || self.streams.remove(stream).is_none() {
            return;
        }
        self.marks.forget(stream);
        if self.connection.welcomed().is_some() {
            self.send(&ClientFrame::Unsub { ch: vec![stream.clone()] });
        }
    }

    /// Makes the local copy of a stream, with what the outbox holds for it.
    pub(super) fn add_stream(&mut self, stream: &Stream) {
        let me = match &self.profile {
            Profile::Agent { identity, .. } => identity.clone(),
            Profile::Guest(_) => match self.token.held() {
                Some(held) => held.identity.clone(),
                None => return,
            },
        };
        let mut followed = Followed::new(stream, me, self.utc_offset_min);
        if let Some(timeline) = followed.timeline_mut() {
            for entry in self.outbox.entries().filter(|entry| entry.stream == *stream) {
                timeline.echo(entry);
            }
        }
        self.streams.insert(stream.clone(), followed);
    }

    /// Asks for a stream from where we are.
    pub(super) fn subscribe(&mut self, stream: &Stream) {
        if let Some(followed) = self.streams.get_mut(stream) {
            let ch = vec![followed.cursor.ask(stream)];
            self.send(&ClientFrame::Sub { ch });
        }
    }

    /// Asks for every stream that is not asked for yet.
    pub(super) fn subscribe_rest(&mut self) {
        let ch: Vec<_> = self
            .streams
            .iter_mut()
            .filter(|(_, followed)| followed.cursor.phase == Phase::Away)
            .map(|(stream, followed)| followed.cursor.ask(stream))
            .collect();
        if !ch.is_empty() {
            self.send(&ClientFrame::Sub { ch });
        }
    }

    /// The server will not let us follow a stream: its local copy goes.
    pub(super) fn lose_stream(&mut self, stream: &Stream) {
        if matches!(self.profile, Profile::Guest(_)) {
            self.hang_up(frontdesk_protocol::CloseCode::Normal);
            self.channel_gone();
            return;
        }
        self.streams.remove(stream);
        self.marks.forget(stream);
        for cid in self.outbox.take_all(stream) {
            self.out.push(Effect::ForgetEntry(cid));
        }
        self.out.push(Effect::Changed(Notice::Gone(stream.clone())));
    }

    /// Asks for something that must be answered, to see whether anybody is there.
    pub(super) fn probe(&mut self) {
        if self.connection.welcomed().is_none() || self.heartbeat.is_probing() {
            return;
        }
        let is_channel = |stream: &&Stream| matches!(stream, Stream::Channel(_));
        let stream = self.streams.keys().find(is_channel).or_else(|| self.streams.keys().next());
        let Some(ch) = stream.cloned() else { return };
        let Some(followed) = self.streams.get_mut(&ch) else { return };
        followed.fetching.push(Fetching::Probe);
        let after = Some(followed.cursor.seq());
        self.send(&ClientFrame::Fetch(Fetch { ch, before: None, after, limit: 1 }));
        self.heartbeat.probe(self.now);
        self.set_timer(Timer::Probe, Delay::exactly(PROBE_MS));
    }

    pub(super) fn probe_if_stale(&mut self) {
        if self.heartbeat.is_stale(self.now) {
            self.probe();
        }
    }

    pub(super) fn timeline_mut(&mut self, stream: &Stream) -> Option<&mut Timeline> {
        self.streams.get_mut(stream)?.timeline_mut()
    }

    pub(super) fn show_echo(&mut self, entry: &OutboxEntry) {
        if let Some(timeline) = self.timeline_mut(&entry.stream) {
            timeline.echo(entry);
        }
    }

    /// The user's own messages have come by the log: they are out of the outbox.
    pub(super) fn settle(&mut self, own: &[Cid]) {
        for cid in own {
            if self.outbox.take(*cid).is_some() {
                self.out.push(Effect::ForgetEntry(*cid));
            }
        }
    }

    /// Whether the user is a member of a channel, so that marks and typing make sense.
    pub(super) fn is_member(&self, stream: &Stream) -> bool {
        self.timeline(stream)
            .is_some_and(|timeline| timeline.member(timeline.me()).is_some_and(|me| !me.left))
    }

    /// Whether the user may be heard in a channel now.
    pub(super) fn takes_part(&self, stream: &Stream) -> bool {
        let is_live =
            self.streams.get(stream).is_some_and(|followed| followed.cursor.phase == Phase::Live);
        let is_active =
            self.timeline(stream).is_some_and(|timeline| timeline.status() == Status::Active);
        is_live && is_active && self.is_member(stream)
    }

    /// An entry has failed for good: on disk and in the timeline.
    pub(super) fn tell_failed(&mut self, cid: Cid) {
        let Some(entry) = self.outbox.get(cid).cloned() else { return };
        if let Some(timeline) = self.timeline_mut(&entry.stream) {
            timeline.fail(cid, entry.failed);
        }
        self.out.push(Effect::SaveEntry(Box::new(entry)));
    }
}
