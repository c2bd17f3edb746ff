//! Which of its screens the widget shows.

use frontdesk_protocol::{form::FieldError, sorted::SortedMap};

/// The screen. An agent's is [`Screen::Chat`] from the start.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Screen {
    /// Before [`crate::Event::Start`].
    #[default]
    Idle,
    /// The form, with what is wrong about the last try.
    Form(FormState),
    /// The form is sent; the chat is being opened. It may take several tries.
    Starting,
    /// The chat. What is the matter with the connection is [`crate::Client::connection`].
    Chat,
    /// The chat has ended, or is gone. It stays readable; [`crate::Event::Forget`] starts anew.
    Ended,
}

/// What is wrong about the form. Every answer stays where it is: in the view.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FormState {
    /// What is wrong, by field name.
    pub fields: SortedMap<String, FieldProblem>,
    /// What is wrong with the whole.
    pub problem: Option<Problem>,
}

/// What is wrong with one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldProblem {
    /// Found by the validation that browser and server share.
    Check(FieldError),
    /// The server's own words.
    Server(String),
}

/// Why a chat could not be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// No answer after several tries. Sending the same again opens no second chat.
    Unreachable,
    /// The server will not: its words.
    Refused(String),
}
