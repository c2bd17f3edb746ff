//! Words for developers, in the browser's console.

/// Says a sentence as a warning. It must hold no secret and no personal data.
pub fn warn(sentence: &str) {
    web_sys::console::warn_1(&["Frontdesk: ", sentence].concat().into());
}
