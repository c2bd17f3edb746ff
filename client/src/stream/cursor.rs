//! Where a client stands in a stream: the one rule that gives order, no doubles and gap repair.

use frontdesk_protocol::{Stream, frame::StreamRef};

/// How far a stream is followed on the present connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Phase {
    /// Not asked for.
    #[default]
    Away,
    /// Asked for; what was missed comes in.
    Syncing,
    /// Up to date: what comes is new.
    Live,
}

/// What to do with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accept {
    /// It was applied before, or cannot be applied yet.
    Drop,
    /// It is the next.
    Apply,
    /// Something before it is missing: ask again from where we are.
    Gap,
}

/// A position in a stream: events `1..=seq` of this epoch are applied, a snapshot's included.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cursor {
    position: Option<(String, u64)>,
    pub(crate) phase: Phase,
    /// A head that the server told and that was not here yet: a silent gap if it stays so.
    announced: Option<u64>,
}

impl Cursor {
    /// The last position that is applied; 0 before the first snapshot.
    pub(crate) fn seq(&self) -> u64 {
        self.position.as_ref().map_or(0, |(_, seq)| *seq)
    }

    /// Whether there is a local copy that may be resumed.
    pub(crate) const fn is_known(&self) -> bool {
        self.position.is_some()
    }

    /// The stream as it is asked for.
    pub(crate) fn ask(&mut self, stream: &Stream) -> StreamRef {
        self.phase = Phase::Syncing;
        self.announced = None;
        let (epoch, seq) = self.position.clone().unzip();
        StreamRef { id: stream.clone(), epoch, seq }
    }

    /// The connection is gone.
    pub(crate) const fn leave(&mut self) {
        self.phase = Phase::Away;
        self.announced = None;
    }

    /// The local copy is not valid any more.
    pub(crate) fn reset(&mut self) {
        self.position = None;
    }

    /// A snapshot was taken.
    pub(crate) fn jump(&mut self, epoch: String, seq: u64) {
        self.position = Some((epoch, seq));
        self.announced = None;
    }

    /// Whether the event at `seq` is the next.
    pub(crate) fn accept(&mut self, seq: u64) -> Accept {
        let Some((_, applied)) = &mut self.position else { return Accept::Drop };
        if seq <= *applied {
            Accept::Drop
        } else if seq == *applied + 1 {
            *applied = seq;
            Accept::Apply
        } else if self.phase == Phase::Live {
            Accept::Gap
        } else {
            // Asked already; the server replays from where we are.
            Accept::Drop
        }
    }

    /// The server says that replay is done up to `seq`. False if that cannot be.
    pub(crate) fn go_live(&mut self, seq: u64) -> bool {
        if !self.is_known() || self.seq() < seq {
            return false;
        }
        self.phase = Phase::Live;
        true
    }

    /// The server's head in a ping. True if events it told of a ping ago are still not here.
    pub(crate) fn announce(&mut self, head: u64) -> bool {
        let is_late = self.phase == Phase::Live
            && self.announced.is_some_and(|announced| announced > self.seq());
        self.announced = (head > self.seq()).then_some(head);
        is_late
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seq: u64) -> Cursor {
        let mut cursor = Cursor::default();
        cursor.jump("e1".into(), seq);
        cursor.phase = Phase::Live;
        cursor
    }

    #[test]
    fn below_is_dropped_next_is_applied_above_is_a_gap() {
        let mut cursor = at(5);
        assert_eq!(cursor.accept(5), Accept::Drop);
        assert_eq!(cursor.accept(7), Accept::Gap);
        assert_eq!(cursor.accept(6), Accept::Apply);
        assert_eq!(cursor.accept(7), Accept::Apply);
        assert_eq!(cursor.seq(), 7);
    }

    #[test]
    fn a_gap_is_asked_for_once() {
        let mut cursor = at(5);
        let stream = Stream::parse("CH00000000000000000000000000000001").unwrap();
        let asked = cursor.ask(&stream);
        assert_eq!((asked.epoch.as_deref(), asked.seq), (Some("e1"), Some(5)));
        assert_eq!(cursor.accept(9), Accept::Drop);
    }

    #[test]
    fn without_a_snapshot_nothing_is_applied() {
        assert_eq!(Cursor::default().accept(1), Accept::Drop);
        assert!(!Cursor::default().go_live(0));
    }

    #[test]
    fn live_beyond_what_is_applied_is_refused() {
        let mut cursor = at(5);
        assert!(cursor.go_live(5));
        assert!(!cursor.go_live(6));
    }

    #[test]
    fn a_head_that_stays_ahead_for_a_ping_is_a_silent_gap() {
        let mut cursor = at(5);
        assert!(!cursor.announce(6));
        assert!(cursor.announce(6));
        cursor.accept(6);
        assert!(!cursor.announce(6));
        assert!(!cursor.announce(7));
        cursor.accept(7);
        assert!(!cursor.announce(8), "what was late a ping ago is here");
    }
}
