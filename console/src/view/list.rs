//! The list of chats on the tab in front.

use frontdesk_browser::{dom::KeyboardEvent, focus};
use frontdesk_protocol::TaskSid;
use leptos::{html, prelude::*};

use super::{chat::Chat, empty::Empty, icon::Glyph, tabs::Tabs};
use crate::{
    desk::list::{Step, Tab},
    state::Focus,
    wish::desk,
};

/// The list.
#[component]
pub(super) fn ListView() -> impl IntoView {
    let shown = desk().shown;
    let panel = NodeRef::<html::Div>::new();
    let listed = Memo::new(move |_| shown.listed());
    let order = Memo::new(move |_| {
        listed.with(|tasks| tasks.iter().map(|task| task.sid.clone()).collect::<Vec<_>>())
    });
    // The row that Tab comes to: where the keyboard was, else the chat on the desk, else the first.
    let at = RwSignal::<Option<TaskSid>>::new(None);
    let entry = Memo::new(move |_| {
        order.with(|order| {
            let known = |sid: Option<TaskSid>| sid.filter(|sid| order.contains(sid));
            known(at.get()).or_else(|| known(shown.chosen.get())).or_else(|| order.first().cloned())
        })
    });
    let go = move |sid: &TaskSid| {
        if let Some(panel) = panel.try_get_untracked().flatten() {
            focus::focus_first(&panel, &format!("#chat-{sid}"));
        }
    };
    let step = move |event: KeyboardEvent| {
        let Some(step) = Step::down(&event.key()) else { return };
        event.prevent_default();
        order.with_untracked(|order| {
            let place = order.iter().position(|sid| Some(sid) == entry.get_untracked().as_ref());
            if let Some(sid) = step.from(place, order.len()).and_then(|to| order.get(to)) {
                go(sid);
            }
        });
    };
    Effect::new(move |_| {
        if let Some(Focus::Chat(sid)) = shown.focus.get() {
            shown.focus.set(None);
            // On a narrow screen the list comes to the front in this very moment.
            request_animation_frame(move || go(&sid));
        }
    });

    view! { class="fd",
        <section class="list part" aria-label="Chats">
            <div class="head"><h1>"Chats"</h1></div>
            <Tabs/>
            <div
                node_ref=panel
                class="rows"
                id="chats"
                role="tabpanel"
                aria-labelledby=move || format!("tab-{}", shown.tab.get().id())
                on:keydown=step
            >
                <Show
                    when=move || order.with(|order| !order.is_empty())
                    fallback=move || view! { class="fd", <Nobody/> }
                >
                    <ul role="list">
                        <For each=move || order.get() key=TaskSid::clone let:sid>
                            <Chat sid=sid listed=listed entry=entry at=at/>
                        </For>
                    </ul>
                </Show>
            </div>
        </section>
    }
}

/// In place of an empty list.
#[component]
fn Nobody() -> impl IntoView {
    let shown = desk().shown;
    move || {
        if !shown.is_listed.get() {
            return view! { class="fd",
                <div class="empty" role="status">
                    <span class="spinner large" aria-hidden="true"></span>
                    <span class="unseen">"Loading the chats"</span>
                </div>
            }
            .into_any();
        }
        let (glyph, title, words) = match shown.tab.get() {
            Tab::Waiting => (
                Glyph::Tick,
                "Nobody is waiting",
                "New chats appear here by themselves, the oldest first.",
            ),
            Tab::Mine => {
                (Glyph::Chat, "No chats of yours", "Accept one that waits, and it stands here.")
            }
            Tab::Closed => {
                (Glyph::Tray, "Nothing closed yet", "Chats that are over stay readable here.")
            }
        };
        view! { class="fd", <Empty glyph=glyph title=title words=words/> }.into_any()
    }
}
