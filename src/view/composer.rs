//! Where a message is written. It is never locked, and never emptied before the message is safe.

use frontdesk_browser::{element, focus, node};
use frontdesk_protocol::{Body, BodyError};
use leptos::prelude::*;

use super::icon::{self, icon};
use crate::{
    state::{Overlay, Pane},
    ui::{El, effect, el},
    widget::Widget,
};

/// The composer. Enter sends, Shift and Enter break the line; the text behind the field gives it
/// its height (see the stylesheet).
#[must_use]
pub fn composer(widget: Widget) -> El {
    let (state, words) = (widget.state, widget.words);
    let is_shown = move || {
        state.pane() == Pane::Chat && !state.has_ended() && state.overlay.get() != Overlay::End
    };
    let is_empty = move || state.draft.with(|draft| draft.trim().is_empty());
    let send = move || {
        if !untrack(is_empty) {
            widget.send();
        }
    };
    let too_long = move || {
        let body = state.draft.with(|draft| Body::parse(draft.trim_end()).map(drop));
        let is_long = matches!(body, Err(BodyError::TooLong { .. }));
        if is_long { words.body_long.to_owned() } else { String::new() }
    };
    let field = el("textarea", "")
        .attr("data-main", "")
        .attr("rows", "1")
        .attr("placeholder", words.compose)
        .attr("aria-label", words.compose)
        .attr("enterkeyhint", "send")
        .on("input", move |event| widget.write(node::value(&event)))
        .on("keydown", move |event| {
            if element::is_send_key(&event) {
                event.prevent_default();
                send();
            }
        });
    let grow = el("div", "grow").child(field.clone());
    effect({
        let (grow, field) = (grow.clone(), field.clone());
        move || {
            state.draft.with(|draft| {
                grow.set_attr("data-text", Some(draft));
                node::set_value(field.node(), draft);
            });
        }
    });
    let submit = el("button", "send")
        .attr("type", "submit")
        .attr("aria-label", words.send)
        .attr_of("aria-disabled", move || is_empty().then_some("true"))
        .child(icon(icon::SEND));
    el("form", "composer")
        .hidden(move || !is_shown())
        .on("submit", move |event| {
            event.prevent_default();
            send();
            focus::focus(field.node());
        })
        .child(el("p", "warnline").attr("role", "alert").text_of(too_long))
        .child(grow)
        .child(submit)
}
