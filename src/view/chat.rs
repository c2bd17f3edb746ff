//! The chat: what was said, and below it the one thing that can be done now.

use super::{composer::composer, ending::ending, timeline::timeline, tray::tray};
use crate::{
    state::Pane,
    ui::{El, el},
    widget::Widget,
};

/// The chat.
#[must_use]
pub fn chat(widget: Widget) -> El {
    el("div", "chat")
        .hidden(move || widget.state.pane() != Pane::Chat)
        .child(timeline(widget))
        .child(el("p", "warnline").attr("role", "alert").text_of(move || widget.state.lost.get()))
        .child(composer(widget))
        .child(ending(widget))
        .child(tray(widget))
}
