//! What a welcomed client asks for.

use std::collections::VecDeque;

use frontdesk_protocol::{
    CloseCode, Millis, Stream,
    frame::{ClientFrame, Fetch, FetchFrom, Nack, NackCode, Page, ServerFrame},
    limits::PAGE_ITEMS,
};

use super::{Effect, Session, Unreadable};
use crate::storage::{Mark, MessagePage};

/// Pages of history that a client may have asked for and not got.
const FETCHES: usize = 4;

/// Pages of history that are wanted, worked off one after the other.
#[derive(Debug, Default)]
pub(super) struct Fetches {
    waiting: VecDeque<(Stream, FetchFrom, usize)>,
    reading: Option<Stream>,
}

impl Fetches {
    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= FETCHES
    }
}

impl Session {
    pub(super) fn request(&mut self, now: Millis, frame: ClientFrame) {
        let over = self.count_frame(now);
        if self.is_closed() {
            return;
        }
        match frame {
            ClientFrame::Hello(_) => self.close(CloseCode::BadFrame, "a second hello"),
            ClientFrame::Sub { ch } => match over {
                Some(after) => {
                    for wanted in ch {
                        self.nack_rate(wanted.id, after);
                    }
                }
                None => self.follow(ch),
            },
            ClientFrame::Unsub { ch } => ch.iter().for_each(|id| self.unfollow(id)),
            ClientFrame::Send(send) => self.say(now, send, over),
            ClientFrame::Seen { ch, seq } if over.is_none() => self.mark(&ch, Mark::Seen, seq),
            ClientFrame::Read { ch, seq } if over.is_none() => self.mark(&ch, Mark::Read, seq),
            ClientFrame::Fetch(fetch) => self.fetch(fetch, over),
            ClientFrame::Pong { n, pos } => self.pong(now, n, &pos),
            ClientFrame::Auth { tok } => self.refresh(tok),
            ClientFrame::Typing { ch, on } if over.is_none() => self.types(ch, on),
            // Marks and typing come again by themselves.
            ClientFrame::Seen { .. } | ClientFrame::Read { .. } | ClientFrame::Typing { .. } => {}
        }
    }

    /// Counts a frame of any kind; milliseconds to wait if there are too many.
    pub(super) fn count_frame(&mut self, now: Millis) -> Option<u64> {
        let Err(after) = self.frames.take(self.settings.frames, now) else {
            self.frames_over = 0;
            return None;
        };
        self.frames_over += 1;
        if self.frames_over > self.settings.frames_over {
            self.close(CloseCode::RateLimited, "too many frames");
        }
        Some(after)
    }

    fn nack_rate(&mut self, id: Stream, after: u64) {
        let (code, after) = (NackCode::Rate, Some(after));
        self.nack(Nack { cid: None, ch: Some(id), code, retry: true, after });
    }

    fn types(&mut self, ch: Stream, on: bool) {
        let live = self.streams.get(&ch).is_some_and(|follow| follow.is_live());
        if let Stream::Channel(channel) = ch
            && live
        {
            self.effects.push(Effect::Type { channel, on });
        }
    }

    fn fetch(&mut self, fetch: Fetch, over: Option<u64>) {
        let Some(from) = fetch.from() else {
            return self.close(CloseCode::BadFrame, "fetch names exactly one side");
        };
        let open = self.streams.get(&fetch.ch).is_some_and(|follow| follow.is_open());
        if !open || !matches!(fetch.ch, Stream::Channel(_)) {
            let (ch, code) = (Some(fetch.ch), NackCode::NotFound);
            return self.nack(Nack { cid: None, ch, code, retry: false, after: None });
        }
        if let Some(after) = over {
            return self.nack_rate(fetch.ch, after);
        }
        if self.fetches.is_full() {
            return self.nack_rate(fetch.ch, 1000);
        }
        self.fetches.waiting.push_back((fetch.ch, from, fetch.limit.clamp(1, PAGE_ITEMS)));
    }

    /// Reads the next page, if one is wanted and there is room for it.
    pub(super) fn start_fetching(&mut self) {
        if self.fetches.reading.is_some() || !self.queue.has_room_for_feed() {
            return;
        }
        while let Some((id, from, limit)) = self.fetches.waiting.pop_front() {
            if let Stream::Channel(channel) = &id {
                self.effects.push(Effect::ReadPage { channel: channel.clone(), from, limit });
                self.fetches.reading = Some(id);
                return;
            }
        }
    }

    pub(super) fn page_read(&mut self, page: Result<MessagePage, Unreadable>) {
        let Some(ch) = self.fetches.reading.take() else { return };
        if self.streams.get(&ch).is_none() {
            return;
        }
        match page {
            Ok(MessagePage { items, more }) => {
                self.send(&ServerFrame::Page(Page { ch, items, more }));
            }
            Err(Unreadable::NotFound) => self.lose(&ch),
            Err(Unreadable::Unavailable) => {
                let (code, after) = (NackCode::Unavailable, Some(1000));
                self.nack(Nack { cid: None, ch: Some(ch), code, retry: true, after });
            }
        }
    }
}
