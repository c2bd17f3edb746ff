//! What stands in the composer's place when the chat has ended.

use super::button::button;
use crate::{
    app::App,
    state::Pane,
    ui::{El, el},
};

/// The end, and the way to a new beginning.
#[must_use]
pub fn tray(app: App) -> El {
    let (state, words) = (app.state, app.words);
    el("div", "tray")
        .attr("data-main", "")
        .attr("tabindex", "-1")
        .hidden(move || state.pane() != Pane::Chat || !state.has_ended())
        .child(el("h2", "").text(words.ended))
        .child(el("p", "").text(words.ended_lead))
        .child(button("cta", move || app.start_again()).text(words.again))
}
