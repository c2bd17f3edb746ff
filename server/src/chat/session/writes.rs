//! What a client says and how far it has read: worked off one after the other, in the order it came,
//! because one sender's messages keep their order.

use std::collections::VecDeque;

use frontdesk_protocol::{
    Body, BodyError, ChannelSid, Cid, CloseCode, Millis, Stream,
    attributes::{self, Attributes},
    frame::{Ack, Nack, NackCode, Send, ServerFrame},
    limits::MESSAGE_ATTRIBUTES_BYTES,
};

use super::{Effect, Refused, Session, follow::Held};
use crate::storage::{Mark, Said};

/// Writes that may wait before the client's frames are left unread.
const WAITING: usize = 8;

/// What is to be written, and what is being written.
#[derive(Debug, Default)]
pub(super) struct Writes {
    waiting: VecDeque<Write>,
    doing: Option<Doing>,
    /// Messages that arrived so far.
    arrivals: u64,
}

#[derive(Debug)]
enum Write {
    Say { arrival: u64, channel: ChannelSid, cid: Cid, body: Body, attributes: Attributes },
    Move { channel: ChannelSid, mark: Mark, seq: u64 },
}

#[derive(Debug)]
enum Doing {
    Say { arrival: u64, ch: Stream, cid: Cid },
    Move,
}

impl Writes {
    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= WAITING
    }
}

impl Session {
    /// Something said: what can be decided here is decided here, in the order of the protocol.
    pub(super) fn say(&mut self, now: Millis, send: Send, over: Option<u64>) {
        let Send { ch, cid, body, attributes } = send;
        self.writes.arrivals += 1;
        let arrival = self.writes.arrivals;
        match self.sayable(now, &ch, cid, &body, &attributes, over) {
            Ok((channel, body)) => {
                let say = Write::Say { arrival, channel, cid, body, attributes };
                self.writes.waiting.push_back(say);
            }
            Err(refused) => self.refuse(ch, cid, arrival, refused),
        }
    }

    fn sayable(
        &mut self,
        now: Millis,
        ch: &Stream,
        cid: Cid,
        body: &str,
        attributes: &Attributes,
        over: Option<u64>,
    ) -> Result<(ChannelSid, Body), Refused> {
        let never = |code| Refused { code, retry: false, after: None };
        let later = |code, after| Refused { code, retry: true, after: Some(after) };
        let body = match Body::parse(body) {
            Ok(body) => body,
            Err(BodyError::TooLong { .. }) => return Err(never(NackCode::TooLong)),
            Err(BodyError::Empty | BodyError::Nul) => return Err(never(NackCode::BadBody)),
        };
        if body.as_str().len() > self.settings.limits.body_bytes
            || !attributes::fits(attributes, MESSAGE_ATTRIBUTES_BYTES)
        {
            return Err(never(NackCode::TooLong));
        }
        let Stream::Channel(channel) = ch else { return Err(never(NackCode::Forbidden)) };
        let Some(follow) = self.streams.get(ch) else { return Err(never(NackCode::NotFound)) };
        if !follow.is_live() {
            return Err(later(NackCode::NotLive, 1000));
        }
        if follow.held.as_ref().is_some_and(|held| held.keeps_back(cid)) {
            return Err(later(NackCode::Rate, 200));
        }
        follow.held = None;
        if let Some(after) = over {
            return Err(later(NackCode::Rate, after));
        }
        if let Err(after) = self.sends.take(self.sends_rate, now) {
            return Err(later(NackCode::Rate, after));
        }
        Ok((channel.clone(), body))
    }

    /// Sends a message back. What may be tried again holds back those behind it, and only those.
    fn refuse(&mut self, ch: Stream, cid: Cid, arrival: u64, refused: Refused) {
        let Refused { code, retry, after } = refused;
        if retry && let Some(follow) = self.streams.get(&ch) {
            match &mut follow.held {
                Some(held) if held.cid != cid && held.arrival < arrival => held.behind.push(cid),
                held => *held = Some(Held { cid, arrival, behind: Vec::new() }),
            }
        }
        self.nack(Nack { cid: Some(cid), ch: Some(ch), code, retry, after });
    }

    /// A mark. One that waits is moved on rather than doubled.
    pub(super) fn mark(&mut self, ch: &Stream, mark: Mark, seq: u64) {
        let live = self.streams.get(ch).is_some_and(|follow| follow.is_live());
        let Stream::Channel(channel) = ch else { return };
        if !live {
            return;
        }
        for write in &mut self.writes.waiting {
            match write {
                Write::Move { channel: c, mark: m, seq: s } if c == channel && *m == mark => {
                    *s = seq.max(*s);
                    return;
                }
                Write::Move { .. } | Write::Say { .. } => {}
            }
        }
        self.writes.waiting.push_back(Write::Move { channel: channel.clone(), mark, seq });
    }

    /// Begins the next write, if none is being done and there is room for its answer.
    pub(super) fn start_writing(&mut self) {
        while self.writes.doing.is_none() && self.queue.has_room_for_answers() {
            let Some(write) = self.writes.waiting.pop_front() else { return };
            match write {
                Write::Say { arrival, channel, cid, body, attributes } => {
                    let ch = Stream::Channel(channel.clone());
                    // A message before this one may have been sent back in the meantime. That the
                    // stream is not followed any more is no reason: the store knows who may speak.
                    let held = self.streams.get(&ch).and_then(|follow| follow.held.as_ref());
                    if held.is_some_and(|held| held.cid != cid && held.arrival < arrival) {
                        let refused =
                            Refused { code: NackCode::Rate, retry: true, after: Some(200) };
                        self.refuse(ch, cid, arrival, refused);
                        continue;
                    }
                    self.writes.doing = Some(Doing::Say { arrival, ch, cid });
                    self.effects.push(Effect::Say { channel, cid, body, attributes });
                }
                Write::Move { channel, mark, seq } => {
                    self.writes.doing = Some(Doing::Move);
                    self.effects.push(Effect::Move { channel, mark, seq });
                }
            }
        }
    }

    pub(super) fn committed(&mut self, answer: Result<Said, Refused>) {
        let (arrival, ch, cid) = match self.writes.doing.take() {
            Some(Doing::Say { arrival, ch, cid }) => (arrival, ch, cid),
            other @ (Some(Doing::Move) | None) => {
                self.writes.doing = other;
                return;
            }
        };
        match answer {
            Ok(Said { seq, index, ts, dup }) => {
                self.send(&ServerFrame::Ack(Ack { cid, ch, seq, index, ts, dup }));
            }
            Err(refused) => {
                self.refuse(ch, cid, arrival, refused);
                if refused.code == NackCode::Unauthorized {
                    self.close(CloseCode::TokenRefused, "the token was revoked");
                }
            }
        }
    }

    pub(super) fn marked(&mut self) {
        if matches!(self.writes.doing, Some(Doing::Move)) {
            self.writes.doing = None;
        }
    }
}
