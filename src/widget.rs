//! What the views hold in their hands: the signals to read, the words to say, and one way to tell
//! what the user wants. All of it is made at the root and outlives every view.

use std::rc::Rc;

use frontdesk_browser::{
    clock,
    intl::{self, Style},
    page, random,
};
use frontdesk_client::{Day, Event, FieldProblem, RowKey, Screen, Submission};
use frontdesk_protocol::{
    Cid, MediaSid, Millis, Stream,
    attributes::Attributes,
    form::{Answers, Form, validate},
    id::hex32,
    site::SiteConfig,
};
use leptos::prelude::WithUntracked;

use crate::{
    state::{Overlay, State},
    ui::Var,
    words::Words,
};

/// What the root gives: how to reach the client and the loader.
pub struct Link {
    /// Tells the client what the user wants. What changes because of it is in the signals when it
    /// comes back.
    pub dispatch: Box<dyn Fn(Event)>,
    /// The chat, once there is one.
    pub stream: Box<dyn Fn() -> Option<Stream>>,
    /// Asks the loader to close the panel.
    pub close: Box<dyn Fn()>,
    /// Keeps a draft for after a reload; none if it is empty.
    pub keep_draft: Box<dyn Fn(&str)>,
}

/// The widget as its views know it. Copied freely: a copy is the same widget.
#[derive(Clone, Copy)]
pub struct Widget {
    /// The signals.
    pub state: State,
    /// The words.
    pub words: &'static Words,
    held: Var<Rc<Held>>,
}

/// What does not change as long as the widget stands.
struct Held {
    /// The language that dates and times are written in.
    language: String,
    site: SiteConfig,
    link: Link,
}

impl Widget {
    /// Makes it, owned by the current owner.
    #[must_use]
    pub fn new(state: State, site: SiteConfig, words: &'static Words, link: Link) -> Self {
        // The words are English; so are the dates, in the reader's own way if they are a reader of
        // English.
        let language = Some(page::language()).filter(|tag| tag.starts_with("en"));
        let language = language.unwrap_or_else(|| "en".into());
        Self { state, words, held: Var::new(Rc::new(Held { language, site, link })) }
    }

    fn held(self) -> Rc<Held> {
        self.held.get_untracked()
    }

    /// Something of the site's configuration.
    #[must_use]
    pub fn of_site<T>(self, read: impl FnOnce(&SiteConfig) -> T) -> T {
        read(&self.held().site)
    }

    /// A moment, written as the reader writes it.
    #[must_use]
    pub fn write_time(self, at: Millis, style: Style) -> String {
        intl::format(at, style, &self.held().language)
    }

    /// Tells the client what the user wants.
    pub fn dispatch(self, event: Event) {
        (self.held().link.dispatch)(event);
    }

    /// The same, of the chat; nothing if there is none.
    pub fn dispatch_chat(self, event: impl FnOnce(Stream) -> Event) {
        if let Some(stream) = (self.held().link.stream)() {
            self.dispatch(event(stream));
        }
    }

    /// Asks the loader to close the panel.
    pub fn close(self) {
        (self.held().link.close)();
    }

    /// Looks at one answer again. Nothing is said of a question that waits to be answered for the
    /// first time: `only_better` takes a complaint back, and makes no new one.
    pub fn check(self, name: &str, only_better: bool) {
        let found = self.of_site(|site| validate(&site.form, &self.answers_of(&site.form)));
        let problems = self.state.problems;
        match found.get(name) {
            None if problems.with(|now| now.contains_key(name)) => {
                problems.update(|now| drop(now.remove(name)));
            }
            Some(error) if !only_better => problems.update(|now| {
                now.insert(name.to_owned(), FieldProblem::Check(*error));
            }),
            None | Some(_) => {}
        }
    }

    /// Sends the form if its answers fit; else says what is wrong.
    pub fn submit(self) {
        let (answers, found) = self.of_site(|site| {
            let answers = self.answers_of(&site.form);
            let found = validate(&site.form, &answers);
            (answers, found)
        });
        let fits = found.is_empty();
        self.state.problems.set(
            found.into_iter().map(|(name, error)| (name, FieldProblem::Check(error))).collect(),
        );
        if fits {
            self.state.is_submitted.set(true);
            let context = Answers::from([
                ("location".to_owned(), page::location()),
                ("locale".to_owned(), page::language()),
                ("title".to_owned(), page::title()),
            ]);
            let key = hex32(random::bits());
            self.focus();
            self.dispatch(Event::SubmitForm(Submission { answers, context, key }));
        }
    }

