//! What the user wants.

use frontdesk_protocol::{
    Body, ChannelSid, Cid, CloseCode, Stream,
    attributes::Attributes,
    form::validate,
    frame::{ClientFrame, Fetch},
    limits::SNAPSHOT_ITEMS,
};

use super::Client;
use crate::{
    connection::Connection,
    effect::{Delay, Effect, Notice, Timer},
    ending, opening,
    outbox::OutboxEntry,
    profile::Profile,
    screen::{FieldProblem, FormState, Screen},
    session::Submission,
    stream::{Fetching, Phase},
    token::Token,
    typing,
};

/// How long a page of history may take.
pub(super) const PAGE_MS: u64 = 10_000;

impl Client {
    pub(super) fn submit(&mut self, submission: Submission) {
        let Profile::Guest(guest) = &self.profile else { return };
        if !matches!(self.screen, Screen::Form(_)) {
            return;
        }
        let errors = validate(&guest.form, &submission.answers);
        if !errors.is_empty() {
            let check = |(name, error)| (name, FieldProblem::Check(error));
            let fields = errors.into_iter().map(check).collect();
            self.screen = Screen::Form(FormState { fields, problem: None });
            return;
        }
        self.opening.begin(submission);
        self.screen = Screen::Starting;
        self.open();
    }

    /// Posts the form if there is a token, else gets one first.
    pub(super) fn open(&mut self) {
        let Profile::Guest(guest) = self.profile.clone() else { return };
        if !self.opening.is_due() {
            return;
        }
        let Some(held) = self.token.usable(self.now).cloned() else {
            self.ask_token();
            return;
        };
        // On disk first: if the page dies now, the next one posts the same with the same key.
        self.save_session();
        let request = self.request();
        if let Some(create) = self.opening.ask(request, &held, &guest) {
            self.out.push(Effect::CreateChannel(Box::new(create)));
            self.set_timer(Timer::Opening, Delay::exactly(opening::ANSWER_MS));
        }
    }

    pub(super) fn compose(&mut self, stream: Stream, text: &str, cid: Cid, attributes: Attributes) {
        let is_known = self.timeline(&stream).is_some();
        let (true, Ok(body)) = (is_known, Body::parse(text)) else { return };
        if self.outbox.get(cid).is_some() {
            return;
        }
        let written = self.clock.wall(self.now);
        let entry = OutboxEntry {
            cid,
            stream,
            body: body.into_string(),
            attributes,
            written,
            order: self.outbox.next_order(written),
            failed: None,
        };
        self.typing.stop(&entry.stream);
        self.show_echo(&entry);
        self.out.push(Effect::SaveEntry(Box::new(entry.clone())));
        self.outbox.put(entry, false);
    }

    pub(super) fn retry(&mut self, cid: Cid, fresh: Cid) {
        let Some((entry, is_renamed)) = self.outbox.retry(cid, fresh) else { return };
        if is_renamed {
            self.out.push(Effect::ForgetEntry(cid));
            if let Some(timeline) = self.timeline_mut(&entry.stream) {
                timeline.drop_echo(cid);
            }
        }
        self.show_echo(&entry);
        self.out.push(Effect::SaveEntry(Box::new(entry)));
    }

    pub(super) fn discard(&mut self, cid: Cid) {
        // Only what has failed: anything else may be stored already.
        if self.outbox.get(cid).is_none_or(|entry| entry.failed.is_none()) {
            return;
        }
        if let Some(entry) = self.outbox.take(cid) {
            self.out.push(Effect::ForgetEntry(cid));
            if let Some(timeline) = self.timeline_mut(&entry.stream) {
                timeline.drop_echo(cid);
            }
        }
    }

    pub(super) fn keystroke(&mut self, stream: &Stream) {
        if !self.takes_part(stream) {
            return;
        }
        let told = self.typing.key(self.now, stream);
        if told.tell {
            self.send(&ClientFrame::Typing { ch: stream.clone(), on: true });
        }
        if told.watch {
            self.set_timer(Timer::TypingIdle, Delay::exactly(typing::IDLE_MS));
        }
    }

