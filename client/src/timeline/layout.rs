//! Date dividers and groups: what a row shows because of its neighbours.

use super::{Diff, Row, Timeline};
use crate::clock::Day;

/// Messages of one author belong together if no more than this lies between them.
const GROUP_MS: u64 = 5 * 60 * 1_000;

impl Timeline {
    /// Puts a row in, and sets it and its neighbours right.
    pub(super) fn insert(&mut self, at: usize, row: Row) {
        self.rows.insert(at, row);
        self.lay_out(at);
        let row = self.rows[at].clone();
        self.diffs.push(Diff::Insert { at, row });
        self.refresh_neighbours(at);
    }

    /// Takes a row out, and sets its neighbours right.
    pub(super) fn remove(&mut self, at: usize) -> Row {
        let row = self.rows.remove(at);
        self.diffs.push(Diff::Remove { at, key: row.key });
        if at > 0 {
            self.refresh(at - 1);
        }
        if at < self.rows.len() {
            self.refresh(at);
        }
        row
    }

    /// Changes a row in place; views hear of it only if it is then different.
    pub(super) fn change(&mut self, at: usize, change: impl FnOnce(&mut Row)) {
        let before = self.rows[at].clone();
        change(&mut self.rows[at]);
        self.lay_out(at);
        self.tell(at, &before);
        if self.rows[at].ts != before.ts {
            self.refresh_neighbours(at);
        }
    }

    /// All rows are new: lays them all out.
    pub(super) fn reset(&mut self) {
        for at in 0..self.rows.len() {
            self.lay_out(at);
        }
        self.diffs.clear();
        self.diffs.push(Diff::Reset(self.rows.clone()));
    }

    fn refresh_neighbours(&mut self, at: usize) {
        if at > 0 {
            self.refresh(at - 1);
        }
        if at + 1 < self.rows.len() {
            self.refresh(at + 1);
        }
    }

    fn refresh(&mut self, at: usize) {
        let layout = |row: &Row| (row.divider, row.starts_group, row.ends_group);
        let before = layout(&self.rows[at]);
        self.lay_out(at);
        if layout(&self.rows[at]) != before {
            let row = self.rows[at].clone();
            self.diffs.push(Diff::Update { at, row });
        }
    }

    fn tell(&mut self, at: usize, before: &Row) {
        if self.rows[at] != *before {
            let row = self.rows[at].clone();
            self.diffs.push(Diff::Update { at, row });
        }
    }

    fn lay_out(&mut self, at: usize) {
        let day = |row: &Row| Day::of(row.ts, self.utc_offset_min);
        let joined = |above: &Row, below: &Row| {
            above.author == below.author
                && below.ts.since(above.ts) <= GROUP_MS
                && day(above) == day(below)
        };
        let row = &self.rows[at];
        let above = at.checked_sub(1).map(|above| &self.rows[above]);
        let below = self.rows.get(at + 1);
        let divider = above.is_none_or(|above| day(above) != day(row)).then(|| day(row));
        let starts_group = above.is_none_or(|above| !joined(above, row));
        let ends_group = below.is_none_or(|below| !joined(row, below));
        let row = &mut self.rows[at];
        (row.divider, row.starts_group, row.ends_group) = (divider, starts_group, ends_group);
    }
}
