//! Time and chance come from here.

use frontdesk_browser::{clock, random};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn the_clock_does_not_go_back_when_the_wall_clock_does() {
    let before = clock::now();
    crate::support::js("globalThis.dateNow = Date.now; Date.now = () => 0");
    let (after, wall) = (clock::now(), clock::wall());
    crate::support::js("Date.now = dateNow");
    assert!(after >= before);
    assert_eq!(wall.0, 0);
}

#[wasm_bindgen_test]
fn chance_is_in_its_range_and_ids_differ() {
    for _ in 0..1_000 {
        assert!((0.0..1.0).contains(&random::unit()));
    }
    assert_ne!(random::bits(), random::bits());
}
