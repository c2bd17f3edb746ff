//! The chat: what was said, and below it the one thing that can be done now.

use super::{composer::composer, ending::ending, timeline::timeline, tray::tray};
use crate::{
    app::App,
    state::Pane,
    ui::{El, el},
};

/// The chat.
#[must_use]
pub fn chat(app: App) -> El {
    el("div", "chat")
        .hidden(move || app.state.pane() != Pane::Chat)
        .child(timeline(app))
        .child(composer(app))
        .child(ending(app))
        .child(tray(app))
}
