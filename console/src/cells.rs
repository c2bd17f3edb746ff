//! The rows of a timeline as signals, one each, so that a receipt redraws one line and not the
//! whole conversation.

use frontdesk_client::{Diff, Row, RowKey};
use leptos::prelude::*;

/// A row that is drawn.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Its key: never changes.
    pub key: RowKey,
    /// What it says now.
    pub row: ArcRwSignal<Row>,
}

impl Cell {
    fn new(row: Row) -> Self {
        Self { key: row.key, row: ArcRwSignal::new(row) }
    }
}

/// Cells for all these rows. Those with keys known before keep their signal, and with it their
/// place on the page.
#[must_use]
pub fn of_rows(before: &[Cell], rows: &[Row]) -> Vec<Cell> {
    let mut known: std::collections::BTreeMap<RowKey, &Cell> =
        before.iter().map(|cell| (cell.key, cell)).collect();
    rows.iter()
        .map(|row| match known.remove(&row.key) {
            Some(cell) => {
                if cell.row.with_untracked(|old| old != row) {
                    cell.row.set(row.clone());
                }
                cell.clone()
            }
            None => Cell::new(row.clone()),
        })
        .collect()
}

/// Applies changes in their order. True if rows came, went or moved: only then the list itself has
/// to be looked at again.
pub fn apply(cells: &mut Vec<Cell>, diffs: Vec<Diff>) -> bool {
    let mut is_moved = false;
    for diff in diffs {
        match diff {
            Diff::Reset(rows) => {
                *cells = of_rows(cells, &rows);
                is_moved = true;
            }
            Diff::Insert { at, row } => {
                cells.insert(at.min(cells.len()), Cell::new(row));
                is_moved = true;
            }
            Diff::Update { at, row } => {
                if let Some(cell) = cells.get(at) {
                    cell.row.set(row);
                }
            }
            Diff::Remove { at, .. } => {
                if at < cells.len() {
                    cells.remove(at);
                }
                is_moved = true;
            }
        }
    }
    is_moved
}

#[cfg(test)]
mod tests {
    use frontdesk_protocol::{Identity, Millis};

    use super::*;

    fn row(seq: u64, body: &str) -> Row {
        Row {
            key: RowKey::Seq(seq),
            seq: Some(seq),
            cid: None,
            author: Identity::parse("guest").unwrap(),
            mine: false,
            body: body.into(),
            media: None,
            attributes: Default::default(),
            ts: Millis(seq),
            edited: false,
            redacted: false,
            receipt: None,
            divider: None,
            starts_group: true,
            ends_group: true,
        }
    }

    fn bodies(cells: &[Cell]) -> Vec<String> {
        cells.iter().map(|cell| cell.row.with_untracked(|row| row.body.clone())).collect()
    }

    #[test]
    fn a_change_within_a_row_leaves_the_list_alone() {
        let mut cells = of_rows(&[], &[row(1, "a"), row(2, "b")]);
        assert!(!apply(&mut cells, vec![Diff::Update { at: 1, row: row(2, "B") }]));
        assert_eq!(bodies(&cells), ["a", "B"]);
    }

    #[test]
    fn changes_are_applied_in_their_order() {
        let mut cells = of_rows(&[], &[row(2, "b")]);
        let diffs = vec![
            Diff::Insert { at: 0, row: row(1, "a") },
            Diff::Remove { at: 1, key: RowKey::Seq(2) },
            Diff::Insert { at: 1, row: row(3, "c") },
        ];
        assert!(apply(&mut cells, diffs));
        assert_eq!(bodies(&cells), ["a", "c"]);
    }

    #[test]
    fn a_fresh_picture_keeps_the_rows_it_has_in_common() {
        let before = of_rows(&[], &[row(1, "a"), row(2, "b")]);
        let after = of_rows(&before, &[row(2, "B"), row(3, "c")]);
        assert_eq!(bodies(&after), ["B", "c"]);
        assert_eq!(bodies(&before), ["a", "B"], "the signal is the same one");
    }
}
