//! Dates in the reader's language.

use frontdesk_browser::intl::{Style, format};
use frontdesk_protocol::Millis;
use wasm_bindgen_test::wasm_bindgen_test;

const NOON: Millis = Millis(1_772_539_200_000);

#[wasm_bindgen_test]
fn a_day_is_written_as_the_language_writes_it() {
    assert_eq!(format(NOON, Style::Day, "de"), "Dienstag, 3. März");
    assert_eq!(format(NOON, Style::Day, "en-GB"), "Tuesday 3 March");
}

#[wasm_bindgen_test]
fn a_language_that_is_none_is_no_error() {
    // Pages write `lang="en_US"`, at which `Intl` throws.
    assert!(format(NOON, Style::Time, "en_US").contains(':'));
    assert!(format(NOON, Style::DayAndTime, "").contains('3'));
}
