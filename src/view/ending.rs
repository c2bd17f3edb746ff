//! Whether the chat shall end: asked once.

use frontdesk_browser::element;

use super::button::button;
use crate::{
    state::{Overlay, Pane},
    ui::{El, el},
    widget::Widget,
};

/// The question, in the composer's place.
#[must_use]
pub fn ending(widget: Widget) -> El {
    let (state, words) = (widget.state, widget.words);
    let is_asked = move || {
        state.overlay.get() == Overlay::End && state.pane() == Pane::Chat && !state.has_ended()
    };
    let back = move || {
        state.overlay.set(Overlay::None);
        widget.focus();
    };
    let lead = move || {
        let lead = if state.is_end_failed.get() { words.end_failed } else { words.end_lead };
        lead.to_owned()
    };
    let keep = button("cta", back).attr("data-is", "quiet").attr("data-main", "");
    let end = button("cta", move || widget.end()).attr("data-is", "danger");
    el("div", "tray")
        .attr("role", "group")
        .attr("aria-labelledby", "fd-end")
        .hidden(move || !is_asked())
        .on("keydown", move |event| {
            if element::takes_escape(&event) {
                back();
            }
        })
        .child(el("h2", "").attr("id", "fd-end").text(words.end_ask))
        .child(el("p", "").text_of(lead))
        .child(el("div", "pair").child(keep.text(words.end_keep)).child(end.text(words.end)))
}
