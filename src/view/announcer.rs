//! What a screen reader says by itself: the others' new messages, and one's own only if they fail.

use leptos::prelude::*;

use crate::app::App;

/// The polite live region. It is emptied after a second, so that nobody finds it when reading on.
#[must_use]
pub fn announcer(app: App) -> impl IntoView {
    view! { class="fd",
        <div class="vh" role="status" aria-live="polite">{move || app.state.announcement.get()}</div>
    }
}
