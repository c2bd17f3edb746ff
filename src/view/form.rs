//! The pre-engagement form, from the site's configuration.

use frontdesk_browser::focus;
use frontdesk_client::Screen;
use frontdesk_protocol::json::decimal;
use leptos::prelude::*;

use super::field::field;
use crate::{
    state::Pane,
    ui::{El, effect_after, el},
    widget::Widget,
};

/// The form. It stays where it is while it is sent, so that a failure finds every answer in place.
#[must_use]
pub fn form(widget: Widget) -> El {
    let (state, words) = (widget.state, widget.words);
    let asked = widget.of_site(|site| site.form.clone());
    let is_busy = move || state.screen.with(|screen| *screen == Screen::Starting);
    let label =
        if asked.submit_label.is_empty() { words.start.to_owned() } else { asked.submit_label };
    let label = move || if is_busy() { words.starting.to_owned() } else { label.clone() };
    let fields = asked.fields.into_iter().enumerate().map(|(at, asked)| field(widget, at, asked));
    let submit = el("button", "cta")
        .attr("type", "submit")
        .attr_of("aria-disabled", move || is_busy().then_some("true"))
        .child(el("i", "spin").hidden(move || !is_busy()))
        .child(el("span", "").text_of(label));
    let note = el("p", "note")
        .attr("role", "alert")
        .attr("tabindex", "-1")
        .text_of(move || state.refusal.get());
    let form = el("form", "form")
        .attr("novalidate", "")
        .hidden(move || state.pane() != Pane::Form)
        .attr_of("aria-busy", move || Some(if is_busy() { "true" } else { "false" }))
        .child(el("h2", "").text(&asked.title))
        .child(el("p", "lead").text(&asked.description))
        .child(el("fieldset", "fields").children(fields))
        .child(note.clone())
        .child(submit)
        .child(el("p", "foot").text(&asked.footer));
    let to_first_problem = {
        let form = form.clone();
        move || {
            if let Some(at) = widget.first_problem() {
                focus::focus_first(form.node(), &["#fd-q", &decimal(at as u64)].concat());
            }
        }
    };
    effect_after({
        let to_first_problem = to_first_problem.clone();
        move || {
            // The server's verdict, too, leads to the first answer that is wrong, and what is wrong
            // with none of them into sight, wherever the form was sent from.
            let (is_refused, is_all_wrong) = state.screen.with(|screen| match screen {
                Screen::Form(form) => (!form.fields.is_empty(), form.problem.is_some()),
                Screen::Idle | Screen::Starting | Screen::Chat | Screen::Ended => (false, false),
            });
            if is_refused {
                to_first_problem();
            } else if is_all_wrong {
                focus::focus(note.node());
            }
        }
    });
    form.on("submit", move |event| {
        event.prevent_default();
        if !untrack(is_busy) {
            widget.submit();
            to_first_problem();
        }
    })
}
