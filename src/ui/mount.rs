//! A view in a page.

use any_spawner::Executor;
use frontdesk_browser::{dom::Element, node};
use leptos::prelude::*;

use super::El;

/// A view that stands in a page. Dropping it takes it away, with everything that was made for it.
#[must_use = "a view that is dropped is taken away"]
pub struct Mounted {
    owner: Owner,
    el: El,
}

/// Makes a view and puts it into `root`. What `draw` gives beside the view is handed on.
pub fn mount<T>(root: &Element, draw: impl FnOnce() -> (El, T)) -> (Mounted, T) {
    // Refused only if it is there already.
    drop(Executor::init_wasm_bindgen());
    let owner = Owner::new();
    let (el, made) = owner.with(draw);
    node::place(root, el.node(), None);
    (Mounted { owner, el }, made)
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.el.node().remove();
        self.owner.cleanup();
    }
}
