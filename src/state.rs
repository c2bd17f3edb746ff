//! What the views read: signals, and nothing else. All are made once at the root, so that nothing
//! that arrives late finds one that is gone.

use frontdesk_client::sorted::SortedMap;

use crate::{lines::Line, ui::Live};
use frontdesk_client::{Connection, FieldProblem, Screen};
use frontdesk_protocol::{
    form::Answers,
    state::{Member, Role},
};

/// The signals. Copied freely: a copy is the same signals.
#[derive(Clone, Copy)]
pub struct State {
    /// Which screen is shown.
    pub screen: Live<Screen>,
    /// Where the connection is.
    pub connection: Live<Connection>,
    /// Whether the connection is lost, from the first failure until all is well again: several
    /// tries are one banner.
    pub is_away: Live<bool>,
    /// Whether the chat's own state has arrived.
    pub is_loaded: Live<bool>,
    /// The rows.
    pub lines: Live<Vec<Line>>,
    /// Everybody who is or was in the chat.
    pub members: Live<Vec<Member>>,
    /// Whether a page of older messages is on its way.
    pub is_loading: Live<bool>,
    /// Names of the others who are typing.
    pub typing: Live<Vec<String>>,
    /// Messages the user has not read.
    pub unread: Live<u64>,

    /// Whether the panel is open.
    pub is_open: Live<bool>,
    /// The form's answers.
    pub answers: Live<Answers>,
    /// What is wrong about them.
    pub problems: Live<SortedMap<String, FieldProblem>>,
    /// What is wrong about the whole form, in words.
    pub refusal: Live<String>,
    /// Whether the form was sent from this page, and is still there to be looked at.
    pub is_submitted: Live<bool>,
    /// What stands in the composer.
    pub draft: Live<String>,
    /// What the screen reader shall say; emptied after a second.
    pub announcement: Live<String>,
    /// Whether the newest message is in sight.
    pub is_at_end: Live<bool>,
    /// What lies over the chat.
    pub overlay: Live<Overlay>,
    /// Whether the chat could not be ended.
    pub is_end_failed: Live<bool>,
    /// Whether the main control of the screen shall have the focus as soon as it is there.
    pub wants_focus: Live<bool>,
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
            screen: Live::new(Screen::Idle),
            connection: Live::new(Connection::Idle),
            is_away: Live::new(false),
            is_loaded: Live::new(false),
            lines: Live::new(Vec::new()),
            members: Live::new(Vec::new()),
            is_loading: Live::new(false),
            typing: Live::new(Vec::new()),
            unread: Live::new(0),
            is_open: Live::new(false),
            answers: Live::new(Answers::new()),
            problems: Live::new(SortedMap::new()),
            refusal: Live::new(String::new()),
            is_submitted: Live::new(false),
            draft: Live::new(String::new()),
            announcement: Live::new(String::new()),
            is_at_end: Live::new(true),
            overlay: Live::new(Overlay::None),
            is_end_failed: Live::new(false),
            wants_focus: Live::new(false),
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
