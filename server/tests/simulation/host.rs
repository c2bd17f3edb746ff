//! The server's process: sessions, and what they ask of the store and of each other.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
};

use frontdesk_protocol::{CloseCode, Event as LogEvent, Identity, Millis, Stream, id::AccountSid};
use frontdesk_server::{
    chat::session::{Effect, Event, Grant, Session, Settings, TokenRefusal},
    live::Published,
    storage::{Party, PartyKind},
};

use crate::{
    net::Pipe,
    store::{Store, stream, user},
    world::{ConnId, What, World},
};

/// A connection as the server has it.
pub(crate) struct Conn {
    pub(crate) session: Session,
    pub(crate) party: Option<Party>,
    pub(crate) verified: Option<Party>,
    /// Streams it is subscribed to.
    pub(crate) subs: BTreeSet<Stream>,
    /// Frames that arrived and are not read yet.
    pub(crate) inbox: VecDeque<String>,
    /// The deadline a tick is scheduled for.
    pub(crate) tick_at: Option<Millis>,
}

/// The process. A kill takes all of it.
#[derive(Default)]
pub(crate) struct Host {
    pub(crate) is_up: bool,
    /// Counts starts: work of a process that is gone is never done.
    pub(crate) life: u64,
    pub(crate) conns: BTreeMap<ConnId, Conn>,
}

/// Work that takes a while: the store's, the signature's, the hints'.
#[derive(Debug)]
pub(crate) enum Work {
    Verify(String),
    Do(Effect),
    Answer(Box<Event>),
}

impl World {
    pub(crate) fn accept(&mut self, conn: ConnId) {
        let settings = Settings { epoch: self.store.epoch(), ..Settings::default() };
        let jitter = self.rng.jitter();
        let session = Session::new(self.now, Arc::new(settings), conn.to_string(), jitter);
        self.host.conns.insert(
            conn,
            Conn {
                session,
                party: None,
                verified: None,
                subs: BTreeSet::new(),
                inbox: VecDeque::new(),
                tick_at: None,
            },
        );
        self.drive(conn, None);
    }

    /// Lets the session of a connection take an event, reads on as it wants, and does what it asks.
    pub(crate) fn drive(&mut self, id: ConnId, event: Option<Event>) {
        let mut next = event;
        loop {
            let Some(conn) = self.host.conns.get_mut(&id) else { return };
            let event = match next.take() {
                Some(event) => event,
                None if conn.session.wants_frames() => match conn.inbox.pop_front() {
                    Some(text) => Event::Text(text),
                    None => break,
                },
                None => break,
            };
            let effects = conn.session.update(self.now, event);
            let (frames, bytes) = conn.session.queued();
            assert!(frames <= 257 && bytes <= 600_000, "I12: {frames} frames, {bytes} bytes");
            for effect in effects {
                self.host_effect(id, effect);
            }
        }
        let Some(conn) = self.host.conns.get_mut(&id) else { return };
        if conn.session.is_closed() {
            self.host.conns.remove(&id);
        } else if let Some(at) = conn.session.deadline().filter(|at| conn.tick_at != Some(*at)) {
            conn.tick_at = Some(at);
            let life = self.host.life;
            self.schedule_at(at, What::Tick { life, conn: id });
        }
    }

    fn host_effect(&mut self, id: ConnId, effect: Effect) {
        match effect {
            Effect::Send(bytes) => {
                let text = String::from_utf8(bytes.to_vec()).expect("frames are text");
                self.send_down(id, Pipe::Text(text));
            }
            Effect::Close { code, .. } => self.send_down(id, Pipe::Close(code)),
            Effect::Verify { token } => self.work(id, Work::Verify(token), 1, 8),
            Effect::Adopt => {
                if let Some(conn) = self.host.conns.get_mut(&id) {
                    conn.party = conn.verified.take();
                }
            }
            Effect::Follow { ref stream, .. } => {
                if let Some(conn) = self.host.conns.get_mut(&id) {
                    conn.subs.insert(stream.clone());
                }
                self.work(id, Work::Do(effect), 0, 20);
            }
            Effect::Unfollow { stream } => {
                if let Some(conn) = self.host.conns.get_mut(&id) {
                    conn.subs.remove(&stream);
                }
            }
            Effect::Type { on, .. } => {
                let who = self.party(id);
                let others: Vec<ConnId> =
                    self.host.conns.keys().filter(|other| **other != id).copied().collect();
                for other in others {
                    let event = Event::Typing { stream: stream(), who: who.clone(), on };
                    self.work(other, Work::Answer(Box::new(event)), 0, 50);
                }
            }
            Effect::ReadSnapshot { .. }
            | Effect::ReadEvents { .. }
            | Effect::ReadPage { .. }
            | Effect::Recheck { .. } => self.work(id, Work::Do(effect), 0, 30),
            // A commit: gathered, written, flushed.
            Effect::Say { .. } | Effect::Move { .. } => self.work(id, Work::Do(effect), 1, 60),
        }
    }

    fn party(&self, id: ConnId) -> Identity {
        let party = self.host.conns.get(&id).and_then(|conn| conn.party.clone());
        party.expect("an adopted party").identity
    }

    fn work(&mut self, conn: ConnId, work: Work, least_ms: u64, most_ms: u64) {
        let life = self.host.life;
        let delay_ms = self.rng.between(least_ms, most_ms);
        self.schedule(delay_ms, What::Work { life, conn, work });
    }

