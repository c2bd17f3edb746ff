//! The session against a scripted world.

mod limits;
mod positions;
mod sending;
mod table;
mod token;

use std::{collections::BTreeMap, sync::Arc};

use frontdesk_protocol::{
    ChannelSid, Cid, CloseCode, Event as LogEvent, EventKind, Identity, MessageSid, Millis, Stream,
    UserSid,
    attributes::Attributes,
    frame::ServerFrame,
    id::AccountSid,
    state::{Message, StreamState},
};

use super::*;
use crate::{
    live::Published,
    storage::{Events, Head, MessagePage, Party, PartyKind, Said, Snapshot},
};

pub(super) const EPOCH: &str = "e1";

pub(super) fn channel(n: u128) -> Stream {
    Stream::Channel(ChannelSid::from_bits(n))
}

pub(super) fn party(name: &str) -> Party {
    Party {
        account: AccountSid::from_bits(1),
        identity: Identity::parse(name).unwrap(),
        kind: PartyKind::Guest,
    }
}

/// A token of `name` that ends `left_ms` from now.
pub(super) fn grant(name: &str, left_ms: u64) -> Grant {
    let wall = Millis(1_795_000_000_000);
    Grant { party: party(name), exp: wall.plus(left_ms), wall }
}

pub(super) fn log_event(seq: u64, body: &str) -> LogEvent {
    LogEvent {
        seq,
        ts: Millis(seq),
        author: Identity::parse("agent"),
        kind: EventKind::Msg {
            sid: MessageSid::from_bits(u128::from(seq)),
            index: seq - 1,
            cid: None,
            body: body.into(),
            media: None,
            attributes: Attributes::new(),
        },
    }
}

pub(super) fn published(stream: &Stream, event: LogEvent) -> Event {
    Event::Published { stream: stream.clone(), event: Published::new(Arc::new(event)) }
}

pub(super) fn left(stream: &Stream, seq: u64, who: &str) -> Event {
    let identity = Identity::parse(who).unwrap();
    let kind = EventKind::Leave { identity };
    published(stream, LogEvent { seq, ts: Millis(seq), author: None, kind })
}

pub(super) fn events(range: std::ops::RangeInclusive<u64>, more: bool) -> Events {
    Events { items: range.map(|seq| log_event(seq, "x")).collect(), more }
}

pub(super) fn snapshot(seq: u64) -> Box<Snapshot> {
    Box::new(Snapshot { seq, state: StreamState::default(), items: Vec::new(), more: false })
}

pub(super) fn message(seq: u64, body: String) -> Message {
    Message {
        seq,
        index: seq - 1,
        sid: MessageSid::from_bits(u128::from(seq)),
        cid: None,
        author: Identity::parse("agent").unwrap(),
        body,
        media: None,
        attributes: Attributes::new(),
        ts: Millis(seq),
        edited: None,
        redacted: false,
    }
}

pub(super) fn said(seq: u64) -> Said {
    Said { seq, index: seq - 1, ts: Millis(seq), dup: false }
}

/// A session, its clock, and what it asked for.
pub(super) struct World {
    pub(super) session: Session,
    pub(super) now: Millis,
    pings: u64,
}

impl World {
    /// Just upgraded.
    pub(super) fn upgraded() -> Self {
        Self::with(Settings { epoch: EPOCH.into(), ..Settings::default() })
    }

    pub(super) fn with(settings: Settings) -> Self {
        let now = Millis(1_000);
        Self { session: Session::new(now, Arc::new(settings), "c1".into(), 0.5), now, pings: 0 }
    }

