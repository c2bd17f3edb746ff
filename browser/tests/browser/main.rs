//! What only a browser can show of the edges.

#![cfg(target_arch = "wasm32")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod http;
mod intl;
mod life;
mod listen;
mod runner;
mod shadow;
mod socket;
mod storage;
mod support;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
