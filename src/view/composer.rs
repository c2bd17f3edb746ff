//! Where a message is written. It is never locked, and never emptied before the message is safe.

use frontdesk_browser::{element, focus};
use frontdesk_protocol::{Body, BodyError};
use leptos::{html, prelude::*};

use super::icon::{self, icon};
use crate::{
    app::App,
    state::{Overlay, Pane},
};

/// The composer. Enter sends, Shift and Enter break the line; the text behind the field gives it
/// its height (see the stylesheet).
#[must_use]
pub fn composer(app: App) -> impl IntoView {
    let (state, words) = (app.state, app.words);
    let node = NodeRef::<html::Textarea>::new();
    let is_shown = move || {
        state.pane() == Pane::Chat && !state.has_ended() && state.overlay.get() != Overlay::End
    };
    let is_empty = move || state.draft.with(|draft| draft.trim().is_empty());
    let send = move || {
        if !state.draft.with_untracked(|draft| draft.trim().is_empty()) {
            app.send();
        }
    };
    let too_long = move || {
        let body = state.draft.with(|draft| Body::parse(draft.trim_end()).map(drop));
        if matches!(body, Err(BodyError::TooLong { .. })) { words.body_long } else { "" }
    };
    view! { class="fd",
        <form
            class="composer"
            hidden=move || !is_shown()
            on:submit=move |event| {
                event.prevent_default();
                send();
                if let Some(field) = node.get_untracked() {
                    focus::focus(&field);
                }
            }
        >
            <p class="warnline" role="alert">{too_long}</p>
            <div class="grow" data-text=move || state.draft.get()>
                <textarea
                    node_ref=node
                    data-main=""
                    rows="1"
                    placeholder=words.compose
                    aria-label=words.compose
                    enterkeyhint="send"
                    prop:value=move || state.draft.get()
                    on:input=move |event| app.write(event_target_value(&event))
                    on:keydown=move |event| {
                        if element::is_send_key(&event) {
                            event.prevent_default();
                            send();
                        }
                    }
                ></textarea>
            </div>
            <button
                class="send"
                type="submit"
                aria-label=words.send
                aria-disabled=move || is_empty().then_some("true")
            >
                {icon(icon::SEND)}
            </button>
        </form>
    }
}
