//! The conversation's head: who it is with, and how it is ended.

use frontdesk_browser::{dom::KeyboardEvent, focus};
use frontdesk_protocol::state::TaskStatus;
use leptos::{html, prelude::*};

use super::{
    avatar::Avatar,
    icon::{Glyph, Icon},
};
use crate::{
    desk::{details::Details, name::isolated, waiting::Waiting},
    state::{Errand, Focus},
    wish::{Wish, desk},
};

/// The head of the chosen chat. It is built anew with each choice, and with it the question.
#[component]
pub(super) fn Head() -> impl IntoView {
    let desk = desk();
    let shown = desk.shown;
    let is_asking = RwSignal::new(false);
    let yes = NodeRef::<html::Button>::new();
    let ask = NodeRef::<html::Button>::new();
    let keep_open = move || {
        is_asking.set(false);
        request_animation_frame(move || {
            if let Some(ask) = ask.try_get_untracked().flatten() {
                focus::focus(&ask);
            }
        });
    };
    let task = Memo::new(move |_| shown.task());
    let name = Memo::new(move |_| task.get().map(|task| task.name).unwrap_or_default());
    let identity = task.get_untracked().map(|task| task.channel.to_string()).unwrap_or_default();
    let about = Memo::new(move |_| {
        let Some(task) = task.get() else { return String::new() };
        let mut parts: Vec<_> =
            Details::of(&task.attributes).about().iter().map(|part| isolated(part)).collect();
        let now = shown.now.get();
        parts.push(match task.status {
            TaskStatus::Waiting => {
                format!("waiting {}", Waiting::between(task.created, now).told())
            }
            TaskStatus::Accepted => {
                format!("{} in chat", Waiting::between(task.updated, now).told())
            }
            TaskStatus::Closed => "closed".into(),
        });
        parts.join(" · ")
    });
    let is_mine = Memo::new(move |_| {
        task.get().is_some_and(|task| {
            task.status == TaskStatus::Accepted && task.agent == shown.me().map(|me| me.identity)
        })
    });
    let is_closing = move || {
        let chosen = shown.chosen.get();
        matches!(shown.errand.get(), Some(Errand::Close(sid)) if Some(&sid) == chosen.as_ref())
    };
    let close = move |_| {
        if let Some(sid) = shown.chosen.get_untracked() {
            keep_open();
            desk.wish(Wish::Close(sid));
        }
    };
    let unask = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            keep_open();
        }
    };
    let details = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        if let Some(details) = details.get()
            && shown.focus.get() == Some(Focus::Details)
        {
            shown.focus.set(None);
            focus::focus(&details);
        }
    });
    Effect::new(move |_| {
        if let Some(yes) = yes.get() {
            focus::focus(&yes);
        }
    });

    view! { class="fd",
        <header class="head" class:asking=is_asking>
            <button
                type="button"
                class="iconbutton back"
                aria-label="Back to the list"
                on:click=move |_| desk.wish(Wish::Back)
            >
                <Icon glyph=Glyph::Back/>
            </button>
            <Avatar name=name identity=identity/>
            <div class="who">
                <h2 dir="auto">{name}</h2>
                <span class="about">{about}</span>
            </div>
            <Show when=move || is_mine.get()>
                <Show
                    when=move || is_asking.get()
                    fallback=move || view! { class="fd",
                        <button
                            node_ref=ask
                            type="button"
                            class="button"
                            aria-disabled=move || if is_closing() { "true" } else { "false" }
                            on:click=move |_| is_asking.set(true)
                        >
                            {move || if is_closing() { "Closing …" } else { "Close chat" }}
                        </button>
                    }
                >
                    <div class="sure" role="group" aria-label="Close this chat?" on:keydown=unask>
                        <span class="question">"Close this chat?"</span>
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| keep_open()
                        >
                            "Keep open"
                        </button>
                        <button node_ref=yes type="button" class="button grave" on:click=close>
                            "Close chat"
                        </button>
                    </div>
                </Show>
            </Show>
            <button
                node_ref=details
                type="button"
                class="iconbutton"
                aria-label="About the visitor"
                title="About the visitor"
                aria-expanded=move || if shown.is_detailed.get() { "true" } else { "false" }
                on:click=move |_| desk.wish(Wish::ToggleDetails)
            >
                <Icon glyph=Glyph::Person/>
            </button>
        </header>
    }
}
