//! From the client to the signals: each notice says what to read again.

use frontdesk_client::{Connection, FailReason, Notice, RowKey};
use frontdesk_protocol::{
    Stream,
    state::{Status, TaskStatus},
};
use leptos::prelude::*;

use super::App;
use crate::{
    cells,
    desk::{
        glance::{Glance, unread},
        list::Tab,
    },
    state::{Door, Talk},
};

impl App {
    /// Shows what has changed.
    pub(super) fn mirror(&self, notice: Notice) {
        let shown = self.shown;
        match notice {
            Notice::Screen | Notice::Channels | Notice::EndFailed => {}
            Notice::FileFailed => self.toast("The file could not be fetched. Try again."),
            Notice::Connection => self.connection(),
            Notice::Tasks => self.tasks(),
            Notice::Timeline { stream, diffs } => {
                let newest = self.newest(&stream);
                if self.is_chosen(&stream) {
                    let mut cells = shown.rows.get_untracked();
                    if cells::apply(&mut cells, diffs) {
                        shown.rows.set(cells);
                    }
                }
                self.glance(&stream);
                self.announce(&stream, newest);
            }
            Notice::Channel(stream) => {
                self.glance(&stream);
                self.talk(&stream);
            }
            Notice::Unread(stream) => self.glance(&stream),
            Notice::Typing(stream) => {
                self.glance(&stream);
                self.talk(&stream);
            }
            Notice::Gone(stream) => {
                if let Stream::Channel(channel) = &stream {
                    shown.glances.update(|glances| {
                        glances.remove(channel);
                    });
                }
                if self.is_chosen(&stream) {
                    shown.rows.set(Vec::new());
                }
            }
        }
    }

    /// Puts the chosen chat on the desk: its rows, and the rest of it.
    pub(super) fn put_on_desk(&self) {
        let (Some(task), Some(runner)) = (self.shown.task_now(), self.runner()) else {
            self.shown.rows.set(Vec::new());
            return self.shown.talk.set(Talk::default());
        };
        let stream = Stream::from(task.channel);
        let rows = runner.read(|client| {
            client.timeline(&stream).map(|timeline| cells::of_rows(&[], timeline.rows()))
        });
        self.shown.rows.set(rows.unwrap_or_default());
        self.talk(&stream);
    }

    fn is_chosen(&self, stream: &Stream) -> bool {
        let task = self.shown.task_now();
        task.is_some_and(|task| Stream::from(task.channel) == *stream)
    }

    fn connection(&self) {
        let Some(runner) = self.runner() else { return };
        let connection = runner.read(frontdesk_client::Client::connection);
        // A server that comes back may know nothing of the session, and still take the token that was
        // given out before. One that refuses whatever is asked for looks like this, too.
        if connection.is_live() && self.shown.was_live.get_untracked()
            || matches!(connection, Connection::Waiting { .. })
        {
            self.check_in();
        }
        if connection.is_live() {
            self.shown.was_live.set(true);
        }
        self.shown.connection.set(connection);
        let is_refused = connection == Connection::Failed(FailReason::Token);
        if is_refused && matches!(self.shown.door.get_untracked(), Door::Open(_)) {
            self.expire();
        }
    }

    fn tasks(&self) {
        let Some(runner) = self.runner() else { return };
        let tasks: Vec<_> = runner.read(|client| client.tasks().cloned().collect());
        let is_first = !self.shown.is_listed.get_untracked();
        let mut fresh = Vec::new();
        for task in &tasks {
            let is_new = self.inner.borrow_mut().announced.insert(task.sid.clone());
            if is_new && task.status == TaskStatus::Waiting {
                fresh.push(task.name.clone());
            }
        }
        let before = self.shown.task_now().map(|task| task.status);
        self.shown.tasks.set(tasks);
        self.shown.is_listed.set(true);
        // What was accepted here stands on another tab from now on; the agent goes along.
        let (after, me) = (self.shown.task_now(), self.shown.me_now());
        if let (Some(after), Some(me)) = (after, me)
            && before == Some(TaskStatus::Waiting)
            && Tab::of(&after, &me) == Some(Tab::Mine)
        {
            self.shown.tab.set(Tab::Mine);
        }
        match fresh.as_slice() {
            _ if is_first => {}
            [] => {}
            [name] => self.say(format!("{name} is waiting")),
            several => self.say(format!("{} new chats are waiting", several.len())),
        }
        self.follow();
    }

    fn glance(&self, stream: &Stream) {
        let (Stream::Channel(channel), Some(runner)) = (stream, self.runner()) else { return };
        let glance = runner.read(|client| {
            let talk = talk_of(client, stream);
            let rows = client.timeline(stream).map_or(&[][..], |timeline| timeline.rows());
            // Nothing is known before the first snapshot; an empty chat is one that is known.
            if !talk.is_known && rows.is_empty() {
                return None;
            }
            let typing = !talk.typing.is_empty();
            let horizon = client.timeline(stream).map_or(0, frontdesk_client::Timeline::horizon);
            let unread = unread(rows, horizon, |row| !talk.is_stranger(&row.author));
            Some(Glance::of(rows, unread, typing, |row| !row.mine && talk.is_guest(&row.author)))
        });
        let Some(glance) = glance else { return };
        let is_same =
            self.shown.glances.with_untracked(|glances| glances.get(channel) == Some(&glance));
        if !is_same {
            self.shown.glances.update(|glances| {
                glances.insert(channel.clone(), glance);
            });
        }
    }

    fn talk(&self, stream: &Stream) {
        if !self.is_chosen(stream) {
            return;
        }
        let Some(runner) = self.runner() else { return };
        let talk = runner.read(|client| talk_of(client, stream));
        if self.shown.talk.with_untracked(|before| *before != talk) {
            self.shown.talk.set(talk);
        }
    }

    /// The newest message that is shown of a stream.
    fn newest(&self, stream: &Stream) -> Option<RowKey> {
        if !self.is_chosen(stream) {
            return None;
        }
        self.shown.rows.with_untracked(|cells| cells.last().map(|cell| cell.key))
    }

    /// Tells screen readers of one new message from somebody else in the chosen chat. What comes
    /// with a first picture, or with a page of history, is not news.
    fn announce(&self, stream: &Stream, before: Option<RowKey>) {
        if before.is_none() || !self.is_chosen(stream) {
            return;
        }
        let cells = self.shown.rows.get_untracked();
        let from = cells.iter().rposition(|cell| Some(cell.key) == before).map(|at| at + 1);
        let Some(fresh) = from.and_then(|from| cells.get(from..)) else { return };
        let talk = self.shown.talk.get_untracked();
        let visitor = self.shown.task_now().map(|task| task.name).unwrap_or_default();
        let said: Vec<String> = fresh
            .iter()
            .filter_map(|cell| {
                cell.row.with_untracked(|row| {
                    let name = talk.called(&row.author, &visitor);
                    (!row.mine).then(|| format!("{name}: {}", row.gist()))
                })
            })
            .collect();
        match said.as_slice() {
            [] => {}
            [one] => self.say(one.clone()),
            several => self.say(format!("{} new messages", several.len())),
        }
    }
}

fn talk_of(client: &frontdesk_client::Client, stream: &Stream) -> Talk {
    let Some(timeline) = client.timeline(stream) else { return Talk::default() };
    Talk {
        is_known: timeline.channel().is_some(),
        has_older: timeline.has_older(),
        is_loading: timeline.is_loading(),
        is_over: timeline.status() == Status::Inactive,
        members: timeline.members().to_vec(),
        typing: client.typing(stream).into_iter().cloned().collect(),
    }
}