    /// Welcomed, following nothing.
    pub(super) fn open() -> Self {
        let mut world = Self::upgraded();
        world.text(r#"{"t":"hello","tok":"t","inst":"i"}"#);
        world.on(Event::Verified(Ok(grant("guest", 900_000))));
        world.flush();
        world
    }

    /// Welcomed, and live in channel 1 at position 10.
    pub(super) fn live() -> Self {
        let mut world = Self::open();
        world.sub(1, Some(10), 10);
        world.flush();
        world
    }

    /// Subscribes to a channel at `seq`, whose head is `head`.
    pub(super) fn sub(&mut self, n: u128, seq: Option<u64>, head: u64) -> String {
        let seq = seq.map_or(String::new(), |seq| format!(r#","epoch":"{EPOCH}","seq":{seq}"#));
        let id = channel(n);
        let asked =
            self.effects(Event::Text(format!(r#"{{"t":"sub","ch":[{{"id":"{id}"{seq}}}]}}"#)));
        let [Effect::Follow { ticket, .. }] = asked[..] else { panic!("{asked:?}") };
        self.on(Event::Followed { ticket, stream: id, head: Ok(Head { head, oldest: 1 }) })
    }

    pub(super) fn effects(&mut self, event: Event) -> Vec<Effect> {
        self.session.update(self.now, event)
    }

    /// What came of an event, in short.
    pub(super) fn on(&mut self, event: Event) -> String {
        let effects = self.effects(event);
        let brief = effects.iter().map(brief).collect::<Vec<_>>().join(", ");
        self.pings += u64::from(brief.contains("<ping"));
        brief
    }

    /// The client answers the newest ping.
    pub(super) fn pong(&mut self) -> String {
        self.text(&format!(r#"{{"t":"pong","n":{},"pos":{{}}}}"#, self.pings))
    }

    pub(super) fn text(&mut self, text: &str) -> String {
        self.on(Event::Text(text.into()))
    }

    /// A message to channel 1.
    pub(super) fn say(&mut self, cid: u128, body: &str) -> String {
        let (ch, cid) = (channel(1), Cid(cid));
        self.text(&format!(r#"{{"t":"send","ch":"{ch}","cid":"{cid}","body":"{body}"}}"#))
    }

    pub(super) fn at(&mut self, ms: u64) -> &mut Self {
        self.now = Millis(1_000 + ms);
        self
    }

    /// The client reads all that was sent.
    pub(super) fn flush(&mut self) -> String {
        let (frames, bytes) = self.session.queued();
        self.on(Event::Flushed { frames, bytes })
    }
}

/// An effect in short: what is decided, not what is carried along.
fn brief(effect: &Effect) -> String {
    match effect {
        Effect::Verify { .. } => "verify".into(),
        Effect::Adopt => "adopt".into(),
        Effect::Follow { ticket, .. } => format!("follow #{ticket}"),
        Effect::Unfollow { .. } => "unfollow".into(),
        Effect::ReadSnapshot { ticket, .. } => format!("read snapshot #{ticket}"),
        Effect::ReadEvents { ticket, after, .. } => format!("read events #{ticket} after {after}"),
        Effect::Say { body, .. } => format!("say {:.9}", body.as_str()),
        Effect::Move { mark, seq, .. } => format!("move {mark:?} {seq}"),
        Effect::ReadPage { from, limit, .. } => format!("read {limit} {from:?}"),
        Effect::Type { on, .. } => format!("type {on}"),
        Effect::Recheck { streams } => format!("recheck {}", streams.len()),
        Effect::Close { code, reason, .. } => format!("CLOSE {} {reason}", code.as_u16()),
        Effect::Send(text) => {
            let text = std::str::from_utf8(text).unwrap();
            brief_frame(&ServerFrame::parse(text).unwrap().unwrap())
        }
    }
}

fn brief_frame(frame: &ServerFrame) -> String {
    match frame {
        ServerFrame::Welcome(welcome) => {
            let modes: Vec<_> = welcome
                .ch
                .iter()
                .map(|ch| format!("{:?} {}..{}", ch.mode, ch.oldest, ch.head))
                .collect();
            format!("<welcome {modes:?}>")
        }
        ServerFrame::Snap(snap) => {
            format!("<snap {} +{} {}>", snap.seq, snap.items.len(), snap.more)
        }
        ServerFrame::Evs(evs) => format!("<evs {}..={} more {}>", evs.from, evs.to, evs.more),
        ServerFrame::Live(live) => format!("<live {}>", live.seq),
        ServerFrame::Ev { event, .. } => format!("<ev {}>", event.seq),
        ServerFrame::Ack(ack) => format!("<ack {} seq {}>", ack.cid.0, ack.seq),
        ServerFrame::Nack(nack) => {
            let cid = nack.cid.map_or("-".into(), |cid| cid.0.to_string());
            let after = nack.after.map_or(String::new(), |after| format!(" after {after}"));
            format!("<nack {cid} {:?} retry {}{after}>", nack.code, nack.retry)
        }
        ServerFrame::Page(page) => format!("<page +{} {}>", page.items.len(), page.more),
        ServerFrame::Ping { n, heads } => {
            format!("<ping {n} {:?}>", heads.values().collect::<Vec<_>>())
        }
        ServerFrame::AuthOk { .. } => "<auth_ok>".into(),
        ServerFrame::AuthSoon { in_ms } => format!("<auth_soon {in_ms}>"),
        ServerFrame::Drain { after } => format!("<drain {after}>"),
        ServerFrame::Typing { who, on, .. } => format!("<typing {who} {on}>"),
        ServerFrame::Err(error) => format!("<err {}>", error.code),
    }
}
