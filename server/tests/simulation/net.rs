//! The network: ordered like TCP, late, cut, stalled, and sometimes a black hole.

use frontdesk_client::{Event, SocketId};
use frontdesk_protocol::{CloseCode, Millis};
use frontdesk_server::chat::session;

use crate::world::{ConnId, What, World};

/// What travels from the server to a client.
#[derive(Debug)]
pub(crate) enum Pipe {
    Text(String),
    Close(CloseCode),
}

/// A connection as the network has it.
pub(crate) struct Link {
    pub(crate) person: usize,
    pub(crate) page: u64,
    pub(crate) socket: SocketId,
    /// A black hole swallows a direction and tells nobody.
    pub(crate) up_dead: bool,
    pub(crate) down_dead: bool,
    /// Nothing overtakes: the moment the last thing arrives.
    pub(crate) up_at: Millis,
    pub(crate) down_at: Millis,
    pub(crate) latency_ms: u64,
}

impl World {
    pub(crate) fn send_up(&mut self, person: usize, socket: SocketId, text: Option<String>) {
        let page = self.people[person].page;
        let found = self
            .links
            .iter_mut()
            .find(|(_, link)| (link.person, link.page, link.socket) == (person, page, socket));
        let Some((conn, link)) = found else { return };
        let conn = *conn;
        link.up_at = link.up_at.max(self.now.plus(link.latency_ms));
        let at = link.up_at;
        self.schedule_at(at, What::Up { conn, text });
    }

    pub(crate) fn send_down(&mut self, conn: ConnId, pipe: Pipe) {
        let Some(link) = self.links.get_mut(&conn) else { return };
        link.down_at = link.down_at.max(self.now.plus(link.latency_ms));
        let at = link.down_at;
        self.schedule_at(at, What::Down { conn, pipe });
    }

    pub(crate) fn connect(&mut self, conn: ConnId) {
        let Some(link) = self.links.get(&conn) else { return };
        let (person, page, socket) = (link.person, link.page, link.socket);
        if self.people[person].page != page || self.people[person].socket != Some(socket) {
            self.links.remove(&conn);
        } else if self.host.is_up && self.people[person].is_online {
            self.accept(conn);
            self.tell(person, Event::SocketOpened { socket });
        } else {
            self.links.remove(&conn);
            self.people[person].socket = None;
            self.tell(person, Event::SocketClosed { socket, code: CloseCode::Other(1006) });
        }
    }

    pub(crate) fn arrive_up(&mut self, conn: ConnId, text: Option<String>) {
        if self.links.get(&conn).is_none_or(|link| link.up_dead) {
            return;
        }
        match (text, self.host.conns.get_mut(&conn)) {
            (Some(text), Some(it)) => {
                it.inbox.push_back(text);
                self.drive(conn, None);
            }
            (None, _) => {
                self.drive(conn, Some(session::Event::Gone));
                self.links.remove(&conn);
            }
            // The process it spoke to is gone: the kernel says so.
            (Some(_), None) => self.send_down(conn, Pipe::Close(CloseCode::Other(1006))),
        }
    }

    pub(crate) fn arrive_down(&mut self, conn: ConnId, pipe: Pipe) {
        let Some(link) = self.links.get(&conn) else { return };
        let (person, socket, len) = (
            link.person,
            link.socket,
            match &pipe {
                Pipe::Text(text) => text.len(),
                Pipe::Close(_) => 0,
            },
        );
        let is_heard = !link.down_dead
            && self.people[person].page == link.page
            && self.people[person].socket == Some(socket);
        match pipe {
            Pipe::Text(text) => {
                if !link.down_dead {
                    let flushed = session::Event::Flushed { frames: 1, bytes: len };
                    self.drive(conn, Some(flushed));
                }
                if is_heard {
                    self.check_frame(person, &text);
                    self.tell(person, Event::Received { socket, text });
                }
            }
            Pipe::Close(code) if is_heard => {
                self.links.remove(&conn);
                self.people[person].socket = None;
                self.tell(person, Event::SocketClosed { socket, code });
            }
            Pipe::Close(_) => {}
        }
    }
}
