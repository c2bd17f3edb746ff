//! One message.

use frontdesk_browser::intl::{self, Style};
use frontdesk_client::{Day, Event, Receipt, Row, RowKey};
use leptos::{either::Either, prelude::*};

use super::{
    header::initials,
    icon::{self, icon},
};
use crate::{
    app::App,
    lines::Line,
    text::{Span, spans},
};

/// A message, with the date divider above it if it is the first of its day.
///
/// One closure draws all of it: a change of the row writes what is different into the same nodes.
#[must_use]
pub fn row(app: App, line: Line) -> impl IntoView {
    let Line { row, is_new, .. } = line;
    move || row.with(|row| drawn(app, row, is_new))
}

fn drawn(app: App, row: &Row, is_new: bool) -> impl IntoView + use<> {
    let words = app.words;
    let (author, name) = author(app, row);
    let time = |style| app.language.with_value(|language| intl::format(row.ts, style, language));
    let is_failed = matches!(row.receipt, Some(Receipt::Failed(_)));
    let mut is = String::new();
    for (word, holds) in [
        ("me", row.mine),
        ("first", row.starts_group),
        ("last", row.ends_group),
        ("wait", row.receipt == Some(Receipt::Sending)),
        ("fail", is_failed),
        ("gone", row.redacted),
        ("new", is_new),
    ] {
        if holds {
            is.push_str(word);
            is.push(' ');
        }
    }
    let mut meta = String::new();
    if !row.mine && !name.is_empty() {
        meta = name + " · ";
    }
    meta += &time(Style::Time);
    if row.edited {
        meta = meta + " · " + words.edited;
    }
    let (mark, said) = match row.receipt {
        None => ("", ""),
        Some(Receipt::Sending) => (icon::CLOCK, words.sending),
        Some(Receipt::Sent) => (icon::TICK, words.sent),
        Some(Receipt::Delivered) => (icon::TICKS, words.delivered),
        Some(Receipt::Read) => (icon::TICKS, words.read),
        Some(Receipt::Failed(failure)) => (icon::WARN, words.failure(failure)),
    };
    let body = if row.redacted { words.redacted.to_owned() } else { row.body.clone() };
    let pieces: Vec<_> = spans(&body).into_iter().map(piece).collect();
    let face = if row.ends_group { initials(&author) } else { String::new() };
    let failed = match row.key {
        RowKey::Cid(cid) if is_failed => Some(view! { class="fd",
            <button class="link" type="button" on:click=move |_| app.retry(cid)>{words.retry}</button>
            <button
                class="link"
                type="button"
                on:click=move |_| app.dispatch(Event::Discard { cid })
            >
                {words.delete}
            </button>
        }),
        RowKey::Cid(_) | RowKey::Seq(_) => None,
    };
    view! { class="fd",
        <p class="day">{day(app, row)}</p>
        <div class="msg" data-is=is>
            <div class="face" data-is="s" aria-hidden="true" hidden=row.mine>{face}</div>
            <div class="bubble" title=time(Style::DayAndTime)>
                <span class="vh">{author}": "</span>
                {pieces}
            </div>
            <div class="meta">
                <span>{if is_failed { String::new() } else { meta }}</span>
                <span class="mark" data-is=(row.receipt == Some(Receipt::Read)).then_some("read")>
                    {icon(mark)}
                </span>
                <span>{said}</span>
                {failed}
            </div>
        </div>
    }
}

/// Who said it: for the ear, and for the line below. A name can be missing, and is then the site's.
fn author(app: App, row: &Row) -> (String, String) {
    if row.mine {
        return (app.words.you.to_owned(), String::new());
    }
    let name = app.state.members.with(|members| {
        members.iter().find(|who| who.identity == row.author).map(|who| who.name.clone())
    });
    let name = name
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| app.of_site(|site| site.name.clone()));
    (name.clone(), name)
}

fn day(app: App, row: &Row) -> String {
    let Some(day) = row.divider else { return String::new() };
    let Day(today) = app.today();
    match today - day.0 {
        0 => app.words.today.to_owned(),
        1 => app.words.yesterday.to_owned(),
        _ => app.language.with_value(|language| intl::format(row.ts, Style::Day, language)),
    }
}

fn piece(span: Span) -> impl IntoView {
    match span {
        Span::Text(text) => Either::Left(text),
        Span::Link { text, href } => Either::Right(view! { class="fd",
            <a href=href target="_blank" rel="noopener noreferrer nofollow ugc">{text}</a>
        }),
    }
}
