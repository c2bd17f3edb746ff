//! Names, roles, and what a strict page allows.

use std::collections::BTreeSet;

use frontdesk_client::{Connection, Receipt, RowKey, Screen, SendFailure};
use frontdesk_protocol::Cid;
use frontdesk_widget::state::Overlay;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::page::{Page, document, row};

/// Every state, drawn: each view is in one of them.
async fn pages() -> Vec<(&'static str, Page)> {
    let mut pages = vec![("blank", Page::open().await), ("form", Page::form().await)];

    let errors = Page::form().await;
    errors.get(".cta").click();
    pages.push(("form with errors", errors));

    let starting = Page::open().await;
    starting.state.screen.set(Screen::Starting);
    pages.push(("starting", starting));

    let empty = Page::open().await;
    empty.state.screen.set(Screen::Chat);
    empty.state.is_loaded.set(true);
    pages.push(("empty", empty));

    let chat = Page::chat().await;
    let mut failed = row(2, true, "No https://example.org");
    (failed.key, failed.cid) = (RowKey::Cid(Cid(7)), Some(Cid(7)));
    failed.receipt = Some(Receipt::Failed(SendFailure::Other));
    chat.put(failed);
    chat.state.typing.set(vec!["Sara K.".into()]);
    chat.state.is_loading.set(true);
    chat.state.is_at_end.set(false);
    pages.push(("chat", chat));

    let away = Page::chat().await;
    away.state.connection.set(Connection::Waiting { tries: 6 });
    away.state.is_away.set(true);
    pages.push(("away", away));

    let menu = Page::chat().await;
    menu.state.overlay.set(Overlay::Menu);
    pages.push(("menu", menu));

    let ending = Page::chat().await;
    ending.state.overlay.set(Overlay::End);
    pages.push(("ending", ending));

    let ended = Page::chat().await;
    ended.state.screen.set(Screen::Ended);
    pages.push(("ended", ended));

    for (_, page) in &pages {
        page.settle().await;
    }
    pages
}

#[wasm_bindgen_test]
async fn every_view_is_drawn_under_trusted_types() {
    let policy = document().create_element("meta").unwrap();
    policy.set_attribute("http-equiv", "Content-Security-Policy").unwrap();
    policy.set_attribute("content", "require-trusted-types-for 'script'").unwrap();
    document().head().unwrap().append_child(&policy).unwrap();
    let probe = document().create_element("div").unwrap();
    let refused = js_sys::Reflect::set(&probe, &"innerHTML".into(), &"<b>x</b>".into());
    assert!(refused.is_err(), "the policy is not in force, so this test would show nothing");

    for (name, page) in pages().await {
        assert!(page.is_seen(".app"), "{name}");
        assert!(page.all("[style]").is_empty(), "{name} has a style attribute");
    }
}

#[wasm_bindgen_test]
async fn every_control_has_a_name_and_every_id_is_one() {
    for (state, page) in pages().await {
        for control in page.all("button, input, textarea, select, a, [role=log]") {
            let label = control.get_attribute("aria-label").unwrap_or_default();
            let text = control.text_content().unwrap_or_default();
            let around = control.closest("label").unwrap().and_then(|label| label.text_content());
            let label_for = page.find(&format!("label[for='{}']", control.id()));
            let label_for = label_for.and_then(|label| label.text_content());
            let name = [label, text, around.unwrap_or_default(), label_for.unwrap_or_default()];
            assert!(!name.concat().trim().is_empty(), "{state}: {}", control.outer_html());
        }
        let ids: Vec<String> = page.all("[id]").iter().map(web_sys::Element::id).collect();
        let unique: BTreeSet<&String> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{state}: {ids:?}");
    }
}

#[wasm_bindgen_test]
async fn the_transcript_is_a_log_that_the_live_region_speaks_for() {
    let page = Page::chat().await;
    let log = page.get("[role=log]");
    assert_eq!(log.get_attribute("aria-live").as_deref(), Some("off"));
    assert_eq!(log.get_attribute("tabindex").as_deref(), Some("0"));
    let live = page.get("[role=status][aria-live=polite]");
    assert_eq!(live.text_content().unwrap(), "");
}

#[wasm_bindgen_test]
async fn targets_are_large_enough() {
    for (state, page) in pages().await {
        for control in page.all("button, select, textarea, input") {
            // As they are laid out: what comes in is drawn smaller for a moment.
            let size = |of: &HtmlElement| (of.offset_width(), of.offset_height());
            if size(control.unchecked_ref()).0 == 0 {
                continue;
            }
            // A small box inside a label is as large as its label.
            let label = control.closest("label").unwrap();
            let (width, height) = match label {
                Some(label) => size(label.unchecked_ref()),
                None => size(control.unchecked_ref()),
            };
            assert!(width >= 24 && height >= 24, "{state}: {}", control.outer_html());
        }
    }
}
