//! What was said, newest at the bottom.
//!
//! The scroller is laid out from its end (see the stylesheet): at the end it stays at the end when
//! something comes in, and older pages put on top move nothing. Only what comes in below while
//! somebody reads further up would, and is made good.

use std::{cell::Cell, rc::Rc};

use frontdesk_browser::{dom::Element, focus, upward};
use frontdesk_client::{Event, text::initials};
use leptos::prelude::*;

use super::{
    button::button,
    icon::{self, icon},
    row::row,
};
use crate::{
    ui::{El, effect, effect_after, el, list},
    widget::Widget,
    words::fill,
};

/// Within so many pixels of the end, the end is in sight.
const END_PX: i32 = 48;
/// Within so many pixels of the oldest message, older ones are asked for.
const OLDER_PX: i32 = 400;

/// The transcript, with what stands in it when nothing was said, and the way to the newest message.
#[must_use]
pub fn timeline(widget: Widget) -> El {
    let (state, words) = (widget.state, widget.words);
    let is_empty = move || state.lines.with(Vec::is_empty);
    let log = el("div", "log")
        .attr("role", "log")
        .attr("aria-live", "off")
        .attr("aria-label", words.log)
        .attr("tabindex", "0")
        .child(lines(widget))
        .child(nothing(widget).hidden(move || !is_empty() || !state.is_loaded.get()))
        .child(
            el("div", "bones")
                .attr("aria-hidden", "true")
                .hidden(move || !is_empty() || state.is_loaded.get())
                .children((0..3).map(|_| el("i", ""))),
        );
    let log = {
        let scrolled = log.clone();
        log.on("scroll", move |_| look(widget, scrolled.node()))
    };
    keep_place(widget, &log);
    let newest = {
        let log = log.clone();
        button("jump", move || {
            state.is_at_end.set(true);
            upward::to_end(log.node());
            focus::focus(log.node());
        })
    };
    let label = move || if state.unread.get() > 0 { words.jump_new } else { words.jump }.to_owned();
    el("div", "stage").child(log).child(
        newest
            .hidden(move || state.is_at_end.get())
            .child(icon(icon::DOWN))
            .child(el("span", "").text_of(label)),
    )
}

/// The messages, between the sign that older ones are on their way and what is going on now.
fn lines(widget: Widget) -> El {
    let (state, words) = (widget.state, widget.words);
    let waiting = move || {
        let has_lines = state.lines.with(|lines| !lines.is_empty());
        let waits = has_lines && !state.has_ended() && state.is_loaded.get();
        let said = if state.is_staffed.get() { words.waiting } else { words.away_lead };
        if waits && state.agent().is_none() { said.to_owned() } else { String::new() }
    };
    let older = el("p", "older")
        .attr("aria-label", words.loading)
        .hidden(move || !state.is_loading.get())
        .child(el("i", "spin"));
    let aside = el("p", "aside").text_of(waiting);
    let lines = el("div", "lines").child(older).child(aside.clone()).child(typing(widget));
    list(&lines, &aside, state.lines, move |line| row(widget, line));
    lines
}

/// Somebody is writing.
fn typing(widget: Widget) -> El {
    let (state, words) = (widget.state, widget.words);
    let (face, said) = (el("div", "face"), el("span", "vh"));
    let face = face.attr("data-is", "s").attr("aria-hidden", "true");
    let dots = el("div", "bubble typing").children((0..3).map(|_| el("i", "")));
    let typing = el("div", "msg")
        .attr("data-is", "first last")
        .child(face.clone())
        .child(dots.child(said.clone()));
    let shown = typing.clone();
    effect(move || {
        state.typing.with(|names| {
            let name = names.first();
            shown.set_hidden(name.is_none());
            if let Some(name) = name {
                face.set_text(&initials(name));
                said.set_text(&fill(words.typing, name));
            }
        });
    });
    typing
}

/// Nothing was said yet.
fn nothing(widget: Widget) -> El {
    let (state, words) = (widget.state, widget.words);
    let lead = move || match state.agent() {
        Some(agent) => fill(words.empty_agent, &agent),
        None if state.is_staffed.get() => words.empty_waiting.to_owned(),
        None => words.away_lead.to_owned(),
    };
    let is_called = move || state.is_staffed.get() && state.agent().is_none();
    let orb = el("div", "orb").attr_of("data-is", move || is_called().then_some("live"));
    el("div", "state")
        .child(orb.child(icon(icon::CHAT)))
        .child(el("h2", "").text(words.empty))
        .child(el("p", "").text_of(lead))
}

/// Somebody has scrolled: what is in sight is looked at.
fn look(widget: Widget, log: &Element) {
    let state = widget.state;
    let is_at_end = upward::below(log) < END_PX;
    if is_at_end != state.is_at_end.get_untracked() {
        state.is_at_end.set(is_at_end);
    }
    if upward::above(log) < OLDER_PX {
        widget.dispatch_chat(|stream| Event::LoadOlder { stream });
    }
    widget.mark_read();
}

/// Keeps what is in sight where it is, or the end in sight.
fn keep_place(widget: Widget, log: &El) {
    let state = widget.state;
    effect_after({
        let log = log.clone();
        move || {
            // One's own message is always looked at.
            if state.is_at_end.get() && upward::below(log.node()) >= END_PX {
                upward::to_end(log.node());
            }
        }
    });
    let log = log.clone();
    // The first row, and the height of all, when it was last looked.
    let known = Rc::new(Cell::new((None, 0)));
    effect_after(move || {
        let first = state.lines.with(|lines| lines.first().map(|line| line.key));
        state.typing.track();
        // Behind the effects that write the rows, and before the browser draws them.
        let (log, known) = (log.clone(), Rc::clone(&known));
        queue_microtask(move || {
            let height = upward::height(log.node());
            let (known_first, known_height) = known.replace((first, height));
            let reads_on = !state.is_at_end.is_gone() && !state.is_at_end.get_untracked();
            if known_first == first && reads_on {
                upward::keep(log.node(), height - known_height);
            }
        });
    });
}
