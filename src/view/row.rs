//! One message.

use std::cell::RefCell;

use frontdesk_browser::intl::Style;
use frontdesk_client::{
    Day, Event, Receipt, Row, RowKey,
    text::{Span, initials, spans},
};
use leptos::prelude::*;

use super::{button::button, file::file, icon};
use crate::{
    lines::Line,
    ui::{El, effect, el},
    widget::Widget,
};

/// A message, with the date divider above it if it is the first of its day.
///
/// It is made once. A change of the message, or of who is there, is written into the same elements.
#[must_use]
pub fn row(widget: Widget, line: Line) -> El {
    let message = Message::new(widget, &line);
    let el = el("div", "row").child(message.day.clone()).child(message.whole.clone());
    effect(move || line.row.with(|row| message.write(row)));
    el
}

/// The elements of one message that can change.
struct Message {
    widget: Widget,
    is_new: bool,
    day: El,
    whole: El,
    face: El,
    bubble: El,
    /// The file beside the text.
    file: Option<El>,
    /// What the bubble says now.
    body: RefCell<Option<String>>,
    author: El,
    meta: El,
    mark: El,
    /// What the mark is a picture of.
    shape: El,
    receipt: El,
    /// What can be done about a message that failed.
    ways: Vec<El>,
}

impl Message {
    fn new(widget: Widget, line: &Line) -> Self {
        let words = widget.words;
        let ways = match line.key {
            RowKey::Cid(cid) => vec![
                button("link", move || widget.retry(cid)).text(words.retry),
                button("link", move || widget.dispatch(Event::Discard { cid })).text(words.delete),
            ],
            RowKey::Seq(_) => Vec::new(),
        };
        let shape = icon::shape("");
        let face = el("div", "face").attr("data-is", "s").attr("aria-hidden", "true");
        let (bubble, meta, mark, receipt) =
            (el("div", "bubble"), el("span", ""), el("span", "mark"), el("span", ""));
        let below = el("div", "meta")
            .child(meta.clone())
            .child(mark.clone())
            .child(receipt.clone())
            .children(ways.iter().cloned());
        let whole = el("div", "msg").child(face.clone()).child(bubble.clone()).child(below);
        Self {
            widget,
            is_new: line.is_new,
            day: el("p", "day"),
            whole,
            face,
            bubble,
            file: line.row.with_untracked(|row| row.media.clone()).map(|media| file(widget, media)),
            body: RefCell::default(),
            author: el("span", "vh"),
            meta,
            mark: mark.child(icon::around(shape.clone())),
            shape,
            receipt,
            ways,
        }
    }

    fn write(&self, row: &Row) {
        let widget = self.widget;
        let words = widget.words;
        let is_failed = matches!(row.receipt, Some(Receipt::Failed(_)));
        let (author, name) = author(widget, row);
        let time = |style| widget.write_time(row.ts, style);

        self.day.set_text(&day(widget, row));
        let is = [
            ("me ", row.mine),
            ("first ", row.starts_group),
            ("last ", row.ends_group),
            ("wait ", row.receipt == Some(Receipt::Sending)),
            ("fail ", is_failed),
            ("gone ", row.redacted),
            ("new ", self.is_new),
        ];
        let is: String = is.into_iter().filter(|(_, holds)| *holds).map(|(word, _)| word).collect();
        self.whole.set_attr("data-is", Some(&is));
        self.face.set_hidden(row.mine);
        self.face.set_text(&if row.ends_group { initials(&author) } else { String::new() });

        self.bubble.set_attr("title", Some(&time(Style::DayAndTime)));
        self.author.set_text(&(author + ": "));
        self.write_body(if row.redacted { words.redacted } else { &row.body }, row.redacted);

        let mut meta = String::new();
        if !is_failed {
            if !row.mine && !name.is_empty() {
                // The name runs its own way; the time stays behind it.
                meta = ["\u{2068}", &name, "\u{2069} · "].concat();
            }
            meta += &time(Style::Time);
            if row.edited {
                meta = meta + " · " + words.edited;
            }
        }
        self.meta.set_text(&meta);
        let (mark, said) = match row.receipt {
            None => ("", ""),
            Some(Receipt::Sending) => (icon::CLOCK, words.sending),
            Some(Receipt::Sent) => (icon::TICK, words.sent),
            Some(Receipt::Delivered) => (icon::TICKS, words.delivered),
            Some(Receipt::Read) => (icon::TICKS, words.read),
            Some(Receipt::Failed(failure)) => (icon::WARN, words.failure(failure)),
        };
        self.mark.set_attr("data-is", (row.receipt == Some(Receipt::Read)).then_some("read"));
        self.shape.set_attr("d", Some(mark));
        self.receipt.set_text(said);
        for way in &self.ways {
            way.set_hidden(!is_failed);
        }
    }

    /// Writes the text. One that stands there already is left alone: somebody may be marking it.
    fn write_body(&self, body: &str, is_gone: bool) {
        if self.body.borrow().as_deref() == Some(body) {
            return;
        }
        self.bubble.set_text("");
        spans(body).into_iter().fold(
            self.bubble.clone().child(self.author.clone()),
            |bubble, span| match span {
                Span::Text(text) => bubble.text(&text),
                Span::Link { text, href } => bubble.child(
                    el("a", "")
                        .attr("href", &href)
                        .attr("target", "_blank")
                        .attr("rel", "noopener noreferrer nofollow ugc")
                        .text(&text),
                ),
            },
        );
        if let Some(file) = self.file.clone().filter(|_| !is_gone) {
            drop(self.bubble.clone().child(file));
        }
        *self.body.borrow_mut() = Some(body.to_owned());
    }
}

/// Who said it: for the ear, and for the line below. A name can be missing, and is then the site's.
fn author(widget: Widget, row: &Row) -> (String, String) {
    if row.mine {
        return (widget.words.you.to_owned(), String::new());
    }
    let name = widget.state.members.with(|members| {
        members.iter().find(|who| who.identity == row.author).map(|who| who.name.clone())
    });
    let name = name
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| widget.of_site(|site| site.name.clone()));
    (name.clone(), name)
}

fn day(widget: Widget, row: &Row) -> String {
    let Some(day) = row.divider else { return String::new() };
    let Day(today) = widget.today();
    match today - day.0 {
        0 => widget.words.today.to_owned(),
        1 => widget.words.yesterday.to_owned(),
        _ => widget.write_time(row.ts, Style::Day),
    }
}
