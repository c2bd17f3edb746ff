//! What the views read: signals, made once at the root and handed down as one value.
//!
//! Only [`crate::app`] writes most of them, from what the client says. A view that wants something
//! changed dispatches a [`crate::wish::Wish`].

use std::collections::BTreeMap;

use frontdesk_browser::http::console::Me;
use frontdesk_client::Connection;
use frontdesk_protocol::{
    ChannelSid, Identity, Millis, TaskSid,
    state::{Member, Role, Task},
};
use leptos::prelude::*;

use crate::{
    cells::Cell,
    desk::{
        glance::Glance,
        list::{Counts, Tab, on_tab},
        login::LoginProblem,
    },
};

/// Whether somebody is signed in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Door {
    /// Not known yet.
    #[default]
    Asking,
    /// The server did not say: it cannot be reached.
    Unreachable,
    /// Nobody is. After `expired` somebody was, and all of theirs is still here.
    Shut {
        /// Whose session ended by itself.
        expired: Option<Me>,
    },
    /// This agent is.
    Open(Me),
}

/// Where the keyboard shall go next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Focus {
    /// To where the chat is answered: the composer, or what stands in its place.
    Answer,
    /// To the composer alone, as soon as there is one.
    Composer,
    /// To the button that opens the side panel.
    Details,
    /// To a chat in the list.
    Chat(TaskSid),
}

/// What is asked of the server about a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// It is being accepted.
    Accept(TaskSid),
    /// It is being closed.
    Close(TaskSid),
}

/// The conversation on the desk, its rows aside.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Talk {
    /// Whether the channel's first snapshot is here.
    pub is_known: bool,
    /// Whether there are older messages than those shown.
    pub has_older: bool,
    /// Whether a page of them is on its way.
    pub is_loading: bool,
    /// Whether the chat has ended.
    pub is_over: bool,
    /// Who is or was in it.
    pub members: Vec<Member>,
    /// Who is writing.
    pub typing: Vec<Identity>,
}

impl Talk {
    /// The name to show for somebody.
    #[must_use]
    pub fn name(&self, identity: &Identity) -> Option<String> {
        let member = self.members.iter().find(|member| member.identity == *identity);
        member.map(|member| member.name.clone()).filter(|name| !name.trim().is_empty())
    }

    /// Whether somebody is in the chat now.
    #[must_use]
    pub fn is_in(&self, identity: &Identity) -> bool {
        self.members.iter().any(|member| member.identity == *identity && !member.left)
    }

    /// Whether somebody is the visitor. Before the members are known, whoever is not us is; from then
    /// on, who is no member is not.
    #[must_use]
    pub fn is_guest(&self, identity: &Identity) -> bool {
        self.role(identity)
            .map_or(!self.is_known && !is_system(identity), |role| role == Role::Guest)
    }

    /// Whether somebody is a program: a bot, or who speaks here without being a member.
    #[must_use]
    pub fn is_program(&self, identity: &Identity) -> bool {
        self.role(identity).map_or(!self.is_guest(identity), |role| role == Role::Bot)
    }

    /// Whether somebody speaks here without being a member.
    #[must_use]
    pub fn is_stranger(&self, identity: &Identity) -> bool {
        self.role(identity).is_none() && !self.is_guest(identity)
    }

    /// What somebody is called in this chat, whose visitor is called `visitor`.
    #[must_use]
    pub fn called(&self, identity: &Identity, visitor: &str) -> String {
        self.name(identity).unwrap_or_else(|| match identity {
            _ if self.is_guest(identity) => visitor.to_owned(),
            system if is_system(system) => "System".to_owned(),
            other => other.to_string(),
        })
    }

    fn role(&self, identity: &Identity) -> Option<Role> {
        let member = self.members.iter().find(|member| member.identity == *identity);
        member.map(|member| member.role)
    }
}

/// Whether this is who speaks when a program gives no author.
fn is_system(identity: &Identity) -> bool {
    identity.as_str() == "system"
}

/// Everything that is shown.
#[derive(Debug, Clone, Copy)]
pub struct Shown {
    /// Whether somebody is signed in.
    pub door: RwSignal<Door>,
    /// Whether an attempt to sign in is on its way.
    pub is_entering: RwSignal<bool>,
    /// Why the last attempt failed.
    pub problem: RwSignal<Option<LoginProblem>>,
    /// The wall clock, once a second: the server's, as soon as it told it.
    pub now: RwSignal<Millis>,
    /// The connection.
    pub connection: RwSignal<Connection>,
    /// Whether it has been live since the page was opened.
    pub was_live: RwSignal<bool>,
    /// Whether the queue's first snapshot is here.
    pub is_listed: RwSignal<bool>,
    /// All tasks.
    pub tasks: RwSignal<Vec<Task>>,
    /// What is known of their channels.
    pub glances: RwSignal<BTreeMap<ChannelSid, Glance>>,
    /// The tab in front.
    pub tab: RwSignal<Tab>,
    /// The chat on the desk.
    pub chosen: RwSignal<Option<TaskSid>>,
    /// On a narrow screen: whether the conversation is in front, not the list.
    pub is_reading: RwSignal<bool>,
    /// Whether the side panel is open.
    pub is_detailed: RwSignal<bool>,
    /// The messages of the chosen chat.
    pub rows: RwSignal<Vec<Cell>>,
    /// The chosen chat otherwise.
    pub talk: RwSignal<Talk>,
    /// What is written and not sent, by chat.
    pub drafts: RwSignal<BTreeMap<ChannelSid, String>>,
    /// What the server is being asked for.
    pub errand: RwSignal<Option<Errand>>,
    /// A sentence about something that did not work.
    pub toast: RwSignal<Option<String>>,
    /// A sentence for screen readers.
    pub spoken: RwSignal<String>,
    /// Where the keyboard shall go.
    pub focus: RwSignal<Option<Focus>>,
}

