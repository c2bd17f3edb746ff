//! The desk: rail, list, conversation, side panel.

use leptos::prelude::*;

use super::{details::DetailsView, list::ListView, pane::Pane, rail::Rail};
use crate::wish::desk;

/// The desk of the agent who is signed in.
#[component]
pub(super) fn DeskView() -> impl IntoView {
    let shown = desk().shown;
    let has_details =
        Memo::new(move |_| shown.is_detailed.get() && shown.chosen.with(Option::is_some));
    view! { class="fd",
        <div
            class="desk"
            class:detailed=has_details
            class:reading=move || shown.is_reading.get()
        >
            <Rail/>
            <ListView/>
            <Pane/>
            <Show when=move || has_details.get()>
                <DetailsView/>
            </Show>
        </div>
    }
}
