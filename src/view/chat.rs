//! The chat: what was said, and below it the one thing that can be done now.

use leptos::prelude::*;

use super::{composer::composer, ending::ending, timeline::timeline, tray::tray};
use crate::{app::App, state::Pane};

/// The chat.
#[must_use]
pub fn chat(app: App) -> impl IntoView {
    view! { class="fd",
        <div class="chat" hidden=move || app.state.pane() != Pane::Chat>
            {timeline(app)}
            {composer(app)}
            {ending(app)}
            {tray(app)}
        </div>
    }
}
