//! The log on disk: survives every kill. Folded by the server's own fold.

use std::collections::BTreeMap;

use frontdesk_protocol::{
    ChannelSid, Cid, Event, EventKind, Identity, MessageSid, Millis, Stream, UserSid,
    attributes::Attributes,
    frame::FetchFrom,
    limits::SNAPSHOT_ITEMS,
    state::{Member, Message, Role},
};
use frontdesk_server::storage::{Events, Head, Mark, MessagePage, Said, Snapshot, fold::Fold};

/// Items of one piece of replay: few, so that replays have several pieces.
const REPLAY_ITEMS: usize = 7;

#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) epoch: u64,
    logs: BTreeMap<Stream, Vec<Event>>,
    /// What each log comes to, kept beside it as tables are.
    folds: BTreeMap<Stream, Fold>,
}

pub(crate) fn channel() -> ChannelSid {
    ChannelSid::from_bits(1)
}

pub(crate) fn stream() -> Stream {
    Stream::Channel(channel())
}

pub(crate) fn user() -> Stream {
    Stream::User(UserSid::from_bits(1))
}

fn member(identity: &Identity, role: Role) -> Member {
    Member {
        identity: identity.clone(),
        role,
        name: identity.to_string(),
        seen: 0,
        read: 0,
        left: false,
        attributes: Attributes::new(),
    }
}

impl Store {
    /// A channel with a guest and an agent in it.
    pub(crate) fn new(guest: &Identity, agent: &Identity) -> Self {
        let mut store = Self { epoch: 1, logs: BTreeMap::new(), folds: BTreeMap::new() };
        let name = "Chat".to_owned();
        let kind = EventKind::Attributes { name, attributes: Attributes::new() };
        store.append(&stream(), Millis(1), None, kind);
        for (identity, role) in [(guest, Role::Guest), (agent, Role::Agent)] {
            let kind = EventKind::Join { member: member(identity, role) };
            store.append(&stream(), Millis(1), None, kind);
        }
        let kind = EventKind::Membership { channel: channel(), joined: true };
        store.append(&user(), Millis(1), None, kind);
        store
    }

    pub(crate) fn epoch(&self) -> String {
        format!("e{}", self.epoch)
    }

    pub(crate) fn log(&self, stream: &Stream) -> &[Event] {
        self.logs.get(stream).map_or(&[], Vec::as_slice)
    }

    fn append(
        &mut self,
        stream: &Stream,
        ts: Millis,
        author: Option<Identity>,
        kind: EventKind,
    ) -> Event {
        let log = self.logs.entry(stream.clone()).or_default();
        let event = Event { seq: log.len() as u64 + 1, ts, author, kind };
        log.push(event.clone());
        self.folds.entry(stream.clone()).or_insert_with(Fold::empty).apply(stream, &event);
        event
    }

    /// The channel as it is.
    pub(crate) fn chat(&self) -> &Fold {
        &self.folds[&stream()]
    }

    /// Brings a fold of the channel to a position.
    pub(crate) fn bring(&self, fold: &mut Fold, position: u64) {
        if position < fold.seq {
            *fold = Fold::empty();
        }
        let new = self.log(&stream()).iter().skip(fold.seq as usize);
        for event in new.take_while(|event| event.seq <= position) {
            fold.apply(&stream(), event);
        }
    }

    /// Stores a message, or finds it stored.
    pub(crate) fn say(
        &mut self,
        ts: Millis,
        author: &Identity,
        cid: Cid,
        body: &str,
    ) -> (Said, Option<Event>) {
        let mut index = 0;
        for event in self.log(&stream()) {
            if let EventKind::Msg { cid: known, index: at, .. } = &event.kind {
                if *known == Some(cid) && event.author.as_ref() == Some(author) {
                    let said = Said { seq: event.seq, index: *at, ts: event.ts, dup: true };
                    return (said, None);
                }
                index += 1;
            }
        }
        let sid = MessageSid::from_bits(u128::from(index) + 1);
        let (body, attributes) = (body.to_owned(), Attributes::new());
        let kind = EventKind::Msg { sid, index, cid: Some(cid), body, media: None, attributes };
        let event = self.append(&stream(), ts, Some(author.clone()), kind);
        (Said { seq: event.seq, index, ts, dup: false }, Some(event))
    }

    /// Moves a mark forward, if it moves.
    pub(crate) fn mark(
        &mut self,
        ts: Millis,
        who: &Identity,
        mark: Mark,
        seq: u64,
    ) -> Option<Event> {
        let fold = self.chat();
        let target = fold.messages.iter().rev().find(|message| message.seq <= seq)?.seq;
        let member = fold.state.members.iter().find(|member| member.identity == *who)?;
        let identity = who.clone();
        let kind = match mark {
            Mark::Seen if target > member.seen => EventKind::Seen { identity, target },
            Mark::Read if target > member.read => EventKind::Read { identity, target },
            Mark::Seen | Mark::Read => return None,
        };
        Some(self.append(&stream(), ts, Some(who.clone()), kind))
    }

    /// An edit or a redaction, as it comes by HTTP.
    pub(crate) fn amend(&mut self, ts: Millis, at: u64, redact: bool) -> Option<Event> {
        let messages = &self.chat().messages;
        let message: &Message = messages.get(at as usize % messages.len().max(1))?;
        let target = message.seq;
        if message.redacted {
            return None;
        }
        let kind = if redact {
            EventKind::Redact { target }
        } else {
            let body = format!("{} (edited)", message.body);
            EventKind::Edit { target, body, attributes: Attributes::new() }
        };
        Some(self.append(&stream(), ts, None, kind))
    }

    pub(crate) fn head(&self, stream: &Stream) -> Head {
        Head { head: self.log(stream).len() as u64, oldest: 1 }
    }

    pub(crate) fn snapshot(&self, stream: &Stream) -> Snapshot {
        let Fold { seq, state, messages } = self.folds[stream].clone();
        let from = messages.len().saturating_sub(SNAPSHOT_ITEMS / 5);
        Snapshot { seq, state, items: messages[from..].to_vec(), more: from > 0 }
    }

    pub(crate) fn events(&self, stream: &Stream, after: u64) -> Events {
        let log = self.log(stream);
        let from = log.len().min(after as usize);
        let to = log.len().min(from + REPLAY_ITEMS);
        Events { items: log[from..to].to_vec(), more: to < log.len() }
    }

    pub(crate) fn page(&self, from: FetchFrom, limit: usize) -> MessagePage {
        let messages = self.chat().messages.clone();
        let fits: Vec<Message> = match from {
            FetchFrom::Before(seq) => messages.into_iter().filter(|m| m.seq < seq).collect(),
            FetchFrom::After(seq) => messages.into_iter().filter(|m| m.seq > seq).collect(),
        };
        let more = fits.len() > limit;
        let items = match from {
            FetchFrom::Before(_) => fits[fits.len().saturating_sub(limit)..].to_vec(),
            FetchFrom::After(_) => fits[..limit.min(fits.len())].to_vec(),
        };
        MessagePage { items, more }
    }

    /// The position of somebody's message.
    pub(crate) fn find(&self, author: &Identity, cid: Cid) -> Option<&Event> {
        self.log(&stream()).iter().find(|event| {
            event.author.as_ref() == Some(author)
                && matches!(&event.kind, EventKind::Msg { cid: known, .. } if *known == Some(cid))
        })
    }
}
