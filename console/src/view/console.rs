//! The whole page: the door, or the desk behind it.

use leptos::prelude::*;

use super::{
    desk::DeskView,
    door::{DoorView, Unreachable},
    toast::Toast,
};
use crate::{state::Door, wish::Desk};

/// The console. What it shows and where its wishes go is given: it starts nothing by itself.
#[component]
pub fn Console(
    /// What is shown, and who is asked for changes.
    desk: Desk,
) -> impl IntoView {
    provide_context(desk);
    let shown = desk.shown;
    // Which page, without who: a name that changes must not build the desk anew.
    let page = Memo::new(move |_| {
        shown.door.with(|door| match door {
            Door::Asking => Page::Asking,
            Door::Unreachable => Page::Unreachable,
            Door::Shut { .. } => Page::Door,
            Door::Open(_) => Page::Desk,
        })
    });
    view! { class="fd",
        {move || match page.get() {
            Page::Asking => view! { class="fd",
                <div class="loading" role="status">
                    <span class="spinner large" aria-hidden="true"></span>
                    <span class="unseen">"Loading"</span>
                </div>
            }.into_any(),
            Page::Unreachable => view! { class="fd", <Unreachable/> }.into_any(),
            Page::Door => view! { class="fd", <DoorView/> }.into_any(),
            Page::Desk => view! { class="fd", <DeskView/> }.into_any(),
        }}
        <Toast/>
        <div class="unseen" role="status" aria-live="polite">{move || shown.spoken.get()}</div>
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Page {
    Asking,
    Unreachable,
    Door,
    Desk,
}