    pub(super) fn cleared(&mut self, stream: &Stream) {
        if self.typing.stop(stream) {
            self.send(&ClientFrame::Typing { ch: stream.clone(), on: false });
        }
    }

    pub(super) fn read_up_to(&mut self, stream: &Stream, seq: u64) {
        let is_visible = self.is_visible;
        let is_member = self.is_member(stream);
        let Some(followed) = self.streams.get_mut(stream) else { return };
        if !is_visible {
            followed.read_hidden = followed.read_hidden.max(seq);
            return;
        }
        let Some(timeline) = followed.timeline_mut() else { return };
        if timeline.read_up_to(seq) && is_member {
            let horizon = timeline.horizon();
            self.marks.read(stream, horizon);
        }
    }

    pub(super) fn load_older(&mut self, stream: &Stream) {
        let Some(followed) = self.streams.get_mut(stream) else { return };
        if followed.cursor.phase != Phase::Live {
            return;
        }
        let Some(before) = followed.timeline_mut().and_then(|timeline| timeline.start_loading())
        else {
            return;
        };
        followed.fetching.push(Fetching::Older);
        followed.wants_older = true;
        let before = Some(before);
        let ch = stream.clone();
        self.send(&ClientFrame::Fetch(Fetch { ch, before, after: None, limit: SNAPSHOT_ITEMS }));
        self.set_timer(Timer::Page, Delay::exactly(PAGE_MS));
    }

    /// Asks again for the older messages that did not come.
    pub(super) fn older_due(&mut self) {
        let wanted: Vec<Stream> = self
            .streams
            .iter()
            .filter(|(_, followed)| followed.wants_older)
            .map(|(stream, _)| stream.clone())
            .collect();
        for stream in wanted {
            self.load_older(&stream);
        }
    }

    pub(super) fn end(&mut self, channel: ChannelSid) {
        if self.ending.begin(channel) {
            self.ask_end();
        }
    }

    /// Asks for the end, if it is wanted and nothing is on its way.
    pub(super) fn ask_end(&mut self) {
        let Some(token) = self.token.held().map(|held| held.token.clone()) else { return };
        let request = self.request();
        if let Some(channel) = self.ending.ask(request) {
            self.out.push(Effect::EndChannel { request, channel, token });
            self.set_timer(Timer::Ending, Delay::exactly(ending::ANSWER_MS));
        }
    }

    /// Forgets the chat. The disk is wiped too, unless another tab has done that.
    pub(super) fn forget(&mut self, with_disk: bool) {
        if matches!(self.profile, Profile::Agent { .. }) || self.screen == Screen::Idle {
            return;
        }
        self.hang_up(CloseCode::Normal);
        self.connection = Connection::Idle;
        if with_disk {
            self.wipe();
        } else {
            self.drop_chat();
        }
        self.screen = Screen::Form(FormState::default());
    }

    /// Takes the chat out of memory and off the disk.
    pub(super) fn wipe(&mut self) {
        let streams: Vec<Stream> = self.streams.keys().cloned().collect();
        for stream in &streams {
            for cid in self.outbox.take_all(stream) {
                self.out.push(Effect::ForgetEntry(cid));
            }
        }
        self.drop_chat();
        self.out.push(Effect::ForgetSession);
    }

    fn drop_chat(&mut self) {
        for (stream, _) in std::mem::take(&mut self.streams) {
            self.outbox.take_all(&stream);
            self.marks.forget(&stream);
            self.out.push(Effect::Changed(Notice::Gone(stream)));
        }
        self.token = Token::default();
        self.opening.forget();
        self.ending.forget();
        self.tries = super::connect::Tries::default();
        for timer in [
            Timer::Reconnect,
            Timer::Token,
            Timer::Opening,
            Timer::Ending,
            Timer::Linger,
            Timer::Refresh,
        ] {
            self.clear_timer(timer);
        }
    }
}
