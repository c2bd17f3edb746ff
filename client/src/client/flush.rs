//! What goes out at the end of each update: what may be sent now, and what views must hear.

use frontdesk_protocol::Stream;

use super::{Client, timers::ACK_MS};
use crate::{
    connection::Connection,
    effect::{Delay, Effect, Notice, Timer},
    marks::Due,
    stream::Phase,
};

impl Client {
    pub(super) fn flush(&mut self) {
        self.go_live();
        if self.connection.welcomed().is_some() {
            self.flush_outbox();
            self.flush_marks();
        }
        self.flush_notices();
    }

    /// Live once every stream is.
    fn go_live(&mut self) {
        let Connection::Syncing { socket } = self.connection else { return };
        let is_live = self.streams.values().all(|followed| followed.cursor.phase == Phase::Live);
        if is_live {
            let draining = self.tries.drain.is_some();
            self.connection = Connection::Live { socket, since: self.now, draining };
            self.tries.is_live();
        }
    }

    fn flush_outbox(&mut self) {
        let live: Vec<Stream> = self
            .streams
            .iter()
            .filter(|(_, followed)| followed.cursor.phase == Phase::Live)
            .map(|(stream, _)| stream.clone())
            .collect();
        let was_idle = self.outbox.oldest_sent().is_none();
        for stream in live {
            for frame in self.outbox.flush(self.now, &stream) {
                self.send(&frame);
            }
        }
        if was_idle && self.outbox.oldest_sent().is_some() {
            self.set_timer(Timer::Ack, Delay::exactly(ACK_MS));
        }
    }

    fn flush_marks(&mut self) {
        let Self { marks, streams, now, is_visible, .. } = self;
        let is_live = |stream: &Stream| {
            streams.get(stream).is_some_and(|followed| followed.cursor.phase == Phase::Live)
        };
        match marks.take(*now, *is_visible, is_live) {
            Due::Nothing => {}
            Due::Send(frames) => {
                for frame in frames {
                    self.send(&frame);
                }
            }
            Due::After(delay_ms) => self.set_timer(Timer::Marks, Delay::exactly(delay_ms)),
        }
    }

    fn flush_notices(&mut self) {
        for (stream, followed) in self.streams.iter_mut() {
            let Some(timeline) = followed.timeline_mut() else { continue };
            let diffs = timeline.take_diffs();
            if !diffs.is_empty() {
                let stream = stream.clone();
                self.out.push(Effect::Changed(Notice::Timeline { stream, diffs }));
            }
            if timeline.take_changed() {
                self.out.push(Effect::Changed(Notice::Channel(stream.clone())));
            }
            let unread = timeline.unread();
            if followed.told_unread != unread {
                followed.told_unread = unread;
                self.out.push(Effect::Changed(Notice::Unread(stream.clone())));
            }
        }
    }
}
