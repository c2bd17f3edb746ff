//! A chat is being opened, and its form was sent from another page.

use crate::{
    state::Pane,
    ui::{El, el},
    widget::Widget,
};

/// One calm block in the middle.
#[must_use]
pub fn starting(widget: Widget) -> El {
    let (state, words) = (widget.state, widget.words);
    el("div", "state")
        .hidden(move || state.pane() != Pane::Starting)
        .child(el("div", "orb").child(el("i", "spin")))
        .child(el("h2", "").text(words.starting))
        .child(el("p", "").text(words.starting_lead))
}
