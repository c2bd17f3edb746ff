//! Event listeners that end when they are dropped.

use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, EventTarget};

/// A listener on some target. Dropping it takes it off.
#[must_use = "a listener that is dropped hears nothing"]
pub struct Listener {
    target: EventTarget,
    name: &'static str,
    callback: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Calls `handler` at each event `name` on `target`, bubbling ones included.
    pub fn on(
        target: &EventTarget,
        name: &'static str,
        mut handler: impl FnMut(Event) + 'static,
    ) -> Self {
        let callback = Closure::<dyn FnMut(Event)>::new(move |event| {
            if crate::life::is_alive() {
                handler(event);
            }
        });
        // Adding a listener throws only for a callback that is no function.
        drop(target.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref()));
        Self { target: target.clone(), name, callback }
    }

    /// Calls `handler` at each event `name` on the window.
    pub fn on_window(name: &'static str, handler: impl FnMut(Event) + 'static) -> Self {
        Self::on(&crate::window(), name, handler)
    }

    /// Calls `handler` at each event `name` on the document.
    pub fn on_document(name: &'static str, handler: impl FnMut(Event) + 'static) -> Self {
        Self::on(&crate::document(), name, handler)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        drop(self.target.remove_event_listener_with_callback(
            self.name,
            self.callback.as_ref().unchecked_ref(),
        ));
    }
}
