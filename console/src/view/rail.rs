//! The strip at the edge: where one is, who one is, and the way out.

use leptos::prelude::*;

use super::{
    avatar::Avatar,
    icon::{Glyph, Icon},
};
use crate::wish::{Wish, desk};

/// The rail.
#[component]
pub(super) fn Rail() -> impl IntoView {
    let desk = desk();
    let shown = desk.shown;
    let me = Memo::new(move |_| shown.me());
    let name = Memo::new(move |_| me.get().map(|me| me.name).unwrap_or_default());
    let identity = me.get_untracked().map(|me| me.identity.to_string()).unwrap_or_default();
    let is_live = move || shown.connection.get().is_live();
    let presence = move || {
        let state = if is_live() { "connected" } else { "not connected" };
        format!("{}, {state}", name.get())
    };
    view! { class="fd",
        <nav class="rail part" aria-label="Console">
            <span class="mark" aria-hidden="true"><Icon glyph=Glyph::Chat/></span>
            <span class="space"></span>
            <span class="me" title=presence>
                <Avatar name=name identity=identity/>
                <span class="presence" class:live=is_live></span>
                <span class="unseen">{presence}</span>
            </span>
            <button
                type="button"
                class="iconbutton"
                aria-label="Sign out"
                title="Sign out"
                on:click=move |_| desk.wish(Wish::Leave)
            >
                <Icon glyph=Glyph::Leave/>
            </button>
        </nav>
    }
}