    /// The place in the form of the first answer that is wrong.
    #[must_use]
    pub fn first_problem(self) -> Option<usize> {
        self.of_site(|site| {
            self.state.problems.with_untracked(|problems| {
                site.form.fields.iter().position(|field| problems.contains_key(&field.name))
            })
        })
    }

    /// The answers to this form that were given.
    fn answers_of(self, form: &Form) -> Answers {
        self.state.answers.with_untracked(|answers| {
            answers
                .iter()
                .filter(|(name, value)| {
                    !value.is_empty() && form.fields.iter().any(|field| field.name == **name)
                })
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        })
    }

    /// Says what stands in the composer. It is cleared only if the message is in the outbox: the
    /// client puts an entry on disk before it shows it.
    pub fn send(self) {
        let state = self.state;
        let cid = Cid(random::bits());
        let body = state.draft.with_untracked(|draft| draft.trim_end().to_owned());
        self.dispatch_chat(|stream| Event::Compose {
            stream,
            body,
            cid,
            attributes: Attributes::new(),
        });
        let key = RowKey::Cid(cid);
        if state.lines.with_untracked(|lines| lines.iter().rev().any(|line| line.key == key)) {
            state.draft.set(String::new());
            self.keep_draft("");
            state.is_at_end.set(true);
        }
    }

    /// Tries a message again that failed.
    pub fn retry(self, cid: Cid) {
        self.dispatch(Event::Retry { cid, fresh: Cid(random::bits()) });
    }

    /// Saves the file beside a message.
    pub fn open_file(self, media: MediaSid) {
        self.state.lost.set(String::new());
        self.dispatch(Event::OpenFile(media));
    }

    /// The text in the composer is now this one.
    pub fn write(self, text: String) {
        let is_empty = text.trim().is_empty();
        self.state.draft.set(text);
        self.dispatch_chat(|stream| {
            if is_empty { Event::Cleared { stream } } else { Event::Keystroke { stream } }
        });
    }

    /// Keeps a draft for after a reload, in place of the one that was kept; none if it is empty.
    pub fn keep_draft(self, draft: &str) {
        (self.held().link.keep_draft)(draft);
    }

    /// Keeps what stands in the composer of a chat that goes on: the page may be left.
    pub fn leave(self) {
        if self.state.screen.with_untracked(|screen| *screen == Screen::Chat) {
            self.state.draft.with_untracked(|draft| self.keep_draft(draft));
        }
    }

    /// What is in sight is read: asked whenever that may have become true.
    pub fn mark_read(self) {
        let state = self.state;
        if !state.is_open.get_untracked()
            || !state.is_at_end.get_untracked()
            || state.unread.get_untracked() == 0
            || !page::is_visible()
        {
            return;
        }
        let newest = state.lines.with_untracked(|lines| {
            lines.iter().rev().find_map(|line| line.row.with_untracked(|row| row.seq))
        });
        if let Some(seq) = newest {
            self.dispatch_chat(|stream| Event::ReadUpTo { stream, seq });
        }
    }

    /// Today, by this computer's clock.
    #[must_use]
    pub fn today(self) -> Day {
        let now = clock::wall();
        Day::of(now, clock::utc_offset_minutes(now))
    }

    /// Ends the chat. It is the visitor's own wish, asked once before.
    pub fn end(self) {
        self.state.is_end_failed.set(false);
        self.state.overlay.set(Overlay::None);
        if let Some(Stream::Channel(channel)) = (self.held().link.stream)() {
            self.dispatch(Event::End { channel });
        }
        self.focus();
    }

    /// Starts anew.
    pub fn start_again(self) {
        self.dispatch(Event::Forget);
        self.focus();
    }

    /// The main control of the screen shall have the focus, now or when it is there.
    pub fn focus(self) {
        self.state.wants_focus.set(true);
    }
}
