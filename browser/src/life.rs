//! Whether this instance may still act.
//!
//! A panic ends in a trap, and what is left of the instance must stay silent: its listeners, timers
//! and socket still call in, and would trap again on half-changed state. So every callback of this
//! crate asks [`is_alive`] first, and the panic hook ends that before anything else.

use std::{cell::Cell, panic::PanicHookInfo};

use wasm_bindgen::JsValue;

thread_local! {
    static DEAD: Cell<bool> = const { Cell::new(false) };
}

/// Whether no panic happened in this instance.
#[must_use]
pub fn is_alive() -> bool {
    !DEAD.get()
}

/// Calls `report` with the panic's message, once, when this instance panics; from then on none of
/// its callbacks does anything. The page's loader takes the tree away and starts a fresh instance.
pub fn on_panic(report: js_sys::Function) {
    std::panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        if DEAD.replace(true) {
            return;
        }
        // What the report itself throws is of no use to anybody here.
        drop(report.call1(&JsValue::UNDEFINED, &info.to_string().into()));
    }));
}

/// Like [`on_panic`], for a page that is ours alone: says the panic in the browser's console and
/// puts `words` with a link that loads the page anew where the application was.
pub fn on_panic_say(words: &'static str, link: &'static str) {
    std::panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        if DEAD.replace(true) {
            return;
        }
        web_sys::console::error_1(&info.to_string().into());
        crate::page::replace_with_reload(words, link);
    }));
}
