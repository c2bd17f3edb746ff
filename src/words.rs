//! What the widget says, in one struct a language: a view holds no word of its own.
//!
//! `{}` is where a name or a number goes; [`fill`] puts it there.

use frontdesk_client::{FieldProblem, SendFailure};
use frontdesk_protocol::{
    form::{Field, FieldError, FieldKind},
    json::decimal,
};

/// All words of one language.
#[derive(Debug)]
pub struct Words {
    /// The button that closes the panel.
    pub close: &'static str,
    /// The button with three dots.
    pub more: &'static str,
    /// Behind the label of a question that may be left out.
    pub optional: &'static str,
    /// The first option of a list.
    pub choose: &'static str,
    /// The form's button, if the site gives none.
    pub start: &'static str,
    /// The same while the chat is being opened.
    pub starting: &'static str,
    /// While a chat that was started before is being opened.
    pub starting_lead: &'static str,
    /// No answer of the server to the form.
    pub form_unreachable: &'static str,
    /// A question without an answer.
    pub need_answer: &'static str,
    /// A list without a choice.
    pub need_choice: &'static str,
    /// A checkbox that must be ticked.
    pub need_tick: &'static str,
    /// Not an e-mail address.
    pub need_email: &'static str,
    /// An answer that is too long; the most characters.
    pub too_long: &'static str,
    /// An answer that is not among the options, or that the form does not ask.
    pub not_an_option: &'static str,
    /// An answer with a control character.
    pub bad_character: &'static str,

    /// What the transcript is called.
    pub log: &'static str,
    /// The user, before their own messages.
    pub you: &'static str,
    /// A date divider.
    pub today: &'static str,
    /// A date divider.
    pub yesterday: &'static str,
    /// Nothing has been said: the heading.
    pub empty: &'static str,
    /// Nothing has been said, and nobody is there yet.
    pub empty_waiting: &'static str,
    /// Nothing has been said, and somebody is there; their name.
    pub empty_agent: &'static str,
    /// Below the messages while nobody has joined.
    pub waiting: &'static str,
    /// In the header while nobody has joined.
    pub waiting_short: &'static str,
    /// In the header while nobody is there who would answer.
    pub away: &'static str,
    /// The same below the messages, or where nothing was said yet.
    pub away_lead: &'static str,
    /// A message that was taken back.
    pub redacted: &'static str,
    /// Behind the time of a message that was changed.
    pub edited: &'static str,
    /// Before the name of a file: what pressing it does.
    pub save: &'static str,
    /// A file that could not be fetched.
    pub file_failed: &'static str,
    /// A message in the outbox.
    pub sending: &'static str,
    /// A message that is on the server.
    pub sent: &'static str,
    /// A message on somebody's device.
    pub delivered: &'static str,
    /// A message that was read.
    pub read: &'static str,
    /// A message that was refused for good.
    pub failed: &'static str,
    /// Why: too long.
    pub failed_long: &'static str,
    /// Why: the chat has ended.
    pub failed_ended: &'static str,
    /// Why: it is not let through.
    pub failed_refused: &'static str,
    /// Try again, of a message.
    pub retry: &'static str,
    /// Take away, of a message.
    pub delete: &'static str,
    /// Somebody is typing; the name.
    pub typing: &'static str,
    /// The button that goes to the newest message.
    pub jump: &'static str,
    /// The same if something new is there.
    pub jump_new: &'static str,
    /// Older messages are on their way.
    pub loading: &'static str,
    /// What a screen reader says of a burst; the number of messages.
    pub burst: &'static str,

    /// The composer's name, and what stands in it.
    pub compose: &'static str,
    /// The button.
    pub send: &'static str,
    /// A message of too many bytes.
    pub body_long: &'static str,

    /// No network.
    pub offline: &'static str,
    /// The connection is lost and being made again.
    pub reconnecting: &'static str,
    /// Many tries have failed.
    pub unreachable: &'static str,
    /// Connect now.
    pub try_now: &'static str,
    /// Too many tabs.
    pub many_tabs: &'static str,
    /// The widget is too old, or does not understand the server.
    pub reload: &'static str,
    /// The session is over.
    pub expired: &'static str,
    /// This page may not chat.
    pub forbidden: &'static str,
    /// In the header while there is no connection.
    pub connecting: &'static str,

    /// End the chat, in the menu and as an answer.
    pub end: &'static str,
    /// The question before it.
    pub end_ask: &'static str,
    /// What it means.
    pub end_lead: &'static str,
    /// The other answer.
    pub end_keep: &'static str,
    /// It did not work.
    pub end_failed: &'static str,
    /// The chat has ended.
    pub ended: &'static str,
    /// What can be done now.
    pub ended_lead: &'static str,
    /// Start anew.
    pub again: &'static str,
}

