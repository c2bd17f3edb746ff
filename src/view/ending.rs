//! Whether the chat shall end: asked once.

use leptos::prelude::*;

use crate::{
    app::App,
    state::{Overlay, Pane},
};

/// The question, in the composer's place.
#[must_use]
pub fn ending(app: App) -> impl IntoView {
    let (state, words) = (app.state, app.words);
    let is_asked = move || {
        state.overlay.get() == Overlay::End && state.pane() == Pane::Chat && !state.has_ended()
    };
    let back = move || {
        state.overlay.set(Overlay::None);
        app.focus();
    };
    view! { class="fd",
        <div
            class="tray"
            role="group"
            aria-labelledby="fd-end"
            hidden=move || !is_asked()
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.stop_propagation();
                    event.prevent_default();
                    back();
                }
            }
        >
            <h2 id="fd-end">{words.end_ask}</h2>
            <p>{move || if state.is_end_failed.get() { words.end_failed } else { words.end_lead }}</p>
            <div class="pair">
                <button class="cta" data-is="quiet" type="button" data-main="" on:click=move |_| back()>
                    {words.end_keep}
                </button>
                <button class="cta" data-is="danger" type="button" on:click=move |_| app.end()>
                    {words.end}
                </button>
            </div>
        </div>
    }
}
