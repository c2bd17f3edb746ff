//! How far one's own messages have come: the marks of the others.

use super::{Receipt, Timeline};

impl Timeline {
    /// The receipt of one's own message at this position.
    pub(super) fn receipt(&self, seq: u64) -> Receipt {
        let others = || self.members.iter().filter(|member| member.identity != self.me);
        if others().any(|member| member.read >= seq) {
            Receipt::Read
        } else if others().any(|member| member.seen >= seq) {
            Receipt::Delivered
        } else {
            Receipt::Sent
        }
    }

    /// A mark of somebody else moved from `from` to `to`: the messages between are looked at again.
    pub(super) fn refresh_receipts(&mut self, from: u64, to: u64) {
        let (Ok(first) | Err(first)) = self.find(from.saturating_add(1));
        for at in first..self.logged {
            let Some(seq) = self.rows[at].seq else { continue };
            if seq > to {
                break;
            }
            if self.rows[at].mine {
                let receipt = self.receipt(seq);
                self.change(at, |row| row.receipt = Some(receipt));
            }
        }
    }
}
