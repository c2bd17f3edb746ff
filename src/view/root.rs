//! The whole widget, as it fills the panel, and where its focus goes.

use std::cell::{Cell, RefCell};

use frontdesk_browser::{focus, timer::Timer};

use super::{
    announcer::announcer, banner::banner, chat::chat, form::form, header::header,
    starting::starting,
};
use crate::{
    state::Pane,
    ui::{El, effect_after, el},
    widget::Widget,
};

/// The main control of what is in sight: the menu, the composer, an answer to a question, the end, the
/// first question of the form.
const MAIN: &str = ".menu:not([hidden]) button, .chat:not([hidden]) > [data-main]:not([hidden]), \
    .chat:not([hidden]) > :not([hidden]) [data-main], .form:not([hidden]) :is(.ctl, .tick)";
/// Where the focus would be lost when the chat ends.
const GOING: &str = ".composer :focus, .tray :focus";

/// The whole widget.
#[must_use]
pub fn root(widget: Widget) -> El {
    let root = el("div", "app")
        .attr("tabindex", "-1")
        .attr("lang", "en")
        .attr("dir", "ltr")
        .child(header(widget))
        .child(banner(widget))
        .child(form(widget))
        .child(starting(widget))
        .child(chat(widget))
        .child(announcer(widget));
    lead_focus(widget, root.clone());
    root
}

/// Gives the focus to the main control when it is wished for, and that control is there.
fn lead_focus(widget: Widget, root: El) {
    let state = widget.state;
    let was_ended = Cell::new(false);
    let soon = RefCell::new(None);
    effect_after(move || {
        let has_ended = state.has_ended();
        // An end that arrives takes the composer away: then, and only then, the focus moves by
        // itself, and not to a button, because somebody may be typing.
        let was_ended = was_ended.replace(has_ended);
        if has_ended && !was_ended && focus::is_on(root.node(), GOING) {
            state.wants_focus.set(true);
        }
        let is_ready = match state.pane() {
            Pane::Blank | Pane::Starting => false,
            Pane::Form => !state.is_submitted.get(),
            Pane::Chat => true,
        };
        state.overlay.track();
        if is_ready && state.wants_focus.get() && state.is_open.get() {
            // What is hidden cannot have it, and what is shown from now on is shown a little later.
            let root = root.clone();
            let timer = Timer::after(0, move || {
                state.wants_focus.set(false);
                if !focus::focus_first(root.node(), MAIN) {
                    focus::focus(root.node());
                }
            });
            *soon.borrow_mut() = Some(timer);
        }
    });
}
