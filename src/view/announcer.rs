//! What a screen reader says by itself: the others' new messages, and one's own only if they fail.

use crate::{
    app::App,
    ui::{El, el},
};

/// The polite live region. It is emptied after a second, so that nobody finds it when reading on.
#[must_use]
pub fn announcer(app: App) -> El {
    el("div", "vh")
        .attr("role", "status")
        .attr("aria-live", "polite")
        .text_of(move || app.state.announcement.get())
}
