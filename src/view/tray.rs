//! What stands in the composer's place when the chat has ended.

use leptos::prelude::*;

use crate::{app::App, state::Pane};

/// The end, and the way to a new beginning.
#[must_use]
pub fn tray(app: App) -> impl IntoView {
    let (state, words) = (app.state, app.words);
    let is_shown = move || state.pane() == Pane::Chat && state.has_ended();
    view! { class="fd",
        <div class="tray" data-main="" tabindex="-1" hidden=move || !is_shown()>
            <h2>{words.ended}</h2>
            <p>{words.ended_lead}</p>
            <button class="cta" type="button" on:click=move |_| app.start_again()>
                {words.again}
            </button>
        </div>
    }
}
