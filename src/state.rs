//! What the views read: signals, and nothing else. All are made once at the root, so that nothing
//! that arrives late finds one that is gone.

use crate::{lines::Line, ui::Var};
use frontdesk_client::{Connection, FieldProblem, Screen};
use frontdesk_protocol::{
    form::Answers,
    sorted::SortedMap,
    state::{Member, Role},
};

/// The signals. Copied freely: a copy is the same signals.
#[derive(Clone, Copy)]
pub struct State {
    /// Which screen is shown.
    pub screen: Var<Screen>,
    /// Where the connection is.
    pub connection: Var<Connection>,
    /// Whether the connection is lost, from the first failure until all is well again: several
    /// tries are one banner.
    pub is_away: Var<bool>,
    /// Whether the chat's own state has arrived.
    pub is_loaded: Var<bool>,
    /// The rows.
    pub lines: Var<Vec<Line>>,
    /// Everybody who is or was in the chat.
    pub members: Var<Vec<Member>>,
    /// Whether a page of older messages is on its way.
    pub is_loading: Var<bool>,
    /// Whether somebody who would answer is connected, as far as is known.
    pub is_staffed: Var<bool>,
    /// Names of the others who are typing.
    pub typing: Var<Vec<String>>,
    /// Messages the user has not read.
    pub unread: Var<u64>,

    /// Whether the panel is open.
    pub is_open: Var<bool>,
    /// The form's answers.
    pub answers: Var<Answers>,
    /// What is wrong about them.
    pub problems: Var<SortedMap<String, FieldProblem>>,
    /// What is wrong about the whole form, in words.
    pub refusal: Var<String>,
    /// Whether the form was sent from this page, and is still there to be looked at.
    pub is_submitted: Var<bool>,
    /// What stands in the composer.
    pub draft: Var<String>,
    /// What the screen reader shall say; emptied after a second.
    pub announcement: Var<String>,
    /// Whether the newest message is in sight.
    pub is_at_end: Var<bool>,
    /// What lies over the chat.
    pub overlay: Var<Overlay>,
    /// Whether the chat could not be ended.
    pub is_end_failed: Var<bool>,
    /// That a file could not be fetched, in words.
    pub lost: Var<String>,
    /// Whether the main control of the screen shall have the focus as soon as it is there.
    pub wants_focus: Var<bool>,
}

/// What lies over the chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The menu.
    Menu,
    /// The question whether to end the chat.
    End,
}

/// Which part of the widget is in sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// Nothing is known yet.
    Blank,
    /// The form, sent or not.
    Form,
    /// A chat is being opened, and its form was on another page.
    Starting,
    /// The chat, ended or not.
    Chat,
}

impl State {
    /// Nothing has happened yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            screen: Var::new(Screen::Idle),
            connection: Var::new(Connection::Idle),
            is_away: Var::new(false),
            is_loaded: Var::new(false),
            lines: Var::new(Vec::new()),
            members: Var::new(Vec::new()),
            is_loading: Var::new(false),
            is_staffed: Var::new(false),
            typing: Var::new(Vec::new()),
            unread: Var::new(0),
            is_open: Var::new(false),
            answers: Var::new(Answers::new()),
            problems: Var::new(SortedMap::new()),
            refusal: Var::new(String::new()),
            is_submitted: Var::new(false),
            draft: Var::new(String::new()),
            announcement: Var::new(String::new()),
            is_at_end: Var::new(true),
            overlay: Var::new(Overlay::None),
            is_end_failed: Var::new(false),
            lost: Var::new(String::new()),
            wants_focus: Var::new(false),
        }
    }

    /// Which part is in sight.
    #[must_use]
    pub fn pane(self) -> Pane {
        self.screen.with(|screen| match screen {
            Screen::Idle => Pane::Blank,
            Screen::Form(_) => Pane::Form,
            Screen::Starting if self.is_submitted.get() => Pane::Form,
            Screen::Starting => Pane::Starting,
            Screen::Chat | Screen::Ended => Pane::Chat,
        })
    }

    /// Whether the chat has ended.
    #[must_use]
    pub fn has_ended(self) -> bool {
        self.screen.with(|screen| *screen == Screen::Ended)
    }

    /// The name of the agent who is in the chat.
    #[must_use]
    pub fn agent(self) -> Option<String> {
        self.members.with(|members| {
            let agent = members.iter().rev().find(|who| who.role == Role::Agent && !who.left);
            agent.map(|agent| agent.name.clone())
        })
    }

    /// Everything of the chat that was is let go of. The form's answers stay, and what stands in the
    /// composer.
    pub fn forget(self) {
        self.lines.set(Vec::new());
        self.members.set(Vec::new());
        self.typing.set(Vec::new());
        self.unread.set(0);
        self.is_loaded.set(false);
        self.is_submitted.set(false);
        self.overlay.set(Overlay::None);
        self.is_at_end.set(true);
    }
}

impl Default for State {
    fn default() -> Self {
        Self::new()
    }
}
