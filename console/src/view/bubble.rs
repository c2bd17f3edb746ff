//! One message, with what belongs above and below it.

use frontdesk_browser::{
    intl::{self, Style},
    page,
};
use frontdesk_client::{
    Receipt, Row, SendFailure,
    text::{Span, spans},
};
use leptos::prelude::*;

use super::{avatar::Avatar, file::File};
use crate::{
    cells::Cell,
    desk::name::isolated,
    wish::{Wish, desk},
};

/// A message: its day if it is the first of it, its text, and at the end of a group who and when.
#[component]
pub(super) fn Bubble(
    /// The message.
    cell: Cell,
) -> impl IntoView {
    let desk = desk();
    let shown = desk.shown;
    let row = cell.row;
    let first = row.read_untracked().clone();
    let (mine, author) = (first.mine, first.author.clone());
    let row = ArcMemo::new({
        let row = row.clone();
        move |_| row.get()
    });
    let row = Memo::from(row);

    let day = Memo::new(move |_| row.with(|row| row.divider.map(|day| divider(row, day.0, shown))));
    let ends = Memo::new(move |_| row.with(|row| row.ends_group));
    let name = Memo::new({
        let author = author.clone();
        move |_| {
            let visitor = shown.task().map(|task| task.name).unwrap_or_default();
            shown.talk.with(|talk| talk.called(&author, &visitor))
        }
    });
    let is_program = Memo::new({
        let author = author.clone();
        move |_| shown.talk.with(|talk| talk.is_program(&author))
    });
    // The visitor has one colour, in the list, the head and here.
    let identity = Memo::new(move |_| {
        let is_guest = shown.talk.with(|talk| talk.is_guest(&author));
        let visitor = shown.task().filter(|_| is_guest);
        visitor.map_or_else(|| author.to_string(), |task| task.channel.to_string())
    });
    let time =
        Memo::new(move |_| intl::format(row.with(|row| row.ts), Style::Time, &page::language()));
    let failed = Memo::new(move |_| {
        row.with(|row| match row.receipt {
            Some(Receipt::Failed(failure)) => row.cid.map(|cid| (cid, failure)),
            Some(Receipt::Sending | Receipt::Sent | Receipt::Delivered | Receipt::Read) | None => {
                None
            }
        })
    });
    let meta = move || {
        let edited = row.with(|row| row.edited && !row.redacted).then_some("edited");
        let state = row.with(|row| row.receipt).and_then(receipt);
        let who = (!mine).then(|| isolated(&name.get()));
        who.into_iter()
            .chain([time.get()])
            .chain(edited.into_iter().chain(state).map(str::to_owned))
            .collect::<Vec<_>>()
            .join(" · ")
    };
    let file = Memo::new(move |_| row.with(|row| row.media.clone()));
    let is_gone = move || row.with(|row| row.redacted);
    let is_unsent =
        move || row.with(|row| matches!(row.receipt, Some(Receipt::Sending | Receipt::Failed(_))));

    view! { class="fd",
        {move || day.get().map(|day| view! { class="fd", <div class="day">{day}</div> })}
        <div
            class="said"
            class:mine=mine
            class:first=move || row.with(|row| row.starts_group)
            class:last=ends
            class:unsent=is_unsent
        >
            {(!mine).then(|| view! { class="fd",
                <Show when=move || ends.get()>
                    <Avatar name=name identity=identity neutral=is_program small=true/>
                </Show>
            })}
            <div class="bubble" class:gone=is_gone>
                <span class="unseen">{move || if mine { "You: ".to_owned() } else { format!("{}: ", name.get()) }}</span>
                {move || if is_gone() {
                    "This message was taken back.".into_any()
                } else {
                    row.with(|row| spans(&row.body)).into_iter().map(drawn).collect_view().into_any()
                }}
                {move || file.get().map(|media| view! { class="fd", <File media=media/> })}
            </div>
            {move || match failed.get() {
                Some((cid, failure)) => view! { class="fd",
                    <div class="meta failed" role="alert">
                        {format!("Not sent: {}", why(failure))}
                        <button
                            type="button"
                            class="textbutton"
                            on:click=move |_| desk.wish(Wish::Retry(cid))
                        >
                            "Try again"
                        </button>
                        <button
                            type="button"
                            class="textbutton"
                            on:click=move |_| desk.wish(Wish::Discard(cid))
                        >
                            "Delete"
                        </button>
                    </div>
                }.into_any(),
                None => view! { class="fd",
                    <Show when=move || ends.get()>
                        <div class="meta">{meta}</div>
                    </Show>
                }.into_any(),
            }}
        </div>
    }
}

/// A piece of a message: never read as HTML.
fn drawn(span: Span) -> impl IntoView {
    match span {
        Span::Text(text) => text.into_any(),
        Span::Link { text, href } => view! { class="fd",
            <a href=href target="_blank" rel="noopener noreferrer nofollow ugc">{text}</a>
        }
        .into_any(),
    }
}

/// What stands above a day's first message.
fn divider(row: &Row, day: i64, shown: crate::state::Shown) -> String {
    let today = frontdesk_client::Day::of(
        shown.now.get_untracked(),
        frontdesk_browser::clock::utc_offset_minutes(row.ts),
    );
    match today.0 - day {
        0 => "Today".into(),
        1 => "Yesterday".into(),
        _ => intl::format(row.ts, Style::Day, &page::language()),
    }
}

const fn receipt(receipt: Receipt) -> Option<&'static str> {
    match receipt {
        Receipt::Sending => Some("Sending"),
        Receipt::Sent => Some("Sent"),
        Receipt::Delivered => Some("Delivered"),
        Receipt::Read => Some("Read"),
        Receipt::Failed(_) => None,
    }
}

const fn why(failure: SendFailure) -> &'static str {
    match failure {
        SendFailure::BadBody => "the text cannot be sent.",
        SendFailure::TooLong => "it is too long.",
        SendFailure::Conflict => "its id is taken.",
        SendFailure::Ended => "the chat has ended.",
        SendFailure::Refused => "it is not let through.",
        SendFailure::Forbidden => "this is not your chat.",
        SendFailure::Other => "the server refused it.",
    }
}
