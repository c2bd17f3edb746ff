//! A connection's inbox: bounded, and never in the writer's way. Pure.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use frontdesk_protocol::{CloseCode, Identity, Stream};

use super::published::Published;

/// Most hints that wait in one inbox.
pub const INBOX_EVENTS: usize = 256;

/// Something a connection is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Hint {
    /// An event is durable.
    Event {
        /// Where.
        stream: Stream,
        /// The event.
        event: Arc<Published>,
    },
    /// Events of this stream were passed over: read the store from the cursor on.
    Lagging {
        /// Where.
        stream: Stream,
    },
    /// Somebody writes, or stopped.
    Typing {
        /// Where.
        stream: Stream,
        /// Who.
        who: Identity,
        /// Whether.
        on: bool,
    },
    /// The connection has to end.
    Close(CloseCode),
}

/// What waits for one connection.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    queue: VecDeque<Hint>,
    lagging: BTreeSet<Stream>,
    close: Option<CloseCode>,
}

impl Inbox {
    pub(super) fn event(&mut self, stream: &Stream, event: &Arc<Published>) {
        if self.lagging.contains(stream) {
            return;
        }
        if self.queue.len() >= INBOX_EVENTS {
            self.overflow(stream);
            return;
        }
        self.queue.push_back(Hint::Event { stream: stream.clone(), event: Arc::clone(event) });
    }

    pub(super) fn typing(&mut self, stream: &Stream, who: &Identity, on: bool) {
        if self.queue.len() < INBOX_EVENTS {
            let hint = Hint::Typing { stream: stream.clone(), who: who.clone(), on };
            self.queue.push_back(hint);
        }
    }

    /// First in, last out of all: nothing is told after it.
    pub(super) fn close(&mut self, code: CloseCode) {
        self.close.get_or_insert(code);
        self.queue.clear();
        self.lagging.clear();
    }

    pub(super) fn forget(&mut self, stream: &Stream) {
        self.lagging.remove(stream);
        self.queue.retain(|hint| !is_event_of(hint, stream));
    }

    pub(super) fn pop(&mut self) -> Option<Hint> {
        if let Some(code) = self.close {
            return Some(Hint::Close(code));
        }
        if let Some(hint) = self.queue.pop_front() {
            if self.queue.is_empty() {
                // An idle connection holds no memory for what it once had to wait for.
                self.queue = VecDeque::new();
            }
            return Some(hint);
        }
        self.lagging.pop_first().map(|stream| Hint::Lagging { stream })
    }

    /// Everything that waits is dropped for a word to read the store: typing is gone for good.
    fn overflow(&mut self, stream: &Stream) {
        for hint in self.queue.drain(..) {
            match hint {
                Hint::Event { stream, .. } | Hint::Lagging { stream } => {
                    self.lagging.insert(stream);
                }
                Hint::Typing { .. } | Hint::Close(_) => {}
            }
        }
        self.lagging.insert(stream.clone());
    }
}

fn is_event_of(hint: &Hint, of: &Stream) -> bool {
    match hint {
        Hint::Event { stream, .. } | Hint::Lagging { stream } | Hint::Typing { stream, .. } => {
            stream == of
        }
        Hint::Close(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_protocol::{ChannelSid, Event, EventKind, Millis, state::Status};

    use super::*;

    fn event(seq: u64) -> Arc<Published> {
        let kind = EventKind::Status { status: Status::Active };
        Published::new(Arc::new(Event { seq, ts: Millis(0), author: None, kind }))
    }

    fn stream(n: u128) -> Stream {
        ChannelSid::from_bits(n).into()
    }

    #[test]
    fn a_full_inbox_becomes_one_word_a_stream_and_stays_bounded() {
        let mut inbox = Inbox::default();
        for seq in 1..=10_000 {
            inbox.event(&stream(u128::from(seq % 2)), &event(seq));
            assert!(inbox.queue.len() <= INBOX_EVENTS);
        }
        let told: Vec<Hint> = std::iter::from_fn(|| inbox.pop()).collect();
        assert_eq!(
            told,
            [Hint::Lagging { stream: stream(0) }, Hint::Lagging { stream: stream(1) }]
        );
    }

    #[test]
    fn after_the_word_events_come_again() {
        let mut inbox = Inbox::default();
        for seq in 0..=INBOX_EVENTS as u64 {
            inbox.event(&stream(1), &event(seq));
        }
        assert_eq!(inbox.pop(), Some(Hint::Lagging { stream: stream(1) }));
        inbox.event(&stream(1), &event(2));
        assert_eq!(inbox.pop(), Some(Hint::Event { stream: stream(1), event: event(2) }));
        assert_eq!(inbox.pop(), None);
    }

    #[test]
    fn nothing_is_told_after_the_end() {
        let mut inbox = Inbox::default();
        inbox.event(&stream(1), &event(1));
        inbox.close(CloseCode::TokenRefused);
        inbox.close(CloseCode::Normal);
        assert_eq!(inbox.pop(), Some(Hint::Close(CloseCode::TokenRefused)));
        assert_eq!(inbox.pop(), Some(Hint::Close(CloseCode::TokenRefused)));
    }
}
