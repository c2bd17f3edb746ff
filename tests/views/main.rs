//! What only a browser can show of the widget's views: keys, focus, names, scrolling, and that no
//! string reaches `innerHTML`.

#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod chat;
mod form;
mod names;
mod page;
mod scroll;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
