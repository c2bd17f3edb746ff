//! What the tests share: a bit of JavaScript for the world, and ways to wait for it.

use std::{cell::RefCell, future::poll_fn, rc::Rc, task::Poll};

use frontdesk_browser::timer::Timer;
use wasm_bindgen::JsValue;

/// Runs JavaScript on the test's page.
pub(crate) fn js(code: &str) -> JsValue {
    js_sys::eval(code).unwrap()
}

/// The number that JavaScript answers with.
pub(crate) fn number(code: &str) -> f64 {
    js(code).as_f64().unwrap()
}

/// A list that callbacks write into and tests read.
pub(crate) struct Heard<T>(Rc<RefCell<Vec<T>>>);

impl<T> Clone for Heard<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T: Clone + 'static> Heard<T> {
    pub(crate) fn new() -> Self {
        Self(Rc::default())
    }

    pub(crate) fn push(&self, item: T) {
        self.0.borrow_mut().push(item);
    }

    pub(crate) fn all(&self) -> Vec<T> {
        self.0.borrow().clone()
    }

    pub(crate) fn ear(&self) -> impl Fn(T) + Clone + use<T> {
        let heard = self.clone();
        move |item| heard.push(item)
    }
}

/// Waits until a timer of `delay_ms` has fired.
pub(crate) async fn after(delay_ms: u64) {
    let heard = Heard::new();
    let mut timer = None;
    poll_fn(|context| {
        if !heard.all().is_empty() {
            return Poll::Ready(());
        }
        if timer.is_none() {
            let (heard, waker) = (heard.clone(), context.waker().clone());
            timer = Some(Timer::after(delay_ms, move || {
                heard.push(());
                waker.wake();
            }));
        }
        Poll::Pending
    })
    .await;
}

/// Waits until `is_so`; gives up after five seconds.
pub(crate) async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..1_000 {
        if is_so() {
            return;
        }
        after(5).await;
    }
    panic!("never: {what}");
}

/// Counts what is put on and taken off the page from here on; `balance()` is what is still there.
pub(crate) fn count_listeners() {
    js("{
        const adds = EventTarget.prototype.addEventListener;
        const removes = EventTarget.prototype.removeEventListener;
        globalThis.listening = new Set();
        let ids = new WeakMap(), next = 0;
        const id = (target, name, callback) => {
            for (const part of [target, callback]) if (!ids.has(part)) ids.set(part, ++next);
            return [ids.get(target), name, ids.get(callback)].join();
        };
        EventTarget.prototype.addEventListener = function (name, callback, options) {
            listening.add(id(this ?? globalThis, name, callback));
            return adds.call(this ?? globalThis, name, callback, options);
        };
        EventTarget.prototype.removeEventListener = function (name, callback, options) {
            listening.delete(id(this ?? globalThis, name, callback));
            return removes.call(this ?? globalThis, name, callback, options);
        };
        globalThis.stopCounting = () => {
            EventTarget.prototype.addEventListener = adds;
            EventTarget.prototype.removeEventListener = removes;
        };
    }");
}

/// How many listeners are still there, and the end of counting.
pub(crate) fn listeners_left() -> f64 {
    let left = number("listening.size");
    js("stopCounting()");
    left
}
