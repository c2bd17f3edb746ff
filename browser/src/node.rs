//! Nodes, made and written one by one: no string of ours becomes markup.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

/// An element of the page's language, of no parent yet.
#[must_use]
pub fn html(tag: &str) -> Element {
    crate::document().create_element(tag).expect("the tag is a name")
}

/// An element of a drawing, of no parent yet.
#[must_use]
pub fn svg(tag: &str) -> Element {
    let namespace = Some("http://www.w3.org/2000/svg");
    crate::document().create_element_ns(namespace, tag).expect("the tag is a name")
}

/// Writes an attribute, or takes it away.
pub fn set(element: &Element, name: &str, value: Option<&str>) {
    // Only a name that is none is refused, and the names are ours.
    drop(match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    });
}

/// Writes the text of an element that holds nothing else. A text that stands there already is left
/// alone, so that a live region does not say it again.
pub fn set_text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Puts a text behind what the element holds.
pub fn add_text(element: &Element, text: &str) {
    drop(element.append_with_str_1(text));
}

/// Puts `child` into `parent`, before `next` or at the end. A child that stands there already is not
/// touched: it keeps its focus and its position.
pub fn place(parent: &Element, child: &Element, next: Option<&Element>) {
    let is_there = child.parent_element().as_ref() == Some(parent)
        && child.next_element_sibling().as_ref() == next;
    if !is_there {
        // Refused only for an ancestor of the parent.
        drop(parent.insert_before(child, next.map(AsRef::as_ref)));
    }
}

/// What stands in a field that somebody writes into or chooses from.
#[must_use]
pub fn value(event: &Event) -> String {
    event
        .target()
        .map(|target| target.unchecked_ref::<HtmlInputElement>().value())
        .unwrap_or_default()
}

/// Writes what stands in a field. The same value is left alone, and with it the caret.
pub fn set_value(field: &Element, value: &str) {
    // Every kind of field has a `value`, and none is asked for what it is.
    let field: &HtmlInputElement = field.unchecked_ref();
    if field.value() != value {
        field.set_value(value);
    }
}

/// Ticks a checkbox or radio button, or takes the tick away.
pub fn set_checked(field: &Element, is_checked: bool) {
    field.unchecked_ref::<HtmlInputElement>().set_checked(is_checked);
}

/// Chooses this option of a list.
pub fn select(option: &Element) {
    option.unchecked_ref::<web_sys::HtmlOptionElement>().set_selected(true);
}

/// Hides an element from everybody, or shows it.
pub fn set_hidden(element: &Element, is_hidden: bool) {
    drop(element.toggle_attribute_with_force("hidden", is_hidden));
}
