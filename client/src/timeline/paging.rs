//! Older messages, put on top page by page.

use frontdesk_protocol::{Cid, frame::Page};

use super::{Row, Timeline};

impl Timeline {
    /// Where the next older page ends: messages before this position. `None` if there is nothing
    /// to ask for, or a page is on its way.
    pub(crate) fn start_loading(&mut self) -> Option<u64> {
        if !self.has_older || self.is_loading {
            return None;
        }
        let before = self.rows[..self.logged].first().and_then(|row| row.seq)?;
        self.is_loading = true;
        self.is_changed = true;
        Some(before)
    }

    /// The page did not come; it can be asked for again.
    pub(crate) const fn stop_loading(&mut self) {
        if self.is_loading {
            self.is_loading = false;
            self.is_changed = true;
        }
    }

    /// An older page is here. Returns the user's own messages it carries.
    pub(crate) fn take_page(&mut self, page: Page) -> Vec<Cid> {
        if !self.is_loading {
            return Vec::new();
        }
        self.is_loading = false;
        self.is_changed = true;
        self.has_older = page.more;
        let oldest = self.rows[..self.logged].first().and_then(|row| row.seq).unwrap_or(u64::MAX);
        let mut own = Vec::new();
        let older = page.items.into_iter().filter(|message| message.seq < oldest);
        for (at, message) in older.enumerate() {
            let seq = message.seq;
            let mut row = Row::of_message(message, &self.me);
            if row.mine {
                row.receipt = Some(self.receipt(seq));
                if let Some(cid) = row.cid {
                    own.push(cid);
                    if let Some(echo) = self.take_echo(cid) {
                        self.remove(echo);
                    }
                }
            }
            self.insert(at, row);
            self.logged += 1;
        }
        self.recount();
        own
    }
}
