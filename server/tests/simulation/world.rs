//! The scheduler: what happens next, and to whom.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use frontdesk_client::{Effect, Event, RequestId, Timer};
use frontdesk_protocol::{Identity, Millis, rest::TokenAnswer};
use frontdesk_server::chat::session;

use crate::{
    host::{Host, Work},
    net::{Link, Pipe},
    person::{Person, WALL},
    rng::Rng,
    store::{Store, stream},
};

/// A socket of a page of a person, as both sides and the network know it.
pub(crate) type ConnId = u64;

/// How bad it gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Faults {
    None,
    Network,
    All,
}

#[derive(Debug)]
pub(crate) enum What {
    Ring { person: usize, page: u64, timer: Timer, setting: u64 },
    Token { person: usize, page: u64, request: RequestId },
    Connect { conn: ConnId },
    Up { conn: ConnId, text: Option<String> },
    Down { conn: ConnId, pipe: Pipe },
    Tick { life: u64, conn: ConnId },
    Work { life: u64, conn: ConnId, work: Work },
    Boot,
    Act,
    Fault,
    Heal,
}

pub(crate) struct World {
    pub(crate) now: Millis,
    pub(crate) rng: Rng,
    pub(crate) store: Store,
    pub(crate) host: Host,
    pub(crate) people: Vec<Person>,
    pub(crate) links: BTreeMap<ConnId, Link>,
    pub(crate) faults: Faults,
    pub(crate) is_healed: bool,
    queue: BinaryHeap<Reverse<(Millis, u64)>>,
    what: BTreeMap<u64, What>,
    last: u64,
    pub(crate) messages: u64,
    /// `FRONTDESK_TRACE=1` writes down everything that happens.
    is_traced: bool,
}

/// Until then things go wrong, and people write.
const TROUBLE_MS: u64 = 150_000;
/// After that everything has to be in step within this.
const SETTLE_MS: u64 = 120_000;

impl World {
    pub(crate) fn new(seed: u64, faults: Faults) -> Self {
        let people = vec![Person::new("guest", true), Person::new("anna", false)];
        Self {
            now: Millis(1_000),
            rng: Rng::new(seed),
            store: Store::new(&people[0].identity, &people[1].identity),
            host: Host { is_up: true, ..Host::default() },
            people,
            links: BTreeMap::new(),
            faults,
            is_healed: false,
            queue: BinaryHeap::new(),
            what: BTreeMap::new(),
            last: 0,
            messages: 0,
            is_traced: std::env::var_os("FRONTDESK_TRACE").is_some(),
        }
    }

    pub(crate) fn run(mut self) {
        for person in 0..self.people.len() {
            self.load(person);
        }
        self.schedule(500, What::Act);
        if self.faults != Faults::None {
            self.schedule(2_000, What::Fault);
        }
        self.schedule(TROUBLE_MS, What::Heal);
        let end = self.now.plus(TROUBLE_MS + SETTLE_MS);
        while let Some(Reverse((at, order))) = self.queue.pop() {
            if at > end {
                break;
            }
            self.now = at;
            if let Some(what) = self.what.remove(&order) {
                self.happen(what);
            }
        }
        self.check_end();
    }

    pub(crate) const fn wall(&self) -> Millis {
        Millis(WALL + self.now.0)
    }

    pub(crate) const fn is_faulty(&self) -> bool {
        !self.is_healed && !matches!(self.faults, Faults::None)
    }

    pub(crate) fn schedule(&mut self, delay_ms: u64, what: What) {
        self.schedule_at(self.now.plus(delay_ms), what);
    }

    pub(crate) fn schedule_at(&mut self, at: Millis, what: What) {
        self.last += 1;
        self.what.insert(self.last, what);
        self.queue.push(Reverse((at.max(self.now), self.last)));
    }

