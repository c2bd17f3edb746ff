//! A button.

use crate::ui::{El, el};

/// A button that does this, and sends no form.
#[must_use]
pub fn button(class: &str, press: impl Fn() + 'static) -> El {
    el("button", class).attr("type", "button").on("click", move |_| press())
}
