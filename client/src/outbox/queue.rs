//! The queue: what may be sent now, and what becomes of it.

use frontdesk_protocol::{
    Cid, Millis, Stream,
    frame::{ClientFrame, NackCode, Send},
    limits::IN_FLIGHT,
    sorted::SortedMap,
};

use super::{OutboxEntry, SendFailure};

/// What the server's `nack` made of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nacked {
    /// There is no such entry.
    Unknown,
    /// It is sent again, after the pause the server asked for.
    Later,
    /// It is failed for good, and stays to be seen.
    Failed(SendFailure),
}

#[derive(Debug, Clone)]
struct Slot {
    entry: OutboxEntry,
    /// When it was sent on this connection.
    sent: Option<Millis>,
    /// Another tab wrote it, and sends it if it still lives.
    is_foreign: bool,
}

/// The outbox.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outbox {
    /// By order, so that one sender's messages keep their order.
    slots: SortedMap<(u64, Cid), Slot>,
    /// Per channel: nothing is sent before this moment.
    not_before: SortedMap<Stream, Millis>,
    in_flight: usize,
    /// How many of those are used: one after a refusal that may pass, one more with each answer.
    /// Without it every pause the server asks for ends in the same burst that brought it about.
    window: usize,
    last_order: u64,
}

impl Outbox {
    pub(crate) fn new() -> Self {
        Self { in_flight: IN_FLIGHT, window: IN_FLIGHT, ..Self::default() }
    }

    /// What the server allows to be unanswered in a channel.
    pub(crate) fn limit(&mut self, in_flight: usize) {
        self.in_flight = in_flight.clamp(1, IN_FLIGHT);
    }

    /// The place of an entry written now: after all others, and comparable between tabs.
    pub(crate) fn next_order(&mut self, wall: Millis) -> u64 {
        self.last_order = wall.0.max(self.last_order + 1);
        self.last_order
    }

    /// Takes an entry in, or brings the one with its `cid` up to date.
    pub(crate) fn put(&mut self, entry: OutboxEntry, is_foreign: bool) {
        self.last_order = self.last_order.max(entry.order);
        match self.slot_mut(entry.cid) {
            Some(slot) => slot.entry.failed = entry.failed,
            None => {
                let slot = Slot { entry, sent: None, is_foreign };
                self.slots.insert((slot.entry.order, slot.entry.cid), slot);
            }
        }
    }

