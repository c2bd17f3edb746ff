//! The list of chats: which tab a task stands on, and in which order.

use std::{cmp::Reverse, collections::BTreeMap};

use frontdesk_protocol::{
    ChannelSid, Identity, Millis,
    state::{Task, TaskStatus},
};

use super::glance::Glance;

/// A part of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// Nobody has taken them yet.
    #[default]
    Waiting,
    /// This agent has taken them.
    Mine,
    /// They are over.
    Closed,
}

impl Tab {
    /// All tabs, as they stand side by side.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Mine, Self::Closed];

    /// What stands on it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Mine => "Mine",
            Self::Closed => "Closed",
        }
    }

    /// A word for the element's id.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Mine => "mine",
            Self::Closed => "closed",
        }
    }

    /// The tab a task stands on for `me`; `None` for what a colleague is busy with.
    #[must_use]
    pub fn of(task: &Task, me: &Identity) -> Option<Self> {
        match task.status {
            TaskStatus::Waiting => Some(Self::Waiting),
            TaskStatus::Accepted => (task.agent.as_ref() == Some(me)).then_some(Self::Mine),
            TaskStatus::Closed => Some(Self::Closed),
        }
    }
}

/// How many chats stand on each tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Waiting.
    pub waiting: usize,
    /// Mine.
    pub mine: usize,
    /// Closed.
    pub closed: usize,
    /// Unread messages in mine.
    pub unread: u64,
}

impl Counts {
    /// Counts.
    #[must_use]
    pub fn of(tasks: &[Task], glances: &BTreeMap<ChannelSid, Glance>, me: &Identity) -> Self {
        let mut counts = Self::default();
        for task in tasks {
            match Tab::of(task, me) {
                Some(Tab::Waiting) => counts.waiting += 1,
                Some(Tab::Mine) => {
                    counts.mine += 1;
                    counts.unread += glances.get(&task.channel).map_or(0, |glance| glance.unread);
                }
                Some(Tab::Closed) => counts.closed += 1,
                None => {}
            }
        }
        counts
    }

    /// The count on a tab.
    #[must_use]
    pub const fn on(&self, tab: Tab) -> usize {
        match tab {
            Tab::Waiting => self.waiting,
            Tab::Mine => self.mine,
            Tab::Closed => self.closed,
        }
    }
}

/// The tasks on a tab in their order.
///
/// Waiting: who has waited longest comes first. Mine: where something was said last. Closed: what
/// was closed last. Ties are broken by SID, so that nothing swaps places without a reason.
#[must_use]
pub fn on_tab(
    tab: Tab,
    tasks: &[Task],
    glances: &BTreeMap<ChannelSid, Glance>,
    me: &Identity,
) -> Vec<Task> {
    let mut shown: Vec<Task> =
        tasks.iter().filter(|task| Tab::of(task, me) == Some(tab)).cloned().collect();
    match tab {
        Tab::Waiting => shown.sort_by(|a, b| (a.created, &a.sid).cmp(&(b.created, &b.sid))),
        Tab::Mine => {
            shown.sort_by_cached_key(|task| (Reverse(said_last(task, glances)), task.sid.clone()))
        }
        Tab::Closed => shown.sort_by_cached_key(|task| (Reverse(task.updated), task.sid.clone())),
    }
    shown
}

fn said_last(task: &Task, glances: &BTreeMap<ChannelSid, Glance>) -> Millis {
    let said = glances.get(&task.channel).and_then(|glance| glance.last.as_ref());
    said.map_or(task.updated, |last| last.at.max(task.updated))
}

/// A key that moves along the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// One up or to the left.
    Back,
    /// One down or to the right.
    On,
    /// To the first.
    First,
    /// To the last.
    Last,
}

impl Step {
    /// The step that a key of the keyboard means in a list from top to bottom.
    #[must_use]
    pub fn down(key: &str) -> Option<Self> {
        Self::of(key, "ArrowUp", "ArrowDown")
    }

    /// The step that a key of the keyboard means in a row from left to right.
    #[must_use]
    pub fn across(key: &str) -> Option<Self> {
        Self::of(key, "ArrowLeft", "ArrowRight")
    }

