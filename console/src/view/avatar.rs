//! A person as a circle with initials.

use leptos::prelude::*;

use crate::desk::name::{hue, initials};

/// Somebody's initials. The name stands beside it, so it is said to nobody.
#[component]
pub(super) fn Avatar(
    /// The name.
    #[prop(into)]
    name: Signal<String>,
    /// Who: decides on the colour.
    identity: String,
    /// Whether it stands in a list or beside a bubble.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let hue = hue(&identity);
    view! { class="fd",
        <span
            class="avatar"
            class:small=small
            class:hue1={hue == 1}
            class:hue2={hue == 2}
            class:hue3={hue == 3}
            class:hue4={hue == 4}
            class:hue5={hue == 5}
            aria-hidden="true"
        >
            {move || name.with(|name| initials(name))}
        </span>
    }
}
