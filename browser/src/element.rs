//! Small questions to elements, which views would otherwise need `web_sys` for.

use frontdesk_protocol::json::decimal;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FocusEvent, HtmlElement, HtmlInputElement, KeyboardEvent};

/// Grows a textarea with its text, up to `lines` lines of `line_px` pixels.
pub fn grow(element: &Element, lines: i32, line_px: i32) {
    let Some(element) = element.dyn_ref::<HtmlElement>() else { return };
    let style = element.style();
    // The height of the text is known only once the box does not stretch it.
    drop(style.set_property("height", "auto"));
    let height = element.scroll_height().min(lines * line_px);
    drop(style.set_property("height", &[&decimal(height.unsigned_abs().into()), "px"].concat()));
}

/// Whether this key press is Enter that means "send": no Shift, and no input method that is still
/// composing (its Enter only accepts a suggestion; Safari says 229 instead of composing).
#[must_use]
pub fn is_send_key(event: &Event) -> bool {
    let event: &KeyboardEvent = event.unchecked_ref();
    event.key() == "Enter" && !event.shift_key() && !event.is_composing() && event.key_code() != 229
}

/// Whether this key press is Escape. Then it is taken: nothing around the element hears of it.
#[must_use]
pub fn takes_escape(event: &Event) -> bool {
    let is_escape = event.unchecked_ref::<KeyboardEvent>().key() == "Escape";
    if is_escape {
        event.stop_propagation();
        event.prevent_default();
    }
    is_escape
}

/// Whether a `focusout` takes the focus out of `whole`, to something else or to nothing.
#[must_use]
pub fn moves_focus_out(event: &Event, whole: &Element) -> bool {
    let to = event.unchecked_ref::<FocusEvent>().related_target();
    !whole.contains(to.as_ref().map(JsCast::unchecked_ref))
}

/// Whether a checkbox or radio button that an event comes from is ticked.
#[must_use]
pub fn is_checked(event: &Event) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        .is_some_and(|input| input.checked())
}
