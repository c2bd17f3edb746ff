//! What people do, and what goes wrong.

use frontdesk_client::Event;
use frontdesk_protocol::{Cid, CloseCode, attributes::Attributes};
use frontdesk_server::chat::session;

use crate::{
    net::{Link, Pipe},
    store::stream,
    world::{ConnId, Faults, What, World},
};

impl World {
    /// Somebody does something.
    pub(crate) fn act(&mut self) {
        if self.is_healed {
            return;
        }
        let person = self.rng.between(0, 1) as usize;
        match self.rng.between(0, 9) {
            0..=5 => {
                // Bursts too: more than may be on their way at once.
                let count = if self.rng.once_in(8) { self.rng.between(2, 60) } else { 1 };
                for _ in 0..count {
                    self.write(person);
                }
            }
            6 => self.tell(person, Event::Keystroke { stream: stream() }),
            7 => {
                let rows = self.people[person].client.timeline(&stream());
                let seq =
                    rows.and_then(|timeline| timeline.rows().iter().rev().find_map(|r| r.seq));
                if let Some(seq) = seq {
                    self.tell(person, Event::ReadUpTo { stream: stream(), seq });
                }
            }
            8 => self.tell(person, Event::LoadOlder { stream: stream() }),
            _ => {
                let (at, redact) = (self.rng.next(), self.rng.once_in(2));
                if self.host.is_up {
                    let event = self.store.amend(self.wall(), at, redact);
                    self.publish(event);
                }
            }
        }
        let pause_ms = self.rng.between(50, 6_000);
        self.schedule(pause_ms, What::Act);
    }

    fn write(&mut self, person: usize) {
        self.messages += 1;
        let cid = Cid(u128::from(self.messages));
        let before = self.people[person].outbox.len();
        let body = format!("message {}", self.messages);
        let attributes = Attributes::new();
        self.tell(person, Event::Compose { stream: stream(), body, cid, attributes });
        // Nothing can be written before there is a timeline to write into.
        if self.people[person].outbox.len() > before {
            self.people[person].written.push(cid);
        }
    }

    pub(crate) fn fault(&mut self) {
        if self.is_healed {
            return;
        }
        let most = if self.faults == Faults::All { 12 } else { 7 };
        let person = self.rng.between(0, 1) as usize;
        let conns: Vec<ConnId> = self.links.keys().copied().collect();
        let pick = self.rng.next() as usize % conns.len().max(1);
        let conn = conns.get(pick).copied();
        match (self.rng.between(0, most), conn) {
            (0 | 1, Some(conn)) => {
                self.send_down(conn, Pipe::Close(CloseCode::Other(1006)));
                self.drive(conn, Some(session::Event::Gone));
            }
            (2, Some(conn)) => {
                self.link(conn, |link| (link.up_dead, link.down_dead) = (true, true))
            }
            (3, Some(conn)) => self.link(conn, |link| link.up_dead = true),
            (4, Some(conn)) => self.link(conn, |link| link.down_dead = true),
            (5, Some(conn)) => {
                let stall_ms = self.rng.between(1_000, 20_000);
                self.link(conn, |link| {
                    link.up_at = link.up_at.plus(stall_ms);
                    link.down_at = link.down_at.plus(stall_ms);
                });
            }
            (6, _) => {
                let online = !self.people[person].is_online;
                self.people[person].is_online = online;
                self.people[person].hands.push(self.now);
                self.tell(person, if online { Event::Online } else { Event::Offline });
            }
            (7, _) => {
                let away = !self.people[person].is_away;
                self.people[person].is_away = away;
                self.people[person].hands.push(self.now);
                self.tell(person, if away { Event::PageHide } else { Event::PageShow });
            }
            (8 | 9, _) if self.host.is_up => self.kill(),
            (10, _) => self.load(person),
            (11, _) if self.host.is_up => self.drain(),
            (12, _) if self.host.is_up => {
                // A restore: the same history under another epoch.
                self.store.epoch += 1;
                self.kill();
            }
            (_, _) => {}
        }
        let pause_ms = self.rng.between(100, 15_000);
        self.schedule(pause_ms, What::Fault);
    }

    fn link(&mut self, conn: ConnId, change: impl FnOnce(&mut Link)) {
        if let Some(link) = self.links.get_mut(&conn) {
            change(link);
        }
    }

    /// From now on nothing goes wrong any more. Black holes stay: those have to be found.
    pub(crate) fn heal(&mut self) {
        self.is_healed = true;
        for person in 0..self.people.len() {
            let one = &mut self.people[person];
            one.is_online = true;
            one.is_away = false;
            one.hands.push(self.now);
            for event in [Event::Online, Event::PageShow, Event::Visible] {
                self.tell(person, event);
            }
        }
    }
}
