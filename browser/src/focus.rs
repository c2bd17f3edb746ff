//! Where the keyboard is.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ShadowRoot};

/// Gives the focus to this element, if it can have it.
pub fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        drop(element.focus());
    }
}

/// Gives the focus to the first element below `root` that `selector` describes; whether there is one.
pub fn focus_first(root: &Element, selector: &str) -> bool {
    let found = root.query_selector(selector).ok().flatten();
    found.as_ref().inspect(|element| focus(element)).is_some()
}

/// Whether an element below `root` that `selector` describes is there. With `:focus` in it: whether it
/// has the focus.
#[must_use]
pub fn is_on(root: &Element, selector: &str) -> bool {
    root.query_selector(selector).is_ok_and(|found| found.is_some())
}

/// The focused element of the tree that `element` stands in. The document knows only our host
/// element, so the shadow root is asked.
#[must_use]
pub fn active(element: &Element) -> Option<Element> {
    match element.get_root_node().dyn_into::<ShadowRoot>() {
        Ok(root) => root.active_element(),
        Err(_) => crate::document().active_element(),
    }
}

/// Whether the focus is on `element` or below it.
#[must_use]
pub fn is_within(element: &Element) -> bool {
    active(element).is_some_and(|active| element.contains(Some(&active)))
}

/// Whether nothing in the page has the focus, as after the element that had it was taken away.
#[must_use]
pub fn is_lost(element: &Element) -> bool {
    active(element).is_none_or(|active| active.tag_name() == "BODY")
}
