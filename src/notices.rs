//! What the client says has changed, written into the signals.

use std::cell::RefCell;

use frontdesk_browser::timer::Timer;
use frontdesk_client::{
    Client, Connection, Diff, Notice, Problem, Receipt, Row, Screen, SuspendReason, Timeline,
};
use frontdesk_protocol::json::decimal;
use leptos::prelude::*;

use crate::{lines, state::Overlay, ui::Var, widget::Widget, words::fill};

/// How long the live region holds a sentence.
const ANNOUNCED_MS: u64 = 1_000;

/// Writes notices into signals. One for each widget.
pub struct Notices {
    widget: Widget,
    /// Messages in the sentence that the live region holds, and what will empty it.
    burst: RefCell<(usize, Option<Timer>)>,
}

impl Notices {
    /// For this widget.
    #[must_use]
    pub fn new(widget: Widget) -> Self {
        Self { widget, burst: RefCell::default() }
    }

    /// Something has changed; `client` says how it is now.
    pub fn apply(&self, client: &Client, notice: Notice) {
        let state = self.widget.state;
        match notice {
            Notice::Screen => self.screen(client.screen()),
            Notice::Connection => self.connection(client.connection()),
            Notice::Timeline { stream, diffs } => {
                if client.connection().is_live()
                    && let Some(timeline) = client.timeline(&stream)
                {
                    self.announce_new(timeline, &diffs);
                }
                state.lines.update(|rows| lines::apply(rows, diffs));
            }
            Notice::Channel(stream) => {
                let Some(timeline) = client.timeline(&stream) else { return };
                set(state.is_loaded, timeline.channel().is_some());
                set(state.is_loading, timeline.is_loading());
                state.members.set(timeline.members().to_vec());
            }
            Notice::Unread(stream) => set(state.unread, client.unread(&stream)),
            Notice::Typing(stream) => {
                let names = client
                    .typing(&stream)
                    .into_iter()
                    .filter_map(|who| Some(client.timeline(&stream)?.member(who)?.name.clone()));
                state.typing.set(names.collect());
            }
            Notice::EndFailed => {
                state.is_end_failed.set(true);
                state.overlay.set(Overlay::End);
            }
            Notice::FileFailed => state.lost.set(self.widget.words.file_failed.to_owned()),
            Notice::Gone(_) | Notice::Tasks | Notice::Channels => {}
        }
    }

    fn screen(&self, screen: &Screen) {
        let state = self.widget.state;
        match screen {
            Screen::Form(form) => {
                if state.screen.with_untracked(|was| matches!(was, Screen::Chat | Screen::Ended)) {
                    state.forget();
                    self.widget.keep_draft("");
                }
                let is_refused = !form.fields.is_empty() || form.problem.is_some();
                let words = match &form.problem {
                    None => String::new(),
                    Some(Problem::Unreachable) => self.widget.words.form_unreachable.to_owned(),
                    Some(Problem::Refused(words)) => words.clone(),
                };
                if is_refused {
                    // The form takes it to what is wrong instead.
                    state.wants_focus.set(false);
                }
                state.problems.set(form.fields.clone());
                state.refusal.set(words);
                state.is_submitted.set(false);
            }
            Screen::Starting => state.refusal.set(String::new()),
            Screen::Ended => state.overlay.set(Overlay::None),
            Screen::Idle | Screen::Chat => {}
        }
        state.screen.set(screen.clone());
    }

    fn connection(&self, connection: Connection) {
        let state = self.widget.state;
        match connection {
            Connection::Waiting { .. }
            | Connection::Suspended(SuspendReason::Offline | SuspendReason::TooManySockets)
            | Connection::Failed(_) => set(state.is_away, true),
            Connection::Live { .. } | Connection::Idle | Connection::Closed => {
                set(state.is_away, false);
            }
            Connection::Token
            | Connection::Connecting { .. }
            | Connection::Hello { .. }
            | Connection::Syncing { .. }
            | Connection::Suspended(SuspendReason::Hidden | SuspendReason::Away) => {}
        }
        state.connection.set(connection);
    }

    /// What a screen reader hears: messages of others that come in below, not history, and one's
    /// own message when it fails.
    fn announce_new(&self, timeline: &Timeline, diffs: &[Diff]) {
        let words = self.widget.words;
        let mut newest: Option<&Row> = None;
        let mut count = 0;
        let mut rows = self.widget.state.lines.with_untracked(Vec::len);
        for diff in diffs {
            match diff {
                Diff::Insert { at, row } => {
                    if *at == rows && !row.mine {
                        newest = Some(row);
                        count += 1;
                    }
                    rows += 1;
                }
                Diff::Update { at, row } => {
                    if let Some(Receipt::Failed(failure)) = row.receipt
                        && !self.has_failed(*at)
                    {
                        self.announce([words.failure(failure), ": ", &row.body].concat());
                    }
                }
                Diff::Remove { .. } => rows = rows.saturating_sub(1),
                Diff::Reset(all) => rows = all.len(),
            }
        }
        let Some(row) = newest else { return };
        // Who says something now is there.
        set(self.widget.state.is_staffed, true);
        // An empty region is the end of a burst.
        let is_quiet = self.widget.state.announcement.with_untracked(String::is_empty);
        let before = if is_quiet { 0 } else { self.burst.borrow().0 };
        self.burst.borrow_mut().0 = before + count;
        let text = if before + count > 1 {
            fill(words.burst, &decimal((before + count) as u64))
        } else {
            let name = timeline.member(&row.author).map_or("", |who| &who.name);
            [name, ": ", row.gist()].concat()
        };
        self.announce(text);
    }

    fn has_failed(&self, at: usize) -> bool {
        let was = self.widget.state.lines.with_untracked(|lines| {
            lines.get(at).and_then(|line| line.row.with_untracked(|row| row.receipt))
        });
        matches!(was, Some(Receipt::Failed(_)))
    }

    fn announce(&self, text: String) {
        let widget = self.widget;
        widget.state.announcement.set(text);
        // The timer goes with this widget, and with it the last look at the signal.
        let silence =
            Timer::after(ANNOUNCED_MS, move || widget.state.announcement.set(String::new()));
        self.burst.borrow_mut().1 = Some(silence);
    }
}

/// Sets a signal only if it is then different.
fn set<T: PartialEq + Copy + 'static>(live: Var<T>, value: T) {
    if live.get_untracked() != value {
        live.set(value);
    }
}