/// English.
pub static ENGLISH: Words = Words {
    close: "Close",
    more: "More",
    optional: "(optional)",
    choose: "Please choose",
    start: "Start chat",
    starting: "Starting…",
    starting_lead: "One moment, we are opening your chat.",
    form_unreachable: "We could not reach the chat just now. Your answers are still here: please try again.",
    need_answer: "Please fill this in.",
    need_choice: "Please choose one.",
    need_tick: "Please tick this to go on.",
    need_email: "Please give an address like name@example.org.",
    too_long: "This is too long: {} characters at most.",
    not_an_option: "Please choose one of the options.",
    bad_character: "This has a character that cannot be used here.",
    log: "Conversation",
    you: "You",
    today: "Today",
    yesterday: "Yesterday",
    empty: "Your chat is open",
    empty_waiting: "We are looking for somebody to help you. You can write already: nothing gets lost.",
    empty_agent: "{} is here. How can we help?",
    waiting: "Somebody will be with you soon. You can keep writing.",
    waiting_short: "Finding somebody for you",
    away: "We are away just now",
    away_lead: "Nobody is here just now. You can write already: nothing gets lost.",
    redacted: "This message was deleted",
    edited: "edited",
    save: "Save ",
    file_failed: "The file could not be fetched. Please try again.",
    sending: "Sending",
    sent: "Sent",
    delivered: "Delivered",
    read: "Read",
    failed: "Not sent",
    failed_long: "Not sent: too long",
    failed_ended: "Not sent: the chat has ended",
    failed_refused: "Not sent: the site does not let this through",
    retry: "Try again",
    delete: "Delete",
    typing: "{} is typing",
    jump: "Newest messages",
    jump_new: "New messages",
    loading: "Loading older messages",
    burst: "{} new messages",
    compose: "Write a message",
    send: "Send",
    body_long: "This message is too long. Please send it in parts.",
    offline: "You are offline. What you write is safe and will be sent.",
    reconnecting: "Connecting again. What you write is safe and will be sent.",
    unreachable: "We cannot reach the chat. What you wrote is safe, and we keep trying.",
    try_now: "Try now",
    many_tabs: "This chat is open in many tabs. It goes on here when you come back to it.",
    reload: "This chat was updated. Please reload the page.",
    expired: "This chat can no longer be continued here.",
    forbidden: "This page is not allowed to chat.",
    connecting: "Connecting…",
    end: "End chat",
    end_ask: "End this chat?",
    end_lead: "You can still read it afterwards, and start a new one.",
    end_keep: "Keep chatting",
    end_failed: "The chat could not be ended just now. Please try again.",
    ended: "This chat has ended",
    ended_lead: "Thank you for talking to us.",
    again: "Start a new chat",
};

/// Puts `value` where a text has `{}`.
#[must_use]
pub fn fill(text: &str, value: &str) -> String {
    // Looking for a single character takes less code than looking for a text.
    let parts =
        text.split_once('{').and_then(|(before, rest)| Some((before, rest.strip_prefix('}')?)));
    match parts {
        Some((before, after)) => [before, value, after].concat(),
        None => text.to_owned(),
    }
}

impl Words {
    /// What is wrong with an answer, for the one who gave it.
    #[must_use]
    pub fn problem(&self, field: &Field, problem: &FieldProblem) -> String {
        let error = match problem {
            FieldProblem::Server(words) => return words.clone(),
            FieldProblem::Check(error) => error,
        };
        match error {
            FieldError::Required => match field.kind {
                FieldKind::Text | FieldKind::Email | FieldKind::Textarea => self.need_answer,
                FieldKind::Select | FieldKind::Radio => self.need_choice,
                FieldKind::Checkbox => self.need_tick,
            },
            FieldError::Email => self.need_email,
            FieldError::TooLong => return fill(self.too_long, &decimal(field.longest() as u64)),
            FieldError::NotAnOption | FieldError::UnknownField => self.not_an_option,
            FieldError::BadCharacter => self.bad_character,
        }
        .to_owned()
    }

    /// Why a message was refused.
    #[must_use]
    pub const fn failure(&self, failure: SendFailure) -> &'static str {
        match failure {
            SendFailure::TooLong => self.failed_long,
            SendFailure::Ended => self.failed_ended,
            SendFailure::Refused => self.failed_refused,
            SendFailure::BadBody
            | SendFailure::Conflict
            | SendFailure::Forbidden
            | SendFailure::Other => self.failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_goes_where_the_braces_are() {
        assert_eq!(fill("{} is typing", "Sara"), "Sara is typing");
        assert_eq!(fill("none", "Sara"), "none");
    }
}
