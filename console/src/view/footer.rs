//! Below the conversation: the composer, or why there is none.

use frontdesk_browser::focus;
use frontdesk_protocol::{TaskSid, state::TaskStatus};
use leptos::{html, prelude::*};

use super::{
    composer::Composer,
    icon::{Glyph, Icon},
};
use crate::{
    state::{Errand, Focus},
    wish::{Wish, desk},
};

/// What stands on a button, and what a click on it wishes for the chosen task.
type Action = (&'static str, fn(TaskSid) -> Wish);

/// What can be done in the chosen chat.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Waits,
    Ended,
    Closed,
    Colleague,
}

/// The composer for a chat of one's own that goes on; a reason, and a way on, for any other.
#[component]
pub(super) fn Footer() -> impl IntoView {
    let shown = desk().shown;
    let state = Memo::new(move |_| {
        let task = shown.task()?;
        let is_over = shown.talk.with(|talk| talk.is_over);
        let me = shown.me().map(|me| me.identity);
        Some(match task.status {
            TaskStatus::Closed => State::Closed,
            TaskStatus::Waiting => State::Waits,
            TaskStatus::Accepted if task.agent != me => State::Colleague,
            TaskStatus::Accepted if is_over => State::Ended,
            TaskStatus::Accepted => State::Open,
        })
    });
    // The builder of the props does not turn a variant's name into a function pointer by itself.
    let accept: Option<Action> = Some(("Accept chat", Wish::Accept));
    let close: Option<Action> = Some(("Close chat", Wish::Close));
    let no_action: Option<Action> = None;
    move || match state.get() {
        None => ().into_any(),
        Some(State::Open) => view! { class="fd", <Composer/> }.into_any(),
        Some(State::Waits) => view! { class="fd",
            <Notice
                title="This chat is waiting for an agent"
                words="You can write as soon as you have accepted it."
                action=accept
            />
        }
        .into_any(),
        Some(State::Ended) => view! { class="fd",
            <Notice
                title="The visitor has ended this chat"
                words="Close it to take it off your list."
                action=close
            />
        }
        .into_any(),
        Some(State::Closed) => view! { class="fd",
            <Notice title="This chat is closed" words="It stays readable." action=no_action/>
        }
        .into_any(),
        Some(State::Colleague) => view! { class="fd",
            <Notice
                title="A colleague has taken this chat"
                words="Choose another one from the list."
                action=no_action
            />
        }
        .into_any(),
    }
}

/// In place of the composer: why nothing can be written, and what can be done instead.
#[component]
fn Notice(
    /// What is the case.
    title: &'static str,
    /// What it means.
    words: &'static str,
    /// What a click does.
    action: Option<Action>,
) -> impl IntoView {
    let desk = desk();
    let shown = desk.shown;
    let place = NodeRef::<html::Div>::new();
    let is_busy = move || {
        let chosen = shown.chosen.get();
        shown.errand.with(|errand| match errand {
            Some(Errand::Accept(sid) | Errand::Close(sid)) => chosen.as_ref() == Some(sid),
            None => false,
        })
    };
    let go = move || {
        if let Some(place) = place.get_untracked()
            && !focus::focus_first(&place, "button")
        {
            focus::focus(&place);
        }
    };
    Effect::new(move |_| {
        if place.get().is_some() && shown.focus.get() == Some(Focus::Answer) {
            shown.focus.set(None);
            go();
        }
    });
    // What had the focus may have been the composer that this stands in place of now.
    request_animation_frame(move || {
        // By then it may be gone itself: an end and a close can come within one frame.
        let place = place.try_get_untracked().flatten();
        if place.is_some_and(|place| focus::is_lost(&place)) {
            go();
        }
    });
    view! { class="fd",
        <div node_ref=place class="notyet" tabindex="-1">
            <span class="reason"><b>{title}</b>{words}</span>
            {action.map(|(label, wish)| view! { class="fd",
                <button
                    type="button"
                    class="button main"
                    aria-disabled=move || if is_busy() { "true" } else { "false" }
                    on:click=move |_| {
                        if let Some(sid) = shown.chosen.get_untracked() {
                            desk.wish(wish(sid));
                        }
                    }
                >
                    {move || if is_busy() {
                        view! { class="fd", <span class="spinner" aria-hidden="true"></span> }.into_any()
                    } else {
                        view! { class="fd", <Icon glyph=Glyph::Tick small=true/> }.into_any()
                    }}
                    {label}
                </button>
            })}
        </div>
    }
}
