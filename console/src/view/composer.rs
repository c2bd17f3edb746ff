//! Where an answer is written.

use frontdesk_browser::{dom::KeyboardEvent, element, focus};
use frontdesk_protocol::{Body, body::BodyError};
use leptos::{html, prelude::*};

use super::icon::{Glyph, Icon};
use crate::{
    state::Focus,
    wish::{Wish, desk},
};

/// The composer of the chosen chat. Enter sends, Shift and Enter break the line.
#[component]
pub(super) fn Composer() -> impl IntoView {
    let desk = desk();
    let shown = desk.shown;
    let entry = NodeRef::<html::Textarea>::new();
    let task = Memo::new(move |_| shown.task());
    let channel = Memo::new(move |_| task.get().map(|task| task.channel));
    let name = Memo::new(move |_| task.get().map(|task| task.name).unwrap_or_default());
    let draft = Memo::new(move |_| {
        let channel = channel.get()?;
        shown.drafts.with(|drafts| drafts.get(&channel).cloned())
    });
    let text = move || draft.get().unwrap_or_default();
    let verdict = Memo::new(move |_| Body::parse(&text()).err());
    let too_long = Memo::new(move |_| match verdict.get() {
        Some(BodyError::TooLong { len_bytes, limit_bytes }) => Some(len_bytes - limit_bytes),
        Some(BodyError::Empty | BodyError::Nul) | None => None,
    });

    let write = move |written: String| {
        if let Some(channel) = channel.get_untracked() {
            desk.wish(Wish::Draft { channel, text: written });
        }
    };
    let send = move || {
        if let Some(channel) = channel.get_untracked().filter(|_| verdict.get_untracked().is_none())
        {
            desk.wish(Wish::Send(channel));
        }
    };
    let press = move |event: KeyboardEvent| {
        if element::is_send_key(&event) {
            event.prevent_default();
            send();
        }
    };
    Effect::new(move |_| {
        let is_meant = matches!(shown.focus.get(), Some(Focus::Composer | Focus::Answer));
        if let Some(entry) = entry.get().filter(|_| is_meant) {
            shown.focus.set(None);
            focus::focus(&entry);
        }
    });

    view! { class="fd",
        <form class="composer" on:submit=move |event| {
            event.prevent_default();
            send();
        }>
            <div class="box">
                // A line break at the end has no height of its own.
                <div class="mirror" aria-hidden="true">{move || format!("{} ", text())}</div>
                <textarea
                    node_ref=entry
                    class="entry"
                    rows="1"
                    aria-label=move || format!("Message to {}", name.get())
                    aria-describedby="toolong"
                    aria-invalid=move || if too_long.get().is_some() { "true" } else { "false" }
                    placeholder=move || format!("Reply to {}", name.get())
                    enterkeyhint="send"
                    prop:value=text
                    on:input=move |event| write(event_target_value(&event))
                    on:keydown=press
                ></textarea>
            </div>
            <button
                type="submit"
                class="send"
                aria-label="Send"
                title="Send (Enter)"
                disabled=move || verdict.get().is_some()
            >
                <Icon glyph=Glyph::Send/>
            </button>
        </form>
        <p class="toolong" id="toolong" role="status" hidden=move || too_long.get().is_none()>
            {move || too_long.get().map(|over| format!("Too long by {over} bytes. Please send it in parts."))}
        </p>
    }
}
