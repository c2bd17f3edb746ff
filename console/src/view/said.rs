//! What was said: the scrolled log.
//!
//! It is laid out from its end (see the stylesheet): at the end it stays at the end when something
//! comes in, and older pages put on top move nothing.

use frontdesk_browser::{focus, upward};
use frontdesk_client::RowKey;
use leptos::{html, prelude::*};

use super::{
    bubble::Bubble,
    empty::Empty,
    icon::{Glyph, Icon},
    typing::Typing,
};
use crate::wish::{Wish, desk};

/// Within so many pixels of the end, the end is in sight.
const NEAR_PX: i32 = 48;
/// Within so many pixels of the oldest message, older ones are asked for.
const OLDER_PX: i32 = 400;

/// The messages of the chosen chat.
#[component]
pub(super) fn Said() -> impl IntoView {
    let desk = desk();
    let shown = desk.shown;
    let log = NodeRef::<html::Div>::new();
    let is_at_end = RwSignal::new(true);
    let name = Memo::new(move |_| shown.task().map(|task| task.name).unwrap_or_default());
    let is_known = Memo::new(move |_| shown.talk.with(|talk| talk.is_known));
    let older = Memo::new(move |_| shown.talk.with(|talk| (talk.has_older, talk.is_loading)));
    let is_empty = Memo::new(move |_| shown.rows.with(Vec::is_empty));

    let scrolled = move |_| {
        // The browser tells of scrolling a frame later, when the log may be gone.
        let Some(log) = log.try_get_untracked().flatten() else { return };
        let is_near = upward::below(&log) <= NEAR_PX;
        if is_near != is_at_end.get_untracked() {
            is_at_end.set(is_near);
        }
        let (has_older, is_loading) = older.get_untracked();
        if has_older && !is_loading && upward::above(&log) <= OLDER_PX {
            desk.wish(Wish::LoadOlder);
        }
    };
    let to_end = move || {
        if let Some(log) = log.get_untracked() {
            upward::to_end(&log);
        }
        is_at_end.set(true);
    };
    // Read is what stood at the end of the log before somebody who is in the chat. Whether the page
    // is in sight is the client's matter.
    let is_in = Memo::new(move |_| {
        let me = shown.me().map(|me| me.identity);
        shown.talk.with(|talk| me.is_some_and(|me| talk.is_in(&me)))
    });
    Effect::new(move |_| {
        // Below it may stand one's own messages that are not sent yet.
        let newest = shown.rows.with(|cells| {
            cells.iter().rev().find_map(|cell| cell.row.with_untracked(|row| row.seq))
        });
        if let Some(newest) = newest.filter(|_| is_at_end.get() && is_in.get()) {
            desk.wish(Wish::Seen(newest));
        }
    });

    // One's own message is always looked at.
    Effect::new(move |before: Option<Option<RowKey>>| {
        let newest = shown.rows.with(|cells| cells.last().map(|cell| cell.key));
        let is_new = before.is_some_and(|before| before.is_some() && before != newest);
        if is_new && matches!(newest, Some(RowKey::Cid(_))) {
            to_end();
        }
        newest
    });

    view! { class="fd",
        <div class="stage">
            <div
                node_ref=log
                class="log"
                role="log"
                aria-live="off"
                aria-label=move || format!("Conversation with {}", name.get())
                tabindex="0"
                on:scroll=scrolled
            >
                <div class="lines">
                    <Show when=move || older.get().0>
                        <button
                            type="button"
                            class="button earlier"
                            aria-disabled=move || if older.get().1 { "true" } else { "false" }
                            on:click=move |_| desk.wish(Wish::LoadOlder)
                        >
                            {move || if older.get().1 { "Loading …" } else { "Earlier messages" }}
                        </button>
                    </Show>
                    <For each=move || shown.rows.get() key=|cell| cell.key let:cell>
                        <Bubble cell=cell/>
                    </For>
                    <Typing/>
                </div>
                <Show when=move || is_empty.get()>
                    <Nothing is_known=is_known/>
                </Show>
            </div>
            <Show when=move || !is_at_end.get()>
                <button
                    type="button"
                    class="button newest"
                    on:click=move |_| {
                        to_end();
                        if let Some(log) = log.get_untracked() {
                            focus::focus(&log);
                        }
                    }
                >
                    <Icon glyph=Glyph::Down small=true/>
                    "Newest"
                </button>
            </Show>
        </div>
    }
}

/// In place of messages that are not there, or not yet.
#[component]
fn Nothing(
    /// Whether the chat's first picture is here.
    is_known: Memo<bool>,
) -> impl IntoView {
    move || {
        if is_known.get() {
            view! { class="fd",
                <Empty
                    glyph=Glyph::Chat
                    title="Nothing said yet"
                    words="What the visitor wrote into the form stands beside the conversation."
                />
            }
            .into_any()
        } else {
            view! { class="fd",
                <div class="empty" role="status">
                    <span class="spinner large" aria-hidden="true"></span>
                    <span class="unseen">"Loading the conversation"</span>
                </div>
            }
            .into_any()
        }
    }
}
