//! What the user has not read yet.

use super::{RowKey, Timeline};

impl Timeline {
    /// The user's consumption horizon: what the server knows, or what this device is ahead.
    #[must_use]
    pub fn horizon(&self) -> u64 {
        self.member(&self.me).map_or(0, |member| member.read).max(self.read_here)
    }

    /// The first message that the user has not read, for the "new messages" line.
    #[must_use]
    pub fn first_unread(&self) -> Option<RowKey> {
        let horizon = self.horizon();
        let (Ok(from) | Err(from)) = self.find(horizon.saturating_add(1));
        self.rows[from..self.logged].iter().find(|row| !row.mine).map(|row| row.key)
    }

    /// The user has read up to here. True if that is further than before.
    pub(crate) fn read_up_to(&mut self, seq: u64) -> bool {
        let newest = self.rows[..self.logged].last().and_then(|row| row.seq).unwrap_or(0);
        let seq = seq.min(newest);
        let is_further = seq > self.horizon();
        if is_further {
            self.read_here = seq;
            self.recount();
        }
        is_further
    }

    pub(super) fn recount(&mut self) {
        let (Ok(from) | Err(from)) = self.find(self.horizon().saturating_add(1));
        self.unread = self.rows[from..self.logged].iter().filter(|row| !row.mine).count() as u64;
    }
}
