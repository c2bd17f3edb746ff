//! What only a browser can show of the console's views: keys, focus, names, and that no string
//! reaches `innerHTML`.

#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod authors;
mod list;
mod names;
mod page;
mod sample;
mod timeline;
mod wishes;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
