//! What stands in the composer's place when the chat has ended.

use super::button::button;
use crate::{
    state::Pane,
    ui::{El, el},
    widget::Widget,
};

/// The end, and the way to a new beginning.
#[must_use]
pub fn tray(widget: Widget) -> El {
    let (state, words) = (widget.state, widget.words);
    el("div", "tray")
        .attr("data-main", "")
        .attr("tabindex", "-1")
        .hidden(move || state.pane() != Pane::Chat || !state.has_ended())
        .child(el("h2", "").text(words.ended))
        .child(el("p", "").text(words.ended_lead))
        .child(button("cta", move || widget.start_again()).text(words.again))
}
