//! What the list says of a chat: read off the newest messages of its timeline.

use frontdesk_client::Row;
use frontdesk_protocol::Millis;

/// A chat at a glance. All of it comes from the channel, once the console follows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Glance {
    /// The newest message, on one line.
    pub last: Option<LastLine>,
    /// Messages the agent has not read.
    pub unread: u64,
    /// Whether the visitor is writing.
    pub typing: bool,
    /// Since when the visitor has been waiting for an answer: their first message after the last
    /// one from our side.
    pub waits_since: Option<Millis>,
}

/// The newest message of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastLine {
    /// The text, without line breaks; empty if it was taken back.
    pub text: String,
    /// When.
    pub at: Millis,
    /// Whether the agent said it.
    pub mine: bool,
}

/// Longer lines are cut by the style anyway; this keeps a pasted novel out of the list.
const LINE_CHARS: usize = 120;

impl Glance {
    /// The glance at these rows, oldest first. `is_guest` tells the visitor's messages.
    #[must_use]
    pub fn of(rows: &[Row], unread: u64, typing: bool, is_guest: impl Fn(&Row) -> bool) -> Self {
        let last = rows.last().map(|row| LastLine {
            text: one_line(row.gist()),
            at: row.ts,
            mine: row.mine,
        });
        let waits_since =
            rows.iter().rev().take_while(|row| is_guest(row)).last().map(|row| row.ts);
        Self { last, unread, typing, waits_since }
    }
}

/// How many messages after `horizon` somebody else said, of those that count.
#[must_use]
pub fn unread(rows: &[Row], horizon: u64, counts: impl Fn(&Row) -> bool) -> u64 {
    let fresh = rows.iter().filter(|row| !row.mine && row.seq.is_some_and(|seq| seq > horizon));
    fresh.filter(|row| counts(row)).count() as u64
}

/// Somebody's words without line breaks, cut to what a line may hold.
pub(crate) fn one_line(body: &str) -> String {
    let mut line = String::new();
    for word in body.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().take(LINE_CHARS));
        if line.chars().count() >= LINE_CHARS {
            break;
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use frontdesk_client::RowKey;
    use frontdesk_protocol::Identity;

    use super::*;

    fn row(seq: u64, author: &str, body: &str) -> Row {
        Row {
            key: RowKey::Seq(seq),
            seq: Some(seq),
            cid: None,
            author: Identity::parse(author).unwrap(),
            mine: author == "anna",
            body: body.into(),
            media: None,
            attributes: Default::default(),
            ts: Millis(seq * 1_000),
            edited: false,
            redacted: false,
            receipt: None,
            divider: None,
            starts_group: true,
            ends_group: true,
        }
    }

    fn glance(rows: &[Row]) -> Glance {
        Glance::of(rows, 0, false, |row| row.author.as_str() == "guest")
    }

    #[test]
    fn waiting_begins_with_the_first_unanswered_message() {
        let rows = [row(1, "guest", "Hi"), row(2, "anna", "Yes?"), row(3, "guest", "My order")];
        assert_eq!(glance(&rows).waits_since, Some(Millis(3_000)));
        let rows = [row(1, "guest", "Hi"), row(2, "guest", "Hello?")];
        assert_eq!(glance(&rows).waits_since, Some(Millis(1_000)));
    }

    #[test]
    fn who_was_answered_does_not_wait() {
        assert_eq!(glance(&[row(1, "guest", "Hi"), row(2, "anna", "Yes?")]).waits_since, None);
        assert_eq!(glance(&[row(1, "guest", "Hi"), row(2, "bot", "Yes?")]).waits_since, None);
        assert_eq!(glance(&[]).waits_since, None);
    }

    #[test]
    fn what_does_not_count_and_what_was_read_is_not_unread() {
        let waiting = Row { seq: None, ..row(9, "guest", "not logged") };
        let rows = [
            row(1, "guest", "Hi"),
            row(2, "anna", "Yes?"),
            row(3, "system", "Note"),
            row(4, "guest", "My order"),
            waiting,
        ];
        let unread = |horizon| super::unread(&rows, horizon, |row| row.author.as_str() != "system");
        assert_eq!(unread(0), 2);
        assert_eq!(unread(1), 1);
        assert_eq!(unread(4), 0);
        assert_eq!(super::unread(&rows, 1, |_| true), 2);
    }

    #[test]
    fn the_last_line_is_one_line() {
        let rows = [row(1, "guest", "  one\n\n two\tthree  ")];
        assert_eq!(glance(&rows).last.map(|last| last.text).as_deref(), Some("one two three"));
        let long = [row(1, "guest", &"x".repeat(32_768))];
        assert_eq!(glance(&long).last.map(|last| last.text.len()), Some(LINE_CHARS));
    }
}
