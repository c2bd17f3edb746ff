//! What is read from the store for streams that are not live: one piece at a time, and only while
//! little waits to be written, so that a slow client costs the store and the memory little.

use std::io;

use frontdesk_protocol::{
    CloseCode, Event, Stream,
    frame::{Evs, Live, ServerFrame, Snap},
    limits::{PAGE_BYTES, PAGE_ITEMS},
};
use serde::Serialize;

use super::{Effect, Phase, Session, Unreadable, follow::State};
use crate::storage::{Events, Snapshot};

impl Session {
    /// Reads the next piece, if one is due and there is room; what is complete becomes live.
    pub(super) fn start_feeding(&mut self) {
        if !matches!(self.phase, Phase::Open) {
            return;
        }
        let mut live = Vec::new();
        for follow in self.streams.iter_mut() {
            let due = matches!(follow.state, State::Replaying | State::Lagging);
            let complete = follow.next > follow.head && !follow.passed_over;
            if due && complete && self.feeding != Some(follow.ticket) {
                follow.state = State::Live;
                live.push(Live { ch: follow.id.clone(), seq: follow.next - 1 });
            }
        }
        for live in live {
            self.send(&ServerFrame::Live(live));
        }
        if self.feeding.is_some() || !self.queue.has_room_for_feed() || self.is_closed() {
            return;
        }
        let effect = self.streams.iter_mut().find_map(|follow| {
            let (ticket, stream) = (follow.ticket, follow.id.clone());
            match follow.state {
                State::Snapshot => Some((ticket, Effect::ReadSnapshot { ticket, stream })),
                State::Replaying | State::Lagging => {
                    let after = follow.next - 1;
                    follow.passed_over = false;
                    Some((ticket, Effect::ReadEvents { ticket, stream, after }))
                }
                State::Opening(_) | State::Known(..) | State::Live => None,
            }
        });
        if let Some((ticket, effect)) = effect {
            self.feeding = Some(ticket);
            self.effects.push(effect);
        }
    }

    pub(super) fn snapshot_read(
        &mut self,
        ticket: u32,
        id: &Stream,
        snapshot: Result<Box<Snapshot>, Unreadable>,
    ) {
        self.feeding = self.feeding.filter(|feeding| *feeding != ticket);
        let Some(follow) = self.streams.answered(id, ticket) else { return };
        if follow.state != State::Snapshot {
            return;
        }
        let Snapshot { seq, state, mut items, mut more } = match snapshot {
            Ok(snapshot) => *snapshot,
            Err(why) => return self.unreadable(id, why),
        };
        follow.next = seq + 1;
        follow.head = follow.head.max(seq);
        follow.state = State::Replaying;
        let fits = fitting(items.iter().rev());
        if fits < items.len() {
            items.drain(..items.len() - fits);
            more = true;
        }
        let (ch, epoch) = (id.clone(), self.settings.epoch.clone());
        self.send(&ServerFrame::Snap(Snap { ch, epoch, seq, state, items, more }));
    }

    pub(super) fn events_read(
        &mut self,
        ticket: u32,
        id: &Stream,
        events: Result<Events, Unreadable>,
    ) {
        self.feeding = self.feeding.filter(|feeding| *feeding != ticket);
        let Some(follow) = self.streams.answered(id, ticket) else { return };
        if !matches!(follow.state, State::Replaying | State::Lagging) {
            return;
        }
        let Events { mut items, more } = match events {
            Ok(events) => events,
            Err(why) => return self.unreadable(id, why),
        };
        let fits = fitting(items.iter().take(PAGE_ITEMS));
        let more = more || fits < items.len();
        items.truncate(fits);
        let (Some(first), Some(last)) = (items.first(), items.last()) else {
            // The store has nothing where the hints promised something.
            follow.head = follow.next - 1;
            return;
        };
        let (from, to) = (first.seq, last.seq);
        if from != follow.next || !is_dense(&items) {
            return self.close(CloseCode::BadPosition, "the log has a hole");
        }
        follow.next = to + 1;
        follow.head = follow.head.max(to);
        let more = more || follow.head > to;
        let ch = id.clone();
        self.send(&ServerFrame::Evs(Evs { ch, from, to, items, more }));
    }

    fn unreadable(&mut self, id: &Stream, why: Unreadable) {
        match why {
            Unreadable::NotFound => self.lose(id),
            Unreadable::Unavailable => {
                self.close(CloseCode::TryLater, "the store cannot be read now");
            }
        }
    }
}

fn is_dense(items: &[Event]) -> bool {
    items.windows(2).all(|pair| pair[0].seq + 1 == pair[1].seq)
}

/// How many of these fit one frame: [`PAGE_BYTES`], but always one.
fn fitting<'a, T: Serialize + 'a>(items: impl Iterator<Item = &'a T>) -> usize {
    let mut sum = 0;
    let fits = |item: &&T| {
        let first = sum == 0;
        sum += json_len(*item) + 1;
        first || sum <= PAGE_BYTES
    };
    items.take_while(fits).count()
}

/// Bytes of a value as JSON, without writing it anywhere.
fn json_len(value: &impl Serialize) -> usize {
    struct Count(usize);
    impl io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    match serde_json::to_writer(&mut count, value) {
        Ok(()) => count.0,
        Err(_) => usize::MAX,
    }
}