    /// Work is done: the store is read or written now, the answer takes another while.
    pub(crate) fn work_done(&mut self, id: ConnId, work: Work) {
        // Of a connection that is gone nobody is told, and a commit that was not begun is not.
        if !self.host.conns.contains_key(&id) {
            return;
        }
        let event = match work {
            Work::Answer(event) => return self.drive(id, Some(*event)),
            Work::Verify(token) => self.verify(id, &token),
            Work::Do(effect) => match self.do_effect(id, effect) {
                Some(event) => event,
                None => return,
            },
        };
        self.work(id, Work::Answer(Box::new(event)), 0, 15);
    }

    fn verify(&mut self, id: ConnId, token: &str) -> Event {
        let wall = self.wall();
        let Some((name, exp)) = token.split_once('@') else {
            return Event::Verified(Err(TokenRefusal::Refused));
        };
        let exp = Millis(exp.parse().expect("an end"));
        if exp.0 <= wall.0 {
            return Event::Verified(Err(TokenRefusal::Expired));
        }
        let kind = if name == "guest" { PartyKind::Guest } else { PartyKind::Agent };
        let identity = Identity::parse(name).expect("a plain name");
        let party = Party { account: AccountSid::from_bits(1), identity, kind };
        if let Some(conn) = self.host.conns.get_mut(&id) {
            conn.verified = Some(party.clone());
        }
        Event::Verified(Ok(Grant { party, exp, wall }))
    }

    fn do_effect(&mut self, id: ConnId, effect: Effect) -> Option<Event> {
        let wall = self.wall();
        let store: &mut Store = &mut self.store;
        Some(match effect {
            Effect::Follow { ticket, stream } => {
                let head = Ok(store.head(&stream));
                Event::Followed { ticket, stream, head }
            }
            Effect::ReadSnapshot { ticket, stream } => {
                let snapshot = Ok(Box::new(store.snapshot(&stream)));
                Event::SnapshotRead { ticket, stream, snapshot }
            }
            Effect::ReadEvents { ticket, stream, after } => {
                let events = Ok(store.events(&stream, after));
                Event::EventsRead { ticket, stream, events }
            }
            Effect::ReadPage { from, limit, .. } => Event::PageRead(Ok(store.page(from, limit))),
            Effect::Recheck { .. } => {
                let heads = [stream(), user()];
                Event::Rechecked(Ok(heads.map(|id| (id.clone(), store.head(&id).head)).into()))
            }
            Effect::Say { cid, body, .. } => {
                let author = self.party(id);
                let (said, event) = self.store.say(wall, &author, cid, body.as_str());
                // Acknowledged first, then told to others: both later than the flush.
                self.publish(event);
                Event::Committed(Ok(said))
            }
            Effect::Move { mark, seq, .. } => {
                let who = self.party(id);
                let event = self.store.mark(wall, &who, mark, seq);
                self.publish(event);
                Event::Marked
            }
            Effect::Verify { .. }
            | Effect::Adopt
            | Effect::Unfollow { .. }
            | Effect::Type { .. }
            | Effect::Send(_)
            | Effect::Close { .. } => return None,
        })
    }

    /// Hints to everybody who listens: late, doubled, out of order, or not at all.
    pub(crate) fn publish(&mut self, event: Option<LogEvent>) {
        let Some(event) = event.map(|event| Published::new(Arc::new(event))) else { return };
        let listening: Vec<ConnId> = self
            .host
            .conns
            .iter()
            .filter(|(_, conn)| conn.subs.contains(&stream()))
            .map(|(id, _)| *id)
            .collect();
        for id in listening {
            let times = if !self.is_faulty() || !self.rng.once_in(10) {
                1
            } else {
                // Lost, told as lost, or twice.
                match self.rng.between(0, 2) {
                    0 => 0,
                    1 => {
                        let event = Event::Lagging { stream: stream() };
                        self.work(id, Work::Answer(Box::new(event)), 0, 40);
                        0
                    }
                    _ => 2,
                }
            };
            for _ in 0..times {
                let event = Event::Published { stream: stream(), event: Arc::clone(&event) };
                self.work(id, Work::Answer(Box::new(event)), 0, 40);
            }
        }
    }

    /// `kill -9`: what is on the store stays, everything else is gone.
    pub(crate) fn kill(&mut self) {
        self.host.is_up = false;
        self.host.life += 1;
        let gone: Vec<ConnId> = std::mem::take(&mut self.host.conns).into_keys().collect();
        for id in gone {
            // The kernel closes what it can; a machine that dies says nothing.
            if !self.rng.once_in(4) {
                self.send_down(id, Pipe::Close(CloseCode::Other(1006)));
            }
        }
        let down_ms = self.rng.between(100, 8_000);
        self.schedule(down_ms, What::Boot);
    }

    /// SIGTERM: everybody is told, then closed.
    pub(crate) fn drain(&mut self) {
        let all: Vec<ConnId> = self.host.conns.keys().copied().collect();
        for id in all {
            let after_ms = self.rng.between(0, 5_000);
            self.drive(id, Some(Event::Drain { after_ms }));
            let event = Event::Shut { code: CloseCode::Restart, reason: "the server restarts" };
            self.work(id, Work::Answer(Box::new(event)), 500, 4_000);
        }
    }
}
