//! A chat is being opened, and its form was sent from another page.

use leptos::prelude::*;

use crate::{app::App, state::Pane};

/// One calm block in the middle.
#[must_use]
pub fn starting(app: App) -> impl IntoView {
    let words = app.words;
    view! { class="fd",
        <div class="state" hidden=move || app.state.pane() != Pane::Starting>
            <div class="orb"><i class="spin"></i></div>
            <h2>{words.starting}</h2>
            <p>{words.starting_lead}</p>
        </div>
    }
}
