//! What stands where there is nothing.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// A picture, what there is not, and what to do about it.
#[component]
pub(super) fn Empty(
    /// The picture.
    glyph: Glyph,
    /// What there is not.
    title: &'static str,
    /// What to do.
    words: &'static str,
) -> impl IntoView {
    view! { class="fd",
        <div class="empty">
            <span class="picture" aria-hidden="true"><Icon glyph=glyph/></span>
            <b>{title}</b>
            <p>{words}</p>
        </div>
    }
}
