//! What a screen reader says by itself: the others' new messages, and one's own only if they fail.

use crate::{
    ui::{El, el},
    widget::Widget,
};

/// The polite live region. It is emptied after a second, so that nobody finds it when reading on.
#[must_use]
pub fn announcer(widget: Widget) -> El {
    el("div", "vh")
        .attr("role", "status")
        .attr("aria-live", "polite")
        .text_of(move || widget.state.announcement.get())
}
