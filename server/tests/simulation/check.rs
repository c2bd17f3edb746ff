//! The invariants, numbered so that a failure names its rule:
//!
//! - I1: what was acknowledged is durable, and stays where it is.
//! - I2: all that was written is there, once.
//! - I4: what is shown is a contiguous range of the log.
//! - I5: once the trouble is over everybody is live, at the head, with nothing left to send.
//! - I7: the same `cid` is always acknowledged at the same position.
//! - I8: one sender's messages are in the order they were written.
//! - I9: a position of another epoch, or beyond the head, is never resumed.
//! - I10: a snapshot and the events after it come to the same as a later snapshot.
//! - I14: nobody hammers the server.
//! - I15: an entry leaves the outbox only once its message is durable.

use frontdesk_client::{Connection, Row};
use frontdesk_protocol::{Cid, frame::ServerFrame, state::Message};

use crate::{store::stream, world::World};

/// Sockets in a minute that nobody's hand asked for (I14).
const CONNECTS_A_MINUTE: usize = 25;

impl World {
    /// I4, I10: what a client shows is a contiguous range of the log, edits applied.
    pub(crate) fn check_step(&mut self, person: usize) {
        let person = &mut self.people[person];
        let Some(timeline) = person.client.timeline(&stream()) else { return };
        // While a snapshot is on its way what was there stays in sight.
        let Some(position) = person.client.position(&stream()) else { return };
        self.store.bring(&mut person.wanted, position);
        let fold = &person.wanted;
        let logged: Vec<&Row> = timeline.rows().iter().filter(|row| row.seq.is_some()).collect();
        let Some(oldest) = logged.first().and_then(|row| row.seq) else { return };
        let messages: Vec<_> = fold.messages.iter().filter(|m| m.seq >= oldest).collect();
        assert_eq!(logged.len(), messages.len(), "I4: {} at {position}", person.identity);
        for (row, message) in logged.iter().zip(messages) {
            assert_eq!(row.seq, Some(message.seq), "I4: position");
            // A page is as of when it was read: it may be ahead of the events still to come.
            if row.body != message.body {
                let newest = self.store.chat().messages.iter().find(|m| m.seq == message.seq);
                assert_eq!(newest.map(|m| m.body.as_str()), Some(row.body.as_str()), "I10: body");
            }
            assert_eq!(row.author, message.author, "I4: author");
        }
        assert_eq!(timeline.members(), fold.state.members, "I10: members");
    }

    /// I1, I7: an acknowledgement tells of a message that is durable, and always the same.
    pub(crate) fn check_frame(&mut self, person: usize, text: &str) {
        let frame = ServerFrame::parse(text).expect("a frame").expect("a known frame");
        match frame {
            ServerFrame::Ack(ack) => {
                let author = self.people[person].identity.clone();
                let event =
                    self.store.find(&author, ack.cid).expect("I1: acknowledged, not stored");
                assert_eq!((event.seq, event.ts), (ack.seq, ack.ts), "I7: another place");
                let known = self.people[person].acked.insert(ack.cid, (ack.seq, ack.ts));
                assert!(known.is_none_or(|known| known == (ack.seq, ack.ts)), "I7: it moved");
            }
            // I9: a position of another epoch, or beyond the head, is never resumed.
            ServerFrame::Snap(snap) => assert!(snap.seq <= self.store.head(&snap.ch).head),
            ServerFrame::Live(live) => {
                assert!(live.seq <= self.store.head(&live.ch).head, "I9: live beyond the head");
            }
            ServerFrame::Welcome(_)
            | ServerFrame::Evs(_)
            | ServerFrame::Ev { .. }
            | ServerFrame::Nack(_)
            | ServerFrame::Page(_)
            | ServerFrame::Ping { .. }
            | ServerFrame::AuthOk { .. }
            | ServerFrame::AuthSoon { .. }
            | ServerFrame::Drain { .. }
            | ServerFrame::Typing { .. }
            | ServerFrame::Err(_) => {}
        }
    }

    /// I15: an entry leaves the outbox only once its message is durable.
    pub(crate) fn check_forgotten(&self, person: usize, cid: Cid) {
        let author = &self.people[person].identity;
        assert!(self.store.find(author, cid).is_some(), "I15: {cid} left unsent");
    }

    /// Everything that holds at the end.
    pub(crate) fn check_end(&self) {
        let log = self.store.log(&stream());
        for person in &self.people {
            let who = &person.identity;
            // I5: live, at the head, nothing left to send.
            let connection = person.client.connection();
            assert!(
                matches!(connection, Connection::Live { .. }),
                "I5: {who} is {connection:?} at the end"
            );
            let position = person.client.position(&stream());
            assert_eq!(position, Some(log.len() as u64), "I5: {who} is behind");
            assert!(!person.client.has_unsent() && person.outbox.is_empty(), "I5: {who}'s outbox");
            // I2, I8: all that was written is there, once, in the order it was written.
            let mine = |message: &&Message| message.author == *who;
            let said: Vec<Cid> =
                self.store.chat().messages.iter().filter(mine).filter_map(|m| m.cid).collect();
            let both = said.iter().zip(&person.written);
            let first_other = both.clone().position(|(said, written)| said != written);
            let first_other = first_other.map(|at| (said[at], person.written[at]));
            assert_eq!(first_other, None, "I8: {who}'s messages are out of order");
            assert_eq!(said.len(), person.written.len(), "I2: {who}'s messages");
            for (cid, (seq, ts)) in &person.acked {
                let event = self.store.find(who, *cid).expect("I1: lost");
                assert_eq!((event.seq, event.ts), (*seq, *ts), "I1: moved");
            }
            // What is shown is the log, to the letter, and no echo is left below it.
            let fold = self.store.chat();
            let rows = person.client.timeline(&stream()).expect("a timeline").rows();
            assert!(rows.iter().all(|row| row.seq.is_some()), "I5: {who} shows an echo");
            let oldest = rows.first().and_then(|row| row.seq).unwrap_or(u64::MAX);
            let shown: Vec<_> = rows.iter().map(|row| (row.seq, row.body.as_str())).collect();
            let wanted: Vec<_> = fold
                .messages
                .iter()
                .filter(|message| message.seq >= oldest)
                .map(|message| (Some(message.seq), message.body.as_str()))
                .collect();
            assert_eq!(shown, wanted, "I5: {who}'s timeline");
            // I14: nobody hammered the server.
            for (at, first) in person.connects.iter().enumerate() {
                let in_minute =
                    |moment: &&_| frontdesk_protocol::Millis::since(**moment, *first) < 60_000;
                let connects = person.connects[at..].iter().take_while(in_minute).count();
                let hands = person
                    .hands
                    .iter()
                    .filter(|hand| **hand >= *first && hand.since(*first) < 60_000)
                    .count();
                assert!(connects <= CONNECTS_A_MINUTE + hands, "I14: {connects} connects");
            }
        }
    }
}
