//! The conversation: rows that keep their place, text that stays text.

use frontdesk_client::{Diff, Receipt, Row};
use frontdesk_console::cells;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{page::Page, sample};

/// The rows of the conversation after a change.
async fn change(page: &Page, diffs: Vec<Diff>) {
    let mut rows = page.shown.rows.get_untracked();
    if cells::apply(&mut rows, diffs) {
        page.shown.rows.set(rows);
    }
    page.settle().await;
}

#[wasm_bindgen_test]
async fn a_message_keeps_its_place_on_the_page_when_the_server_has_it() {
    let page = Page::open("mine").await;
    let at = page.all(".said").len();
    let echo = Row {
        seq: None,
        receipt: Some(Receipt::Sending),
        ..sample::row(20, true, "Hi", sample::NOW)
    };
    change(&page, vec![Diff::Insert { at, row: echo.clone() }]).await;
    let before = page.all(".said.mine").pop().unwrap();
    assert!(before.text_content().unwrap().contains("Sending"));

    let row = Row { seq: Some(20), receipt: Some(Receipt::Read), ..echo };
    change(&page, vec![Diff::Update { at, row }]).await;

    let after = page.all(".said.mine").pop().unwrap();
    assert!(after.is_same_node(Some(&before)));
    assert!(after.text_content().unwrap().contains("Read"));
    assert!(!after.class_list().contains("unsent"));
}

#[wasm_bindgen_test]
async fn what_looks_like_html_is_shown_as_it_was_written() {
    let page = Page::open("mine").await;
    let body = "<img src=x onerror=alert(1)> javascript:alert(1) https://ok.example/";
    let at = page.all(".said").len();
    change(&page, vec![Diff::Insert { at, row: sample::row(20, false, body, sample::NOW) }]).await;
    let bubble = page.all(".bubble").pop().unwrap();
    assert!(bubble.text_content().unwrap().contains(body));
    assert!(bubble.query_selector("img").unwrap().is_none());
    let links: Vec<_> =
        page.all(".bubble a").iter().filter_map(|a| a.get_attribute("href")).collect();
    assert_eq!(links, ["https://track.example/parcel/1042", "https://ok.example/"]);
}

#[wasm_bindgen_test]
async fn a_failed_message_offers_another_try_and_its_end() {
    use frontdesk_console::wish::Wish;
    use frontdesk_protocol::Cid;

    let page = Page::open("failed").await;
    page.button("Try again").click();
    page.button("Delete").click();
    assert_eq!(page.wishes(), [Wish::Retry(Cid(10)), Wish::Discard(Cid(10))]);
}

#[wasm_bindgen_test]
async fn what_is_at_the_end_of_the_log_counts_as_seen() {
    let page = Page::open("mine").await;
    let seen = page.raw_wishes();
    assert_eq!(seen, [frontdesk_console::wish::Wish::Seen(8)]);
}

// One's own message that waited for the server stood at the end, and hid that the visitor's was read.
#[wasm_bindgen_test]
async fn what_comes_in_above_an_unsent_message_counts_as_seen() {
    use frontdesk_console::wish::Wish;

    let page = Page::open("mine").await;
    let at = page.all(".said").len();
    let waiting = Row {
        seq: None,
        receipt: Some(Receipt::Sending),
        ..sample::row(20, true, "Not sent yet", sample::NOW)
    };
    change(&page, vec![Diff::Insert { at, row: waiting }]).await;
    drop(page.raw_wishes());

    let row = sample::row(9, false, "Are you there?", sample::NOW);
    change(&page, vec![Diff::Insert { at, row }]).await;

    assert_eq!(page.raw_wishes(), [Wish::Seen(9)]);
}

#[wasm_bindgen_test]
async fn a_file_is_a_button_that_saves_it() {
    use frontdesk_console::wish::Wish;
    use frontdesk_protocol::{Media, MediaSid};

    let page = Page::open("mine").await;
    let sid = MediaSid::from_bits(5);
    let media = Some(Media {
        sid: sid.clone(),
        content_type: "image/png".into(),
        filename: Some("sketch.png".into()),
        size_bytes: 33_001,
    });
    let at = page.all(".said").len();
    let row = Row { media, ..sample::row(9, false, "", sample::NOW) };
    change(&page, vec![Diff::Insert { at, row: row.clone() }]).await;
    drop(page.raw_wishes());

    let file = page.get("button.file");
    assert_eq!(file.text_content().unwrap(), "Save sketch.png 34 kB");
    assert!(file.offset_height() >= 24);
    file.click();
    assert_eq!(page.wishes(), [Wish::OpenFile(sid)]);

    let row = Row { media: None, redacted: true, ..row };
    change(&page, vec![Diff::Update { at, row }]).await;
    assert!(page.find(".file").is_none());
}
