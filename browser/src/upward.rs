//! The position of a box that is laid out from its end (`flex-direction: column-reverse`).
//!
//! Such a box counts from its end: 0 is the end, above it is negative. So it stays at the end when
//! something is added there, and what is put on top moves nothing. Only what is added at the end
//! while somebody looks further up has to be made good.

use web_sys::Element;

/// How many pixels lie below what is in sight; 0 at the end.
#[must_use]
pub fn below(element: &Element) -> i32 {
    -element.scroll_top()
}

/// How many pixels lie above what is in sight.
#[must_use]
pub fn above(element: &Element) -> i32 {
    element.scroll_height() - element.client_height() + element.scroll_top()
}

/// The height of everything in the box.
#[must_use]
pub fn height(element: &Element) -> i32 {
    element.scroll_height()
}

/// Keeps what is in sight where it is after `grown_px` were added at the end.
pub fn keep(element: &Element, grown_px: i32) {
    element.set_scroll_top(element.scroll_top() - grown_px);
}

/// Goes to the end at once.
pub fn to_end(element: &Element) {
    element.set_scroll_top(0);
}
