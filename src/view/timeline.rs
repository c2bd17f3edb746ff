//! What was said, newest at the bottom.
//!
//! The scroller is laid out from its end (see the stylesheet): at the end it stays at the end when
//! something comes in, and older pages put on top move nothing. Only what comes in below while
//! somebody reads further up would, and is made good.

use frontdesk_browser::{focus, upward};
use frontdesk_client::Event;
use leptos::{html, prelude::*};

use super::{
    header::initials,
    icon::{self, icon},
    row::row,
};
use crate::{app::App, words::fill};

/// Within so many pixels of the end, the end is in sight.
const END_PX: i32 = 48;
/// Within so many pixels of the oldest message, older ones are asked for.
const OLDER_PX: i32 = 400;

/// The transcript, with what stands in it when nothing was said, and the way to the newest message.
#[must_use]
pub fn timeline(app: App) -> impl IntoView {
    let (state, words) = (app.state, app.words);
    let node = NodeRef::<html::Div>::new();
    let on_scroll = move |_: leptos::ev::Event| {
        let Some(log) = node.get_untracked() else { return };
        let is_at_end = upward::below(&log) < END_PX;
        if is_at_end != state.is_at_end.get_untracked() {
            state.is_at_end.set(is_at_end);
        }
        if upward::above(&log) < OLDER_PX {
            app.dispatch_chat(|stream| Event::LoadOlder { stream });
        }
        app.mark_read();
    };
    Effect::new(move |_| {
        // One's own message is always looked at.
        if state.is_at_end.get()
            && let Some(log) = node.get()
            && upward::below(&log) >= END_PX
        {
            upward::to_end(&log);
        }
    });
    // The first row, and the height of all, when it was last looked.
    let known = StoredValue::new((None, 0));
    Effect::new(move |_| {
        let first = state.lines.with(|lines| lines.first().map(|line| line.key));
        state.typing.track();
        let Some(log) = node.get() else { return };
        // Behind the effects that write the rows, and before the browser draws them.
        queue_microtask(move || {
            let height = upward::height(&log);
            let before = known.try_get_value();
            known.try_set_value((first, height));
            if let Some((known_first, known_height)) = before
                && known_first == first
                && state.is_at_end.try_get_untracked() == Some(false)
            {
                upward::keep(&log, height - known_height);
            }
        });
    });
    let is_empty = move || state.lines.with(Vec::is_empty);
    let empty = move || match state.agent() {
        Some(agent) => fill(words.empty_agent, &agent),
        None => words.empty_waiting.to_owned(),
    };
    let waiting = move || {
        let waits = !is_empty() && !state.has_ended() && state.is_loaded.get();
        if waits && state.agent().is_none() { words.waiting } else { "" }
    };
    let typing = move || state.typing.with(|names| names.first().cloned());
    view! { class="fd",
        <div class="stage">
            <div
                class="log"
                node_ref=node
                role="log"
                aria-live="off"
                aria-label=words.log
                tabindex="0"
                on:scroll=on_scroll
            >
                <div class="lines">
                    <p class="older" aria-label=words.loading hidden=move || !state.is_loading.get()>
                        <i class="spin"></i>
                    </p>
                    <For each=move || state.lines.get() key=|line| line.key children=move |line| row(app, line)/>
                    <p class="aside">{waiting}</p>
                    <div class="msg" data-is="first last" hidden=move || typing().is_none()>
                        <div class="face" data-is="s" aria-hidden="true">
                            {move || typing().map(|name| initials(&name))}
                        </div>
                        <div class="bubble typing">
                            <i></i><i></i><i></i>
                            <span class="vh">{move || typing().map(|name| fill(words.typing, &name))}</span>
                        </div>
                    </div>
                </div>
                <div class="state" hidden=move || !is_empty() || !state.is_loaded.get()>
                    <div class="orb" data-is=move || state.agent().is_none().then_some("live")>
                        {icon(icon::CHAT)}
                    </div>
                    <h2>{words.empty}</h2>
                    <p>{empty}</p>
                </div>
                <div class="bones" aria-hidden="true" hidden=move || !is_empty() || state.is_loaded.get()>
                    <i></i><i></i><i></i>
                </div>
            </div>
            <button
                class="jump"
                type="button"
                hidden=move || state.is_at_end.get()
                on:click=move |_| {
                    state.is_at_end.set(true);
                    if let Some(log) = node.get_untracked() {
                        upward::to_end(&log);
                        focus::focus(&log);
                    }
                }
            >
                {icon(icon::DOWN)}
                <span>{move || if state.unread.get() > 0 { words.jump_new } else { words.jump }}</span>
            </button>
        </div>
    }
}