    fn happen(&mut self, what: What) {
        if self.is_traced {
            eprintln!("{} {what:?}", self.now.0);
        }
        match what {
            What::Ring { person, page, timer, setting } => {
                let one = &mut self.people[person];
                if one.page == page && one.timers.get(&timer) == Some(&setting) {
                    one.timers.remove(&timer);
                    self.tell(person, Event::Timer(timer));
                }
            }
            What::Token { person, page, request } => self.give_token(person, page, request),
            What::Connect { conn } => self.connect(conn),
            What::Up { conn, text } => self.arrive_up(conn, text),
            What::Down { conn, pipe } => self.arrive_down(conn, pipe),
            What::Tick { life, conn } => {
                let it = self.host.conns.get(&conn);
                let at = it.and_then(|it| it.tick_at).filter(|at| *at <= self.now);
                if self.host.life == life && at.is_some() {
                    if let Some(it) = self.host.conns.get_mut(&conn) {
                        it.tick_at = None;
                    }
                    self.drive(conn, Some(session::Event::Tick));
                }
            }
            What::Work { life, conn, work } => {
                if self.host.life == life {
                    self.work_done(conn, work);
                }
            }
            What::Boot => self.host.is_up = true,
            What::Act => self.act(),
            What::Fault => self.fault(),
            What::Heal => self.heal(),
        }
    }

    /// Tells a person's client something, and carries out what it wants.
    pub(crate) fn tell(&mut self, person: usize, event: Event) {
        let effects = self.people[person].client.update(self.now, event);
        for effect in effects {
            self.carry_out(person, effect);
        }
        self.check_step(person);
    }

    pub(crate) fn load(&mut self, person: usize) {
        let wall = self.wall();
        self.people[person].hands.push(self.now);
        let event = self.people[person].load(wall);
        self.tell(person, event);
        if !self.people[person].is_guest {
            self.tell(person, Event::Follow { stream: stream() });
        }
    }

    fn carry_out(&mut self, person: usize, effect: Effect) {
        let page = self.people[person].page;
        match effect {
            Effect::FetchToken { request, .. } => {
                let delay_ms = self.rng.between(5, 400);
                self.schedule(delay_ms, What::Token { person, page, request });
            }
            Effect::OpenSocket { socket } => {
                self.last += 1;
                let conn = self.last;
                let latency_ms = self.rng.between(1, 200);
                self.people[person].socket = Some(socket);
                self.people[person].connects.push(self.now);
                self.links.insert(
                    conn,
                    Link {
                        person,
                        page,
                        socket,
                        up_dead: false,
                        down_dead: false,
                        up_at: self.now,
                        down_at: self.now,
                        latency_ms,
                    },
                );
                self.schedule(latency_ms, What::Connect { conn });
            }
            Effect::SendText { socket, text } => self.send_up(person, socket, Some(text)),
            Effect::CloseSocket { socket, .. } => {
                self.people[person].socket = None;
                self.send_up(person, socket, None);
            }
            Effect::SetTimer { timer, delay } => {
                let delay_ms = delay.draw(self.rng.jitter());
                self.last += 1;
                let setting = self.last;
                self.people[person].timers.insert(timer, setting);
                self.schedule(delay_ms, What::Ring { person, page, timer, setting });
            }
            Effect::ClearTimer(timer) => {
                self.people[person].timers.remove(&timer);
            }
            Effect::SaveSession(session) => self.people[person].session = Some(*session),
            Effect::SaveEntry(entry) => {
                assert!(entry.failed.is_none(), "nothing here is refused for good");
                self.people[person].outbox.insert(entry.cid, *entry);
            }
            Effect::ForgetEntry(cid) => {
                self.check_forgotten(person, cid);
                self.people[person].outbox.remove(&cid);
            }
            Effect::Changed(_) | Effect::Report(_) => {}
            Effect::CreateChannel(_)
            | Effect::EndChannel { .. }
            | Effect::FetchLink { .. }
            | Effect::OpenLink(_)
            | Effect::ForgetSession => {
                panic!("nobody asked for {effect:?}")
            }
        }
    }

    fn give_token(&mut self, person: usize, page: u64, request: RequestId) {
        if self.people[person].page != page {
            return;
        }
        let is_reached = self.host.is_up && self.people[person].is_online;
        let result = if is_reached {
            let identity: Identity = self.people[person].identity.clone();
            Ok(TokenAnswer {
                token: format!("{identity}@{}", self.wall().0 + 240_000),
                identity,
                roles: vec!["any".into()],
                expiration: String::new(),
                ttl: 240,
                secret: Some("secret".into()),
            })
        } else {
            Err(frontdesk_client::Failure::unreachable())
        };
        self.tell(person, Event::TokenAnswered { request, result });
    }
}
