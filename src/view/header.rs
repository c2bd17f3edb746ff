//! Who is there: name and presence, the menu, and the way out.

use frontdesk_browser::{element, focus};
use frontdesk_client::{Connection, text::initials};

use super::{
    button::button,
    icon::{self, icon},
};
use crate::{
    state::{Overlay, Pane},
    ui::{El, effect, el},
    widget::Widget,
};

/// The header. In a chat it shows the agent, before that the site.
#[must_use]
pub fn header(widget: Widget) -> El {
    let (state, words) = (widget.state, widget.words);
    let in_chat = move || state.pane() == Pane::Chat && !state.has_ended();
    let is_menu = move || state.overlay.get() == Overlay::Menu;
    let close_menu = move || {
        if state.overlay.get_untracked() == Overlay::Menu {
            state.overlay.set(Overlay::None);
            return true;
        }
        false
    };
    let opener = button("tool", move || {
        if !close_menu() {
            state.overlay.set(Overlay::Menu);
            widget.focus();
        }
    })
    .attr("aria-label", words.more)
    .attr_of("aria-expanded", move || Some(if is_menu() { "true" } else { "false" }))
    .child(icon(icon::MORE));
    let close = button("tool", move || widget.close())
        .attr("aria-label", words.close)
        .child(icon(icon::CLOSE));
    let end = button("", move || {
        state.is_end_failed.set(false);
        state.overlay.set(Overlay::End);
        widget.focus();
    });
    let menu = el("div", "menu")
        .hidden(move || !is_menu())
        .child(end.child(icon(icon::LEAVE)).text(words.end));
    // The menu comes right behind its button for the keyboard, too. The box takes a focus that the
    // browser does not give to the button, so that a click there is still within.
    let more = el("div", "")
        .attr("tabindex", "-1")
        .hidden(move || !in_chat())
        .child(opener.clone())
        .child(menu);
    let within = more.clone();
    // It had the focus from the start. A menu does not stay behind when that goes somewhere else, by
    // key or by a click, or leaves the page.
    let more = more.on("focusout", move |event| {
        if element::moves_focus_out(&event, within.node()) {
            close_menu();
        }
    });
    let (face, who) = who(widget);
    el("header", "head")
        .on("keydown", move |event| {
            // The panel would close at this key; the menu is nearer.
            let is_open = state.overlay.get_untracked() == Overlay::Menu;
            if is_open && element::takes_escape(&event) {
                close_menu();
                focus::focus(opener.node());
            }
        })
        .child(face)
        .child(who)
        .child(more)
        .child(close)
}

/// The face; and the name with the line below it.
fn who(widget: Widget) -> (El, El) {
    let (state, words) = (widget.state, widget.words);
    let face = el("div", "face").attr("aria-hidden", "true");
    let (name, dot, line) = (el("h1", "").attr("dir", "auto"), el("i", "dot"), el("span", ""));
    let who = el("div", "who")
        .child(name.clone())
        .child(el("p", "").child(dot.clone()).child(line.clone()));
    let shown = face.clone();
    effect(move || {
        let (site, tagline) = widget.of_site(|site| (site.name.clone(), site.tagline.clone()));
        let in_chat = state.pane() == Pane::Chat;
        let agent = state.agent().filter(|_| in_chat);
        let is_staffed = state.is_staffed.get();
        let (is, said) = if !in_chat && is_staffed {
            (if tagline.is_empty() { "none" } else { "on" }, tagline.as_str())
        } else if !in_chat {
            ("none", words.away)
        } else if state.has_ended() {
            ("", words.ended)
        } else if state.is_away.get() || matches!(state.connection.get(), Connection::Failed(_)) {
            ("", words.connecting)
        } else if !state.is_loaded.get() {
            ("wait", words.connecting)
        } else if agent.is_some() {
            (if is_staffed { "on" } else { "" }, site.as_str())
        } else if is_staffed {
            ("wait", words.waiting_short)
        } else {
            ("none", words.away)
        };
        dot.set_attr("data-is", Some(is));
        dot.set_hidden(is == "none");
        line.set_text(said);
        let known = agent.as_ref().unwrap_or(&site);
        name.set_text(known);
        shown.set_text(&initials(known));
    });
    (face, who)
}