    pub(crate) fn get(&self, cid: Cid) -> Option<&OutboxEntry> {
        self.slots.values().find(|slot| slot.entry.cid == cid).map(|slot| &slot.entry)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &OutboxEntry> {
        self.slots.values().map(|slot| &slot.entry)
    }

    /// Entries of other tabs are this tab's from now on: theirs seem to be gone.
    pub(crate) fn adopt(&mut self) {
        for slot in self.slots.values_mut() {
            slot.is_foreign = false;
        }
    }

    /// Takes an entry out.
    pub(crate) fn take(&mut self, cid: Cid) -> Option<OutboxEntry> {
        let key = *self.slots.iter().find(|(_, slot)| slot.entry.cid == cid)?.0;
        self.slots.remove(&key).map(|slot| slot.entry)
    }

    /// Takes all entries of a channel out.
    pub(crate) fn take_all(&mut self, stream: &Stream) -> Vec<Cid> {
        let gone: Vec<_> = self
            .slots
            .values()
            .filter(|slot| slot.entry.stream == *stream)
            .map(|slot| slot.entry.cid)
            .collect();
        for cid in &gone {
            self.take(*cid);
        }
        self.not_before.remove(stream);
        gone
    }

    /// The frames that may go now into a live channel, oldest first.
    pub(crate) fn flush(&mut self, now: Millis, stream: &Stream) -> Vec<ClientFrame> {
        if self.not_before.get(stream).is_some_and(|moment| now < *moment) {
            return Vec::new();
        }
        self.not_before.remove(stream);
        let in_flight = self.in_flight_of(stream).count();
        let mut frames = Vec::new();
        for slot in self.slots.values_mut() {
            if in_flight + frames.len() >= self.in_flight.min(self.window) {
                break;
            }
            let is_due = slot.entry.stream == *stream
                && slot.sent.is_none()
                && !slot.is_foreign
                && slot.entry.failed.is_none();
            if is_due {
                slot.sent = Some(now);
                frames.push(ClientFrame::Send(Send {
                    ch: stream.clone(),
                    cid: slot.entry.cid,
                    body: slot.entry.body.clone(),
                    attributes: slot.entry.attributes.clone(),
                }));
            }
        }
        frames
    }

    /// When the oldest unanswered send was sent.
    pub(crate) fn oldest_sent(&self) -> Option<Millis> {
        self.slots.values().filter_map(|slot| slot.sent).min()
    }

    /// When the next channel that was put off may be sent to.
    pub(crate) fn next_resend(&self) -> Option<Millis> {
        self.not_before.values().min().copied()
    }

    /// The server has stored something: it keeps up with us.
    pub(crate) fn acked(&mut self) {
        self.window = self.in_flight.min(self.window + 1);
    }

    /// The connection is gone: whatever was on its way is sent again on the next.
    pub(crate) fn disconnect(&mut self) {
        for slot in self.slots.values_mut() {
            slot.sent = None;
        }
        self.not_before.clear();
        self.window = self.in_flight;
    }

    /// The server refused a send.
    ///
    /// A refusal that may pass takes back everything behind it in the channel too, so that the
    /// sender's order holds.
    pub(crate) fn nack(
        &mut self,
        now: Millis,
        cid: Cid,
        code: NackCode,
        retry: bool,
        after: Option<u64>,
    ) -> Nacked {
        let Some(slot) = self.slot_mut(cid) else { return Nacked::Unknown };
        if !retry {
            slot.sent = None;
            let failure = failure(code);
            slot.entry.failed = Some(failure);
            return Nacked::Failed(failure);
        }
        let stream = slot.entry.stream.clone();
        let order = slot.entry.order;
        for slot in self.slots.values_mut() {
            if slot.entry.stream == stream && slot.entry.order >= order {
                slot.sent = None;
            }
        }
        self.window = 1;
        let moment = now.plus(after.unwrap_or(1_000));
        let not_before = self.not_before.get_or_insert_with(stream, || moment);
        *not_before = moment.max(*not_before);
        Nacked::Later
    }

    /// A frame was too big for the server: the largest on its way has failed.
    pub(crate) fn fail_largest(&mut self) -> Option<Cid> {
        let slot = self
            .slots
            .values_mut()
            .filter(|slot| slot.sent.is_some())
            .max_by_key(|slot| slot.entry.body.len() + slot.entry.attributes.len())?;
        slot.entry.failed = Some(SendFailure::TooLong);
        Some(slot.entry.cid)
    }

    /// The user wants a failed entry tried again. Returns it as it is now; with `fresh` as its id
    /// if the old one is taken by another text.
    pub(crate) fn retry(&mut self, cid: Cid, fresh: Cid) -> Option<(OutboxEntry, bool)> {
        let failure = self.get(cid)?.failed?;
        let mut entry = self.take(cid)?;
        entry.failed = None;
        let is_renamed = failure == SendFailure::Conflict;
        if is_renamed {
            entry.cid = fresh;
        }
        self.put(entry.clone(), false);
        Some((entry, is_renamed))
    }

    fn slot_mut(&mut self, cid: Cid) -> Option<&mut Slot> {
        self.slots.values_mut().find(|slot| slot.entry.cid == cid)
    }

    fn in_flight_of(&self, stream: &Stream) -> impl Iterator<Item = &Slot> {
        self.slots.values().filter(move |slot| slot.sent.is_some() && slot.entry.stream == *stream)
    }
}

/// Why an entry is failed, from the server's word.
const fn failure(code: NackCode) -> SendFailure {
    match code {
        NackCode::BadBody => SendFailure::BadBody,
        NackCode::TooLong => SendFailure::TooLong,
        NackCode::Conflict => SendFailure::Conflict,
        NackCode::Ended | NackCode::NotFound => SendFailure::Ended,
        NackCode::Refused => SendFailure::Refused,
        NackCode::Forbidden | NackCode::Unauthorized => SendFailure::Forbidden,
        NackCode::Rate | NackCode::Unavailable | NackCode::NotLive | NackCode::Unknown => {
            SendFailure::Other
        }
    }
}
