//! The tabs above the list, each with its count.

use frontdesk_browser::{dom::KeyboardEvent, focus};
use leptos::{html, prelude::*};

use crate::{
    desk::{
        list::{Step, Tab},
        waiting::count,
    },
    wish::{Wish, desk},
};

/// Waiting, mine, closed.
#[component]
pub(super) fn Tabs() -> impl IntoView {
    let desk = desk();
    let shown = desk.shown;
    let list = NodeRef::<html::Div>::new();
    let counts = Memo::new(move |_| shown.counts());

    // As the pattern for tabs has it: the arrows move, and what is moved to is shown.
    let step = move |event: KeyboardEvent| {
        let place = Tab::ALL.iter().position(|tab| *tab == shown.tab.get_untracked());
        let Some(step) = Step::across(&event.key()) else { return };
        let Some(to) = step.from(place, Tab::ALL.len()).and_then(|to| Tab::ALL.get(to)) else {
            return;
        };
        event.prevent_default();
        desk.wish(Wish::ShowTab(*to));
        if let Some(list) = list.get_untracked() {
            focus::focus_first(&list, &format!("#tab-{}", to.id()));
        }
    };

    view! { class="fd",
        <div node_ref=list class="tabs" role="tablist" aria-label="Chats" on:keydown=step>
            {Tab::ALL.map(|tab| {
                let is_front = move || shown.tab.get() == tab;
                let number = move || counts.get().on(tab);
                let name = move || match tab {
                    Tab::Waiting => format!("{}, {} waiting", tab.label(), count(number() as u64, "chat")),
                    Tab::Mine => {
                        let unread = counts.get().unread;
                        let unread = (unread > 0).then(|| format!(", {}", count(unread, "unread message")));
                        let chats = count(number() as u64, "chat");
                        format!("{}, {chats}{}", tab.label(), unread.unwrap_or_default())
                    }
                    Tab::Closed => format!("{}, {}", tab.label(), count(number() as u64, "chat")),
                };
                let calls = move || tab == Tab::Waiting && counts.get().waiting > 0;
                let is_fresh = move || tab == Tab::Mine && counts.get().unread > 0;
                view! { class="fd",
                    <button
                        type="button"
                        class="tab"
                        role="tab"
                        id=format!("tab-{}", tab.id())
                        aria-controls="chats"
                        aria-selected=move || if is_front() { "true" } else { "false" }
                        aria-label=name
                        tabindex=move || if is_front() { "0" } else { "-1" }
                        on:click=move |_| desk.wish(Wish::ShowTab(tab))
                    >
                        {tab.label()}
                        <span class="count" class:calls=calls>{number}</span>
                        <Show when=is_fresh><span class="fresh"></span></Show>
                    </button>
                }
            })}
        </div>
    }
}
