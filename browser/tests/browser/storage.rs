//! Storage stays within its keys, and a refusal is no end.

use frontdesk_browser::storage::{Changed, Key, Store};
use frontdesk_protocol::Cid;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Heard, js, number};

#[wasm_bindgen_test]
fn a_value_is_there_for_the_next_page() {
    assert!(Store::open("next").set(&Key::Session, "one"));
    assert_eq!(Store::open("next").get(&Key::Session).as_deref(), Some("one"));
    assert_eq!(js("localStorage.getItem('frontdesk:next:session')"), "one");
    assert_eq!(Store::open("other").get(&Key::Session), None);
    Store::open("next").remove(&Key::Session);
    assert_eq!(Store::open("next").get(&Key::Session), None);
}

#[wasm_bindgen_test]
fn a_store_that_is_only_opened_writes_nothing() {
    let before = number("localStorage.length");
    let store = Store::open("quiet");
    assert!(store.outbox().is_empty());
    assert_eq!(number("localStorage.length"), before);
    assert!(store.is_durable());
}

#[wasm_bindgen_test]
fn blocked_storage_is_replaced_by_memory() {
    js("{
        const real = Object.getOwnPropertyDescriptor(window, 'localStorage');
        globalThis.unblock = () => Object.defineProperty(window, 'localStorage', real);
        Object.defineProperty(window, 'localStorage', {
            configurable: true,
            get() { throw new DOMException('blocked', 'SecurityError'); },
        });
    }");
    let store = Store::open("blocked");
    js("unblock()");
    assert!(!store.is_durable());
    assert!(!store.set(&Key::Session, "one"));
    assert_eq!(store.get(&Key::Session).as_deref(), Some("one"));
    // Not on disk, even though it could be looked at again by now.
    assert_eq!(Store::open("blocked").get(&Key::Session), None);
}

#[wasm_bindgen_test]
fn what_a_full_disk_refuses_is_kept_and_nothing_older_comes_back() {
    let (store, key) = (Store::open("full"), Key::Outbox(Cid(7)));
    assert!(store.set(&key, "old"));
    js(
        "globalThis.setItem = Storage.prototype.setItem;
        Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
    );
    let taken = store.set(&key, "new");
    js("Storage.prototype.setItem = setItem");
    assert!(!taken);
    assert!(!store.is_durable());
    assert_eq!(store.get(&key).as_deref(), Some("new"));
    assert_eq!(store.outbox(), [(Cid(7), "new".to_owned())]);
    assert_eq!(Store::open("full").get(&key), None);
    assert!(store.set(&key, "newer"));
    assert_eq!(Store::open("full").get(&key).as_deref(), Some("newer"));
    store.remove(&key);
}

#[wasm_bindgen_test]
fn the_outbox_has_its_own_keys_only() {
    let store = Store::open("box");
    store.set(&Key::Session, "{}");
    store.set(&Key::Outbox(Cid(2)), "b");
    store.set(&Key::Outbox(Cid(1)), "a");
    js("localStorage.setItem('frontdesk:box:outbox:nonsense', 'x')");
    js("localStorage.setItem('frontdesk:boxes:outbox:00000000000000000000000000000003', 'x')");
    let mut outbox = store.outbox();
    outbox.sort();
    assert_eq!(outbox, [(Cid(1), "a".to_owned()), (Cid(2), "b".to_owned())]);
    js("localStorage.clear()");
}

#[wasm_bindgen_test]
fn another_tab_is_heard_until_the_watch_is_dropped() {
    let heard = Heard::new();
    let watch = Store::open("tabs").watch(heard.ear());
    let ring =
        "for (const key of ['frontdesk:tabs:session', 'frontdesk:tab:session', 'theirs', null])
        dispatchEvent(new StorageEvent('storage', { key, newValue: key && 'one' }))";
    js(ring);
    drop(watch);
    js(ring);
    assert_eq!(heard.all(), [Changed { key: Key::Session, value: Some("one".into()) }]);
}