impl Shown {
    /// Nothing, at this moment. `is_detailed` says whether there is room for the side panel.
    #[must_use]
    pub fn new(now: Millis, is_detailed: bool) -> Self {
        Self {
            door: RwSignal::default(),
            is_entering: RwSignal::default(),
            problem: RwSignal::default(),
            now: RwSignal::new(now),
            connection: RwSignal::default(),
            was_live: RwSignal::default(),
            is_listed: RwSignal::default(),
            tasks: RwSignal::default(),
            glances: RwSignal::default(),
            tab: RwSignal::default(),
            chosen: RwSignal::default(),
            is_reading: RwSignal::default(),
            is_detailed: RwSignal::new(is_detailed),
            rows: RwSignal::default(),
            talk: RwSignal::default(),
            drafts: RwSignal::default(),
            errand: RwSignal::default(),
            toast: RwSignal::default(),
            spoken: RwSignal::default(),
            focus: RwSignal::default(),
        }
    }

    /// Forgets everything of the agent who was signed in.
    pub fn forget(&self) {
        self.connection.set(Connection::Idle);
        self.was_live.set(false);
        self.is_listed.set(false);
        self.tasks.set(Vec::new());
        self.glances.set(BTreeMap::new());
        self.tab.set(Tab::default());
        self.chosen.set(None);
        self.is_reading.set(false);
        self.rows.set(Vec::new());
        self.talk.set(Talk::default());
        self.drafts.set(BTreeMap::new());
        self.errand.set(None);
        self.toast.set(None);
    }

    /// Who is signed in.
    #[must_use]
    pub fn me(&self) -> Option<Me> {
        match self.door.get() {
            Door::Open(me) => Some(me),
            Door::Asking | Door::Unreachable | Door::Shut { .. } => None,
        }
    }

    /// Who is signed in, for code that does not listen.
    #[must_use]
    pub fn me_now(&self) -> Option<Identity> {
        match self.door.get_untracked() {
            Door::Open(me) => Some(me.identity),
            Door::Asking | Door::Unreachable | Door::Shut { .. } => None,
        }
    }

    /// The task on the desk.
    #[must_use]
    pub fn task(&self) -> Option<Task> {
        let chosen = self.chosen.get()?;
        self.tasks.with(|tasks| tasks.iter().find(|task| task.sid == chosen).cloned())
    }

    /// The task on the desk, for code that does not listen.
    #[must_use]
    pub fn task_now(&self) -> Option<Task> {
        untrack(|| self.task())
    }

    /// How many chats stand on each tab.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let Some(me) = self.me() else { return Counts::default() };
        self.tasks
            .with(|tasks| self.glances.with(|glances| Counts::of(tasks, glances, &me.identity)))
    }

    /// The tasks on the tab in front.
    #[must_use]
    pub fn listed(&self) -> Vec<Task> {
        let Some(me) = self.me() else { return Vec::new() };
        self.tasks.with(|tasks| {
            self.glances.with(|glances| on_tab(self.tab.get(), tasks, glances, &me.identity))
        })
    }

    /// What is known of a chat.
    #[must_use]
    pub fn glance(&self, channel: &ChannelSid) -> Glance {
        self.glances.with(|glances| glances.get(channel).cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(text: &str) -> Identity {
        Identity::parse(text).unwrap()
    }

    fn talk() -> Talk {
        let member = |identity: &str, role, name: &str| Member {
            identity: who(identity),
            role,
            name: name.into(),
            seen: 0,
            read: 0,
            left: false,
            attributes: Default::default(),
        };
        let members = vec![
            member("guest", Role::Guest, " "),
            member("anna", Role::Agent, "Anna Keller"),
            member("robot", Role::Bot, ""),
        ];
        Talk { is_known: true, members, ..Talk::default() }
    }

    #[test]
    fn only_a_guest_is_called_by_the_visitors_name() {
        let called = |identity: &str| talk().called(&who(identity), "Alice");
        assert_eq!(called("guest"), "Alice");
        assert_eq!(called("anna"), "Anna Keller");
        assert_eq!(called("robot"), "robot");
        assert_eq!(called("system"), "System");
        assert_eq!(called("parcels"), "parcels");
    }

    #[test]
    fn who_is_no_member_is_a_program_and_no_guest() {
        let talk = talk();
        for (identity, guest, program, stranger) in [
            ("guest", true, false, false),
            ("anna", false, false, false),
            ("robot", false, true, false),
            ("system", false, true, true),
            ("parcels", false, true, true),
        ] {
            let told = who(identity);
            assert_eq!(talk.is_guest(&told), guest, "{identity}");
            assert_eq!(talk.is_program(&told), program, "{identity}");
            assert_eq!(talk.is_stranger(&told), stranger, "{identity}");
        }
    }

    #[test]
    fn before_the_members_are_known_whoever_is_not_the_system_may_be_the_visitor() {
        let talk = Talk::default();
        assert_eq!(talk.called(&who("guest"), "Alice"), "Alice");
        assert!(!talk.is_program(&who("guest")));
        assert_eq!(talk.called(&who("system"), "Alice"), "System");
    }
}
