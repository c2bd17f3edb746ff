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
    #[prop(into)]
    identity: Signal<String>,
    /// Whether it is a program: in no person's colour.
    #[prop(into, optional)]
    neutral: Signal<bool>,
    /// Whether it stands in a list or beside a bubble.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let hue = Memo::new(move |_| (!neutral.get()).then(|| identity.with(|identity| hue(identity))));
    view! { class="fd",
        <span
            class="avatar"
            class:small=small
            class:neutral=neutral
            class:hue1=move || hue.get() == Some(1)
            class:hue2=move || hue.get() == Some(2)
            class:hue3=move || hue.get() == Some(3)
            class:hue4=move || hue.get() == Some(4)
            class:hue5=move || hue.get() == Some(5)
            aria-hidden="true"
        >
            {move || name.with(|name| initials(name))}
        </span>
    }
}
