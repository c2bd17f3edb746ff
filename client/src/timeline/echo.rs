//! Local echoes: messages the user wrote that are not in the log yet.
//!
//! They stand below the log in the order they were written. The acknowledgement and the event of a
//! message may come in either order; the row keeps its key through both.

use frontdesk_protocol::{Cid, Millis};

use super::{Receipt, Row, RowKey, Timeline};
use crate::outbox::{OutboxEntry, SendFailure};

impl Timeline {
    /// Shows an entry of the outbox. One that is shown already is only brought up to date.
    pub(crate) fn echo(&mut self, entry: &OutboxEntry) {
        let receipt = entry.failed.map_or(Receipt::Sending, Receipt::Failed);
        if let Some(at) = self.find_cid(entry.cid) {
            if at >= self.logged {
                self.change(at, |row| row.receipt = Some(receipt));
            }
            return;
        }
        let row = Row {
            key: RowKey::Cid(entry.cid),
            seq: None,
            cid: Some(entry.cid),
            author: self.me.clone(),
            mine: true,
            body: entry.body.clone(),
            media: None,
            attributes: entry.attributes.clone(),
            ts: entry.written,
            edited: false,
            redacted: false,
            receipt: Some(receipt),
            divider: None,
            starts_group: true,
            ends_group: true,
        };
        self.insert(self.rows.len(), row);
    }

    /// The server has stored an entry. Its place in the log comes with its event.
    pub(crate) fn ack(&mut self, cid: Cid, seq: u64, ts: Millis, applied: u64) {
        let Some(at) = self.find_cid(cid) else { return };
        if at < self.logged {
            return;
        }
        if seq <= applied {
            // Its event was applied and it is not among the rows: it is above those loaded.
            self.remove(at);
            return;
        }
        self.acked.push((cid, seq));
        self.change(at, |row| {
            row.ts = ts;
            row.receipt = Some(Receipt::Sent);
        });
    }

    /// An entry was refused for good, or is tried again (`None`).
    pub(crate) fn fail(&mut self, cid: Cid, failure: Option<SendFailure>) {
        if let Some(at) = self.find_cid(cid).filter(|at| *at >= self.logged) {
            let receipt = failure.map_or(Receipt::Sending, Receipt::Failed);
            self.change(at, |row| row.receipt = Some(receipt));
        }
    }

    /// Takes a local echo away: its entry was discarded.
    pub(crate) fn drop_echo(&mut self, cid: Cid) {
        if let Some(at) = self.find_cid(cid).filter(|at| *at >= self.logged) {
            self.remove(at);
        }
        self.acked.retain(|(acked, _)| *acked != cid);
    }

    /// Where the user's own message with this id is; echoes are looked at first.
    pub(super) fn find_cid(&self, cid: Cid) -> Option<usize> {
        self.rows.iter().rposition(|row| row.mine && row.cid == Some(cid))
    }

    /// The local echo of a message that came by the log, taken out.
    pub(super) fn take_echo(&mut self, cid: Cid) -> Option<usize> {
        let at = self.rows[self.logged..]
            .iter()
            .position(|row| row.cid == Some(cid))
            .map(|at| at + self.logged)?;
        self.acked.retain(|(acked, _)| *acked != cid);
        Some(at)
    }
}
