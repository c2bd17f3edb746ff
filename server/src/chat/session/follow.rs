//! Which streams a connection follows, and how far each is.

use frontdesk_protocol::{
    Cid, CloseCode, Event, Identity, Millis, Stream,
    event::EventKind,
    frame::{Followed, Mode, Nack, NackCode, ServerFrame, StreamRef, Welcome},
    limits::STREAMS,
};
use serde::Serialize;

use super::{Effect, Phase, Session, Unreadable};
use crate::{live::Published, storage::Head};

/// One stream of a connection.
#[derive(Debug)]
pub(super) struct Follow {
    pub(super) id: Stream,
    /// Tells answers to this subscription from answers to one before it.
    pub(super) ticket: u32,
    pub(super) state: State,
    /// The cursor: the position that is sent next.
    pub(super) next: u64,
    /// The newest position that is known.
    pub(super) head: u64,
    /// Events were passed over: however it looks, the store has to be read once more.
    pub(super) passed_over: bool,
    /// A message was sent back for now: those behind it are too, until it comes again, because one
    /// sender's messages keep their order.
    pub(super) held: Option<Held>,
}

/// How far a stream is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// Being looked up; this is what the client asked for.
    Opening(StreamRef),
    /// Looked up, in a `hello` whose other streams are not yet.
    Known(Head, Mode),
    /// A snapshot is due.
    Snapshot,
    /// Events from `next` on are due, then `live`.
    Replaying,
    /// What comes is sent.
    Live,
    /// Too much came at once: as `Replaying`, but the client has been live.
    Lagging,
}

/// See [`Follow::held`].
///
/// No clock ends it: frames that were sent before the client knew can be late without limit. What
/// the client sends again tells that it knows, and if that is not the message itself, it has been
/// given up.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) cid: Cid,
    /// Its arrival: those before it are not held back by it.
    pub(super) arrival: u64,
    /// Those that were sent back because of it.
    pub(super) behind: Vec<Cid>,
}

impl Held {
    /// More are not behind one message of an honest client, which leaves few unanswered.
    pub(super) const BEHIND: usize = 64;

    /// Whether a message that arrives now has to wait for this one.
    pub(super) fn keeps_back(&self, cid: Cid) -> bool {
        cid != self.cid && !self.behind.contains(&cid) && self.behind.len() < Self::BEHIND
    }
}

impl Follow {
    /// Whether the client may speak here.
    pub(super) const fn is_live(&self) -> bool {
        matches!(self.state, State::Live | State::Lagging)
    }

    /// Whether the right to it was checked.
    pub(super) const fn is_open(&self) -> bool {
        !matches!(self.state, State::Opening(_))
    }
}

/// All streams of a connection: few, so they are simply looked through.
#[derive(Debug, Default)]
pub(super) struct Streams {
    all: Vec<Follow>,
    last_ticket: u32,
}

impl Streams {
    pub(super) fn get(&mut self, id: &Stream) -> Option<&mut Follow> {
        self.all.iter_mut().find(|follow| follow.id == *id)
    }