    fn of(key: &str, back: &str, on: &str) -> Option<Self> {
        match key {
            "Home" => Some(Self::First),
            "End" => Some(Self::Last),
            _ if key == back => Some(Self::Back),
            _ if key == on => Some(Self::On),
            _ => None,
        }
    }

    /// The place after the step among `len` places; `None` if there is no place at all.
    #[must_use]
    pub fn from(self, place: Option<usize>, len: usize) -> Option<usize> {
        let last = len.checked_sub(1)?;
        Some(match (self, place) {
            (Self::First, _) | (Self::Back | Self::On, None) => 0,
            (Self::Last, _) => last,
            (Self::Back, Some(place)) => place.saturating_sub(1),
            (Self::On, Some(place)) => (place + 1).min(last),
        })
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_protocol::TaskSid;

    use super::{super::glance::LastLine, *};

    fn me() -> Identity {
        Identity::parse("anna").unwrap()
    }

    fn task(bits: u128, status: TaskStatus, agent: Option<&str>, created: u64) -> Task {
        Task {
            sid: TaskSid::from_bits(bits),
            channel: ChannelSid::from_bits(bits),
            status,
            name: format!("Guest {bits}"),
            created: Millis(created),
            updated: Millis(created),
            agent: agent.and_then(Identity::parse),
            attributes: Default::default(),
        }
    }

    fn order(tab: Tab, tasks: &[Task], glances: &BTreeMap<ChannelSid, Glance>) -> Vec<String> {
        on_tab(tab, tasks, glances, &me()).into_iter().map(|task| task.name).collect()
    }

    #[test]
    fn who_has_waited_longest_comes_first() {
        let tasks = [
            task(1, TaskStatus::Waiting, None, 30),
            task(2, TaskStatus::Waiting, None, 10),
            task(3, TaskStatus::Waiting, None, 10),
        ];
        assert_eq!(order(Tab::Waiting, &tasks, &[].into()), ["Guest 2", "Guest 3", "Guest 1"]);
    }

    #[test]
    fn the_chat_that_spoke_last_comes_first() {
        let tasks = [
            task(1, TaskStatus::Accepted, Some("anna"), 20),
            task(2, TaskStatus::Accepted, Some("anna"), 10),
        ];
        let said = |at| Glance {
            last: Some(LastLine { text: "Hi".into(), at: Millis(at), mine: false }),
            ..Glance::default()
        };
        assert_eq!(order(Tab::Mine, &tasks, &[].into()), ["Guest 1", "Guest 2"]);
        let glances = [(ChannelSid::from_bits(2), said(50))].into();
        assert_eq!(order(Tab::Mine, &tasks, &glances), ["Guest 2", "Guest 1"]);
    }

    #[test]
    fn a_colleagues_chat_is_on_no_tab() {
        let tasks = [task(1, TaskStatus::Accepted, Some("bert"), 1)];
        for tab in Tab::ALL {
            assert!(on_tab(tab, &tasks, &[].into(), &me()).is_empty());
        }
    }

    #[test]
    fn only_my_own_unread_messages_are_counted() {
        let tasks = [
            task(1, TaskStatus::Waiting, None, 1),
            task(2, TaskStatus::Accepted, Some("anna"), 1),
            task(3, TaskStatus::Closed, Some("anna"), 1),
        ];
        let glance = Glance { unread: 2, ..Glance::default() };
        let glances = (1..=3).map(|n| (ChannelSid::from_bits(n), glance.clone())).collect();
        let counts = Counts::of(&tasks, &glances, &me());
        assert_eq!(counts, Counts { waiting: 1, mine: 1, closed: 1, unread: 2 });
    }

    #[test]
    fn arrows_stop_at_the_ends() {
        assert_eq!(Step::On.from(Some(2), 3), Some(2));
        assert_eq!(Step::Back.from(Some(0), 3), Some(0));
        assert_eq!(Step::Last.from(None, 3), Some(2));
        assert_eq!(Step::On.from(None, 3), Some(0));
        assert_eq!(Step::On.from(Some(9), 0), None);
        assert_eq!(Step::down("x"), None);
    }
}
