//! What is the matter with the connection, calmly, and what can be done.

use frontdesk_client::{Connection, Event, FailReason, SuspendReason};
use leptos::prelude::*;

use super::{
    button::button,
    icon::{self, icon},
};
use crate::{
    state::Pane,
    ui::{El, effect, el},
    widget::Widget,
};

/// What a banner's button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    None,
    TryNow,
    Again,
}

/// The banner, hidden while all is well.
#[must_use]
pub fn banner(widget: Widget) -> El {
    let words = widget.words;
    let bar = el("div", "banner").attr("role", "status").child(icon(icon::AWAY));
    let text = el("span", "");
    let press = move || match told(widget).1 {
        Way::Again => widget.start_again(),
        Way::TryNow => widget.dispatch(Event::TryNow),
        Way::None => {}
    };
    let way = button("link", move || untrack(press));
    effect({
        let (bar, text, button) = (bar.clone(), text.clone(), way.clone());
        move || {
            let (said, way) = told(widget);
            let is_bad = way == Way::Again;
            bar.set_hidden(said.is_empty());
            bar.set_attr("data-is", is_bad.then_some("bad"));
            text.set_text(said);
            button.set_hidden(way == Way::None);
            button.set_text(if is_bad { words.again } else { words.try_now });
        }
    });
    bar.child(text).child(way)
}

fn told(widget: Widget) -> (&'static str, Way) {
    let (state, words) = (widget.state, widget.words);
    if state.pane() != Pane::Chat || state.has_ended() {
        return ("", Way::None);
    }
    let connection = state.connection.get();
    match connection {
        Connection::Suspended(SuspendReason::TooManySockets) => (words.many_tabs, Way::TryNow),
        Connection::Suspended(SuspendReason::Offline) => (words.offline, Way::TryNow),
        Connection::Failed(FailReason::Protocol | FailReason::Version) => (words.reload, Way::None),
        Connection::Failed(FailReason::Forbidden) => (words.forbidden, Way::None),
        Connection::Failed(FailReason::Token | FailReason::ChannelGone) => {
            (words.expired, Way::Again)
        }
        Connection::Idle | Connection::Live { .. } | Connection::Closed => ("", Way::None),
        Connection::Suspended(SuspendReason::Hidden | SuspendReason::Away)
        | Connection::Token
        | Connection::Connecting { .. }
        | Connection::Hello { .. }
        | Connection::Syncing { .. }
        | Connection::Waiting { .. } => {
            if !state.is_away.get() {
                ("", Way::None)
            } else if connection.is_unreachable() {
                (words.unreachable, Way::TryNow)
            } else {
                (words.reconnecting, Way::TryNow)
            }
        }
    }
}
