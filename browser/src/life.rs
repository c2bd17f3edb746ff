//! Whether this instance may still act.
//!
//! A panic ends in a trap, and what is left of the instance must stay silent: its listeners, timers
//! and socket still call in, and would trap again on half-changed state. So every callback of this
//! crate asks [`is_alive`] first. The widget is told by the loader, which sees the trap ([`silence`]);
//! a page of our own sees to it by itself ([`on_panic_say`]).

use std::{cell::Cell, panic::PanicHookInfo};

thread_local! {
    static DEAD: Cell<bool> = const { Cell::new(false) };
}

/// Whether no panic happened in this instance.
#[must_use]
pub fn is_alive() -> bool {
    !DEAD.get()
}

/// From now on none of this instance's callbacks does anything. It touches nothing else, so it may be
/// called after a trap.
pub fn silence() {
    DEAD.set(true);
}

/// Says a panic in the browser's console. For builds that have words for it: what visitors download
/// traps at once, without them.
pub fn say_panics() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        if !DEAD.replace(true) {
            web_sys::console::error_1(&info.to_string().into());
        }
    }));
}

/// For a page that is ours alone: says the panic in the browser's console and
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
