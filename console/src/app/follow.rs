//! Which channels are followed: those whose last line the list shows, and the one on the desk.

use std::collections::BTreeSet;

use frontdesk_client::Event;
use frontdesk_protocol::{Stream, limits::STREAMS, state::TaskStatus};
use leptos::prelude::*;

use super::App;
use crate::desk::list::{Tab, on_tab};

/// The user's own stream, the queue's, and a little room for a change of mind.
const RESERVED: usize = 10;

impl App {
    /// Follows what is wanted and lets go of the rest.
    ///
    /// One's own chats come first, then those that wait, longest first, as many as one connection
    /// may follow. Closed chats are followed only while they are on the desk.
    pub(super) fn follow(&self) {
        let (Some(runner), Some(me)) = (self.runner(), self.shown.me_now()) else { return };
        let chosen = self.shown.task_now();
        let open = |task: &&frontdesk_protocol::state::Task| task.status != TaskStatus::Closed;
        let wanted: BTreeSet<Stream> = self.shown.tasks.with_untracked(|tasks| {
            let none = std::collections::BTreeMap::new();
            let listed = [Tab::Mine, Tab::Waiting]
                .into_iter()
                .flat_map(|tab| on_tab(tab, tasks, &none, &me));
            chosen
                .into_iter()
                .chain(listed.filter(|task| open(&task)))
                .map(|task| Stream::from(task.channel))
                .take(STREAMS - RESERVED)
                .collect()
        });
        let before = std::mem::replace(&mut self.inner.borrow_mut().followed, wanted.clone());
        for stream in before.difference(&wanted) {
            runner.dispatch(Event::Unfollow { stream: stream.clone() });
        }
        for stream in wanted.difference(&before) {
            runner.dispatch(Event::Follow { stream: stream.clone() });
        }
    }
}
