//! The whole widget, as it fills the panel, and where its focus goes.

use std::cell::RefCell;

use frontdesk_browser::{focus, timer::Timer};
use leptos::{html, prelude::*};

use super::{
    announcer::announcer, banner::banner, chat::chat, form::form, header::header,
    starting::starting,
};
use crate::{
    app::App,
    state::{Overlay, Pane},
};

/// The main control of what is in sight: the composer, an answer to a question, the end, the first
/// question of the form.
const MAIN: &str = ".chat:not([hidden]) > [data-main]:not([hidden]), \
    .chat:not([hidden]) > :not([hidden]) [data-main], .form:not([hidden]) :is(.ctl, .tick)";
/// Where the focus would be lost when the chat ends.
const GOING: &str = ".composer :focus, .tray :focus";

/// The whole widget.
#[must_use]
pub fn root(app: App) -> impl IntoView {
    let state = app.state;
    let node = NodeRef::<html::Div>::new();
    let soon = StoredValue::new_local(RefCell::new(None));
    Effect::new(move |was_ended: Option<bool>| {
        let Some(root) = node.get() else { return false };
        let has_ended = state.has_ended();
        // An end that arrives takes the composer away: then, and only then, the focus moves by
        // itself, and not to a button, because somebody may be typing.
        if has_ended
            && was_ended == Some(false)
            && root.query_selector(GOING).is_ok_and(|found| found.is_some())
        {
            state.wants_focus.set(true);
        }
        let is_ready = match state.pane() {
            Pane::Blank | Pane::Starting => false,
            Pane::Form => !state.is_submitted.get(),
            Pane::Chat => true,
        };
        state.overlay.with(|overlay| *overlay == Overlay::End);
        if is_ready && state.wants_focus.get() && state.is_open.get() {
            // What is hidden cannot have it, and what is shown from now on is shown a little later.
            let timer = Timer::after(0, move || {
                state.wants_focus.set(false);
                if !focus::focus_first(&root, MAIN) {
                    focus::focus(&root);
                }
            });
            soon.with_value(|soon| *soon.borrow_mut() = Some(timer));
        }
        has_ended
    });
    view! { class="fd",
        <div class="app" node_ref=node tabindex="-1" lang="en" dir="ltr">
            {header(app)}
            {banner(app)}
            {form(app)}
            {starting(app)}
            {chat(app)}
            {announcer(app)}
        </div>
    }
}
