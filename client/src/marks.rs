//! The `seen` and `read` marks that are still to be told: at most once a second.

use frontdesk_protocol::{Millis, Stream, frame::ClientFrame, sorted::SortedMap};

/// Marks are told at most so often.
pub(crate) const EVERY_MS: u64 = 1_000;

#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    wanted: u64,
    told: u64,
}

impl Mark {
    fn want(&mut self, seq: u64) {
        self.wanted = self.wanted.max(seq);
    }

    const fn take(&mut self) -> Option<u64> {
        if self.wanted > self.told {
            self.told = self.wanted;
            Some(self.told)
        } else {
            None
        }
    }
}

/// The marks of all channels.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks {
    by_stream: SortedMap<Stream, (Mark, Mark)>,
    told: Option<Millis>,
    /// A timer runs after which the rest is told.
    is_waiting: bool,
}

/// What is to be done about the marks now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Due {
    /// Nothing, or a timer runs.
    Nothing,
    /// Send these.
    Send(Vec<ClientFrame>),
    /// Set the timer.
    After(u64),
}

impl Marks {
    pub(crate) const fn timer_is_up(&mut self) {
        self.is_waiting = false;
    }

    /// Messages up to here reached this device.
    pub(crate) fn see(&mut self, stream: &Stream, seq: u64) {
        self.by_stream.get_or_insert_with(stream.clone(), Default::default).0.want(seq);
    }

    /// Messages up to here were read.
    pub(crate) fn read(&mut self, stream: &Stream, seq: u64) {
        self.by_stream.get_or_insert_with(stream.clone(), Default::default).1.want(seq);
    }

    /// The server knows these marks of the user already.
    pub(crate) fn know(&mut self, stream: &Stream, seen: u64, read: u64) {
        let (see, reading) = self.by_stream.get_or_insert_with(stream.clone(), Default::default);
        see.told = see.told.max(seen);
        reading.told = reading.told.max(read);
    }

    /// What is told on a connection may be lost with it: told again on the next, if still ahead.
    pub(crate) fn disconnect(&mut self) {
        for (seen, read) in self.by_stream.values_mut() {
            seen.told = 0;
            read.told = 0;
        }
        self.told = None;
        self.is_waiting = false;
    }

    pub(crate) fn forget(&mut self, stream: &Stream) {
        self.by_stream.remove(stream);
    }

    /// What to do about the marks now. `read` waits until the
    /// page is visible, both until the channel is live.
    pub(crate) fn take(
        &mut self,
        now: Millis,
        visible: bool,
        is_live: impl Fn(&Stream) -> bool,
    ) -> Due {
        let is_due = self.by_stream.iter().any(|(stream, (seen, read))| {
            is_live(stream) && (seen.wanted > seen.told || (visible && read.wanted > read.told))
        });
        if !is_due || self.is_waiting {
            return Due::Nothing;
        }
        let passed_ms = self.told.map_or(EVERY_MS, |told| now.since(told));
        if passed_ms < EVERY_MS {
            self.is_waiting = true;
            return Due::After(EVERY_MS - passed_ms);
        }
        self.told = Some(now);
        let mut frames = Vec::new();
        for (stream, (seen, read)) in self.by_stream.iter_mut() {
            if !is_live(stream) {
                continue;
            }
            if let Some(seq) = seen.take() {
                frames.push(ClientFrame::Seen { ch: stream.clone(), seq });
            }
            if visible && let Some(seq) = read.take() {
                frames.push(ClientFrame::Read { ch: stream.clone(), seq });
            }
        }
        Due::Send(frames)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream() -> Stream {
        Stream::parse("CH00000000000000000000000000000001").unwrap()
    }

    fn seen(seq: u64) -> ClientFrame {
        ClientFrame::Seen { ch: stream(), seq }
    }

    #[test]
    fn marks_only_move_forward_and_once_a_second() {
        let mut marks = Marks::default();
        marks.see(&stream(), 5);
        marks.see(&stream(), 3);
        assert_eq!(marks.take(Millis(0), true, |_| true), Due::Send(vec![seen(5)]));
        assert_eq!(marks.take(Millis(1), true, |_| true), Due::Nothing);
        marks.see(&stream(), 6);
        assert_eq!(marks.take(Millis(400), true, |_| true), Due::After(600));
        assert_eq!(marks.take(Millis(500), true, |_| true), Due::Nothing, "a timer runs");
        marks.timer_is_up();
        assert_eq!(marks.take(Millis(1_000), true, |_| true), Due::Send(vec![seen(6)]));
    }

    #[test]
    fn read_waits_for_eyes_and_both_for_a_live_channel() {
        let mut marks = Marks::default();
        marks.read(&stream(), 5);
        assert_eq!(marks.take(Millis(0), false, |_| true), Due::Nothing);
        assert_eq!(marks.take(Millis(0), true, |_| false), Due::Nothing);
        let read = ClientFrame::Read { ch: stream(), seq: 5 };
        assert_eq!(marks.take(Millis(0), true, |_| true), Due::Send(vec![read]));
    }

    #[test]
    fn what_was_told_on_a_lost_connection_is_told_again_unless_it_arrived() {
        let mut marks = Marks::default();
        marks.see(&stream(), 5);
        marks.take(Millis(0), true, |_| true);
        marks.disconnect();
        assert_eq!(marks.clone().take(Millis(1), true, |_| true), Due::Send(vec![seen(5)]));
        marks.know(&stream(), 5, 0);
        assert_eq!(marks.take(Millis(1), true, |_| true), Due::Nothing);
    }
}
