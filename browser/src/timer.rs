//! One-shot timers that are cancelled when they are dropped.

use wasm_bindgen::{JsCast, closure::Closure};

/// A call in the future. Dropping it cancels it.
#[must_use = "a timer that is dropped never fires"]
pub struct Timer {
    handle: i32,
    _callback: Closure<dyn FnMut()>,
}

impl Timer {
    /// Calls `handler` once, not before `delay_ms` are over. In a hidden tab it may be a minute
    /// later, so nothing may depend on it being on time.
    ///
    /// The handler may drop the timer it belongs to.
    ///
    /// # Panics
    /// If the browser has no timers.
    pub fn after(delay_ms: u64, handler: impl FnOnce() + 'static) -> Self {
        let mut handler = Some(handler);
        let callback = Closure::<dyn FnMut()>::new(move || {
            if let Some(handler) = handler.take().filter(|_| crate::life::is_alive()) {
                handler();
            }
        });
        let handle = crate::window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                callback.as_ref().unchecked_ref(),
                // A longer delay would wrap and fire at once; 24 days are as good as never.
                i32::try_from(delay_ms).unwrap_or(i32::MAX),
            )
            .expect("a window has timers");
        Self { handle, _callback: callback }
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        crate::window().clear_timeout_with_handle(self.handle);
    }
}