    /// The subscription an answer belongs to, if it still stands.
    pub(super) fn answered(&mut self, id: &Stream, ticket: u32) -> Option<&mut Follow> {
        self.get(id).filter(|follow| follow.ticket == ticket)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Follow> {
        self.all.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Follow> {
        self.all.iter_mut()
    }

    fn remove(&mut self, id: &Stream) -> bool {
        let before = self.all.len();
        self.all.retain(|follow| follow.id != *id);
        self.all.len() < before
    }

    /// Opens a stream, or opens it again from another position. The ticket of the look-up.
    fn open(&mut self, wanted: StreamRef) -> u32 {
        self.last_ticket = self.last_ticket.wrapping_add(1);
        let (ticket, id) = (self.last_ticket, wanted.id.clone());
        let state = State::Opening(wanted);
        match self.get(&id) {
            Some(follow) => {
                follow.ticket = ticket;
                follow.state = state;
            }
            None => self.all.push(Follow {
                id,
                ticket,
                state,
                next: 1,
                head: 0,
                passed_over: false,
                held: None,
            }),
        }
        ticket
    }
}

impl Session {
    /// Begins to follow; too many streams are refused one by one.
    pub(super) fn follow(&mut self, wanted: Vec<StreamRef>) {
        for wanted in wanted {
            let id = wanted.id.clone();
            if self.streams.get(&id).is_none() && self.streams.all.len() >= STREAMS {
                self.nack_stream(id, NackCode::Forbidden, false);
                continue;
            }
            let ticket = self.streams.open(wanted);
            self.effects.push(Effect::Follow { ticket, stream: id });
        }
    }

    pub(super) fn unfollow(&mut self, id: &Stream) {
        if self.streams.remove(id) {
            self.effects.push(Effect::Unfollow { stream: id.clone() });
        }
    }

    /// The right to a stream ended, or it is gone: nothing more of it is handed out.
    pub(super) fn lose(&mut self, id: &Stream) {
        if self.streams.get(id).is_none() {
            return;
        }
        self.unfollow(id);
        match self.phase {
            Phase::Opening { .. } => self.lost.push(id.clone()),
            Phase::Upgraded { .. } | Phase::Verifying { .. } | Phase::Open | Phase::Closed => {
                self.nack_stream(id.clone(), NackCode::NotFound, false);
            }
        }
    }

    fn nack_stream(&mut self, id: Stream, code: NackCode, retry: bool) {
        self.nack(Nack { cid: None, ch: Some(id), code, retry, after: None });
    }

    /// A stream was looked up.
    pub(super) fn followed(
        &mut self,
        now: Millis,
        ticket: u32,
        id: &Stream,
        head: Result<Head, Unreadable>,
    ) {
        let in_hello = matches!(self.phase, Phase::Opening { .. });
        let Some(follow) = self.streams.answered(id, ticket) else { return };
        let State::Opening(wanted) = &follow.state else { return };
        match head {
            Ok(head) => {
                let mode = mode(wanted, &self.settings.epoch, head);
                let seq = wanted.seq.unwrap_or(0);
                follow.head = follow.head.max(head.head);
                follow.next = seq.saturating_add(1);
                follow.state = if in_hello { State::Known(head, mode) } else { State::after(mode) };
            }
            Err(Unreadable::NotFound) => self.lose(id),
            Err(Unreadable::Unavailable) if in_hello => {
                self.close(CloseCode::TryLater, "the store cannot be read now");
            }
            Err(Unreadable::Unavailable) => {
                self.unfollow(id);
                self.nack_stream(id.clone(), NackCode::Unavailable, true);
            }
        }
        self.welcome_if_ready(now);
    }

    /// Welcomes the client once all streams of its `hello` are looked up.
    pub(super) fn welcome_if_ready(&mut self, now: Millis) {
        let Phase::Opening { wall, .. } = self.phase else { return };
        if self.streams.iter().any(|follow| !follow.is_open()) {
            return;
        }
        let Some(token) = &self.token else { return };
        let mut ch = Vec::new();
        for follow in self.streams.iter_mut() {
            if let State::Known(head, mode) = follow.state {
                let Head { head, oldest } = head;
                let epoch = self.settings.epoch.clone();
                ch.push(Followed { id: follow.id.clone(), epoch, head, oldest, mode });
                follow.state = State::after(mode);
            }
        }
        let welcome = Welcome {
            conn: self.conn.clone(),
            now: wall,
            hb: self.settings.heartbeat_ms,
            pong: self.settings.pong_ms,
            limits: self.settings.limits,
            exp: token.exp(),
            me: token.party().identity.clone(),
            ch,
        };
        self.phase = Phase::Open;
        self.heart.start(now, self.settings.heartbeat_ms);
        self.send(&ServerFrame::Welcome(welcome));
        for id in std::mem::take(&mut self.lost) {
            self.nack_stream(id, NackCode::NotFound, false);
        }
        if self.streams.all.is_empty() && self.asked_for_streams {
            self.close(CloseCode::ChannelGone, "none of the streams is there for you");
        }
    }

    /// A new event of a stream. The one cursor decides.
    pub(super) fn published(&mut self, stream: &Stream, event: &Published) {
        let Some(follow) = self.streams.get(stream) else { return };
        let seq = event.seq;
        follow.head = follow.head.max(seq);
        if follow.state != State::Live || seq < follow.next {
            return;
        }
        let text = event.chat1_frame(|event| ev_frame(stream, event).into());
        if seq > follow.next || !self.queue.fits_event(text.len()) {
            // Something was lost on the way, or there is no room: the store has it.
            follow.state = State::Lagging;
            return;
        }
        follow.next = seq + 1;
        self.send_text(text);
        let leaves = match &event.kind {
            EventKind::Leave { identity } => self.is_me(identity),
            EventKind::Msg { .. }
            | EventKind::Edit { .. }
            | EventKind::Redact { .. }
            | EventKind::Join { .. }
            | EventKind::Member { .. }
            | EventKind::Status { .. }
            | EventKind::Attributes { .. }
            | EventKind::Read { .. }
            | EventKind::Seen { .. }
            | EventKind::Task { .. }
            | EventKind::Membership { .. }
            | EventKind::Unknown {} => false,
        };
        if leaves {
            self.lose(stream);
        }
    }

    /// Events were passed over on their way here.
    pub(super) fn lagging(&mut self, stream: &Stream) {
        let Some(follow) = self.streams.get(stream) else { return };
        follow.passed_over = true;
        if follow.state == State::Live {
            follow.state = State::Lagging;
        }
    }

    pub(super) fn is_me(&self, identity: &Identity) -> bool {
        self.token.as_ref().is_some_and(|token| token.party().identity == *identity)
    }

    pub(super) fn somebody_types(&mut self, stream: Stream, who: Identity, on: bool) {
        let live = self.streams.get(&stream).is_some_and(|follow| follow.is_live());
        if live && !self.is_me(&who) && self.queue.has_room_for_ephemeral() {
            self.send(&ServerFrame::Typing { ch: stream, who, on });
        }
    }
}

impl State {
    const fn after(mode: Mode) -> Self {
        match mode {
            Mode::Resume => Self::Replaying,
            Mode::Reset => Self::Snapshot,
        }
    }
}

/// A position is resumed if it is of this store and all that follows it is still kept.
fn mode(wanted: &StreamRef, epoch: &str, head: Head) -> Mode {
    let Some(seq) = wanted.seq else { return Mode::Reset };
    let same_epoch = wanted.epoch.as_deref() == Some(epoch);
    let kept = head.oldest.saturating_sub(1) <= seq && seq <= head.head;
    if same_epoch && kept { Mode::Resume } else { Mode::Reset }
}

/// [`ServerFrame::Ev`] of an event that is shared, and therefore only borrowed.
fn ev_frame(ch: &Stream, event: &Event) -> Vec<u8> {
    #[derive(Serialize)]
    struct Ev<'a> {
        t: &'static str,
        ch: &'a Stream,
        #[serde(flatten)]
        event: &'a Event,
    }
    serde_json::to_vec(&Ev { t: "ev", ch, event }).expect("an event has only string keys")
}
