//! The rows of the timeline as the views hold them: one signal a row, made once and kept as long as
//! the row lives, so that a change of one redraws one.

use frontdesk_client::{Diff, Row, RowKey};
use leptos::prelude::*;

/// A row and its key. Cloning it is cheap, and the clone is the same row.
#[derive(Debug, Clone)]
pub struct Line {
    /// What the list keys by.
    pub key: RowKey,
    /// What it shows. Counted, not owned by a view: it outlives every row that is taken away.
    pub row: ArcRwSignal<Row>,
    /// Whether it came in while somebody was looking, and may show where it comes from.
    pub is_new: bool,
}

/// The same row, and not only one in its place.
impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.row == other.row
    }
}

impl Line {
    fn new(row: Row, is_new: bool) -> Self {
        Self { key: row.key, row: ArcRwSignal::new(row), is_new }
    }
}

/// Applies what changed, in its order. A row that is known keeps its signal.
pub fn apply(lines: &mut Vec<Line>, diffs: Vec<Diff>) {
    for diff in diffs {
        match diff {
            Diff::Reset(rows) => {
                // Looked through one by one: a page is short, and a map of rows would cost every
                // visitor more than it saves.
                let mut known = std::mem::take(lines);
                for row in rows {
                    let line = match known.iter().position(|line| line.key == row.key) {
                        Some(at) => {
                            let line = known.swap_remove(at);
                            line.row.set(row);
                            line
                        }
                        None => Line::new(row, false),
                    };
                    lines.push(line);
                }
            }
            Diff::Insert { at, row } => {
                let at = at.min(lines.len());
                let is_new = at == lines.len();
                lines.insert(at, Line::new(row, is_new));
            }
            Diff::Update { at, row } => {
                if let Some(line) = lines.get(at) {
                    line.row.set(row);
                }
            }
            Diff::Remove { at, .. } => {
                if at < lines.len() {
                    lines.remove(at);
                }
            }
        }
    }
}
