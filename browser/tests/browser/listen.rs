//! Listeners and timers end when they are dropped.

use frontdesk_browser::{
    listen::Listener,
    page::{PageEvent, PageWatch, TitleNotice},
    timer::Timer,
};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Heard, after, count_listeners, js, listeners_left};

#[wasm_bindgen_test]
fn a_dropped_listener_hears_nothing() {
    let heard = Heard::new();
    let ear = heard.ear();
    let listener = Listener::on_window("ring", move |event| ear(event.type_()));
    js("dispatchEvent(new Event('ring'))");
    drop(listener);
    js("dispatchEvent(new Event('ring'))");
    assert_eq!(heard.all(), ["ring"]);
}

#[wasm_bindgen_test]
fn a_thousand_watches_leave_no_listener() {
    count_listeners();
    for _ in 0..1_000 {
        drop(PageWatch::new(|_| {}));
    }
    assert_eq!(listeners_left(), 0.0);
}

#[wasm_bindgen_test]
fn a_watch_tells_what_happens_to_the_page() {
    let heard = Heard::new();
    let _watch = PageWatch::new(heard.ear());
    js("for (const name of ['online', 'offline', 'pagehide']) dispatchEvent(new Event(name))");
    js("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
    // The first show of a page restores nothing.
    js("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: false }))");
    js("document.dispatchEvent(new Event('visibilitychange'))");
    let expected = [PageEvent::Online, PageEvent::Offline, PageEvent::Left, PageEvent::Restored];
    assert_eq!(heard.all()[..4], expected);
    assert_eq!(heard.all().len(), 5);
}

#[wasm_bindgen_test]
async fn a_dropped_timer_never_fires() {
    let heard = Heard::new();
    let (early, late) = (heard.ear(), heard.ear());
    drop(Timer::after(1, move || early("dropped")));
    let _kept = Timer::after(2, move || late("kept"));
    after(10).await;
    assert_eq!(heard.all(), ["kept"]);
}

#[wasm_bindgen_test]
async fn a_timer_may_drop_itself_while_it_fires() {
    let slot = Rc::new(RefCell::new(None));
    let own = Rc::clone(&slot);
    let timer = Timer::after(1, move || drop(own.borrow_mut().take()));
    *slot.borrow_mut() = Some(timer);
    after(10).await;
    assert!(slot.borrow().is_none());
}

#[wasm_bindgen_test]
fn the_title_is_given_back() {
    js("document.title = 'Shop'");
    let mut notice = TitleNotice::default();
    notice.set(2);
    notice.set(3);
    assert_eq!(js("document.title"), "(3) Shop");
    drop(notice);
    assert_eq!(js("document.title"), "Shop");
}

#[wasm_bindgen_test]
fn a_title_that_the_page_changed_is_left_alone() {
    js("document.title = 'Shop'");
    let mut notice = TitleNotice::default();
    notice.set(2);
    js("document.title = 'Basket'");
    notice.set(0);
    assert_eq!(js("document.title"), "Basket");
}
