//! The timeline under the visitor's eyes: it stays where they are.

use frontdesk_client::{Diff, Event};
use frontdesk_widget::lines;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::{Page, row};

async fn long_chat() -> Page {
    let page = Page::chat().await;
    // As they come with the chat's state: nothing of it moves into its place.
    let rows =
        (100..160).map(|seq| row(seq, seq % 3 == 0, "Words that fill a line of the conversation"));
    page.state.lines.update(|lines| lines::apply(lines, vec![Diff::Reset(rows.collect())]));
    page.settle().await;
    page
}

/// How far below the top of the log a message is.
fn top_of(page: &Page, nth: usize) -> f64 {
    let log = page.get(".log").get_bounding_client_rect();
    page.all(".msg")[nth].get_bounding_client_rect().top() - log.top()
}

#[wasm_bindgen_test]
async fn at_the_end_it_stays_at_the_end() {
    let page = long_chat().await;
    let log = page.get(".log");
    page.put(row(200, false, "The newest"));
    page.settle().await;

    assert_eq!(log.scroll_top(), 0);
    let newest = page.all(".msg");
    let newest = newest[newest.len() - 2].get_bounding_client_rect();
    assert!(newest.bottom() <= log.get_bounding_client_rect().bottom());
    assert!(!page.is_seen(".jump"));
}

#[wasm_bindgen_test]
async fn scrolled_up_nothing_moves_and_a_button_leads_down() {
    let page = long_chat().await;
    let log = page.get(".log");
    log.set_scroll_top(-900);
    page.settle().await;
    let before = top_of(&page, 40);

    page.put(row(200, false, "Something new"));
    page.state.unread.set(1);
    page.settle().await;

    assert!((top_of(&page, 40) - before).abs() < 1.0, "{before} {}", top_of(&page, 40));
    assert!(page.is_seen(".jump"));
    assert!(page.get(".jump").text_content().unwrap().contains("New messages"));

    page.get(".jump").click();
    page.settle().await;
    assert_eq!(log.scroll_top(), 0);
    assert!(!page.is_seen(".jump"));
}

#[wasm_bindgen_test]
async fn older_pages_are_asked_for_near_the_top_and_put_on_without_a_jump() {
    let page = long_chat().await;
    let log = page.get(".log");
    log.set_scroll_top(-(log.scroll_height() - log.client_height()) + 60);
    page.settle().await;
    assert!(page.events().iter().any(|event| matches!(event, Event::LoadOlder { .. })));
    let before = top_of(&page, 3);

    let older = (0..30)
        .map(|at| Diff::Insert { at, row: row(10 + at as u64, false, "From long ago") })
        .collect();
    page.state.lines.update(|rows| lines::apply(rows, older));
    page.settle().await;

    assert!((top_of(&page, 33) - before).abs() < 1.0, "{before} {}", top_of(&page, 33));
}
