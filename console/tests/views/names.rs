//! Names, roles, and what a strict page allows.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::{
    page::{Page, document},
    sample,
};

#[wasm_bindgen_test]
async fn every_state_is_drawn_under_trusted_types() {
    let policy = document().create_element("meta").unwrap();
    policy.set_attribute("http-equiv", "Content-Security-Policy").unwrap();
    policy.set_attribute("content", "require-trusted-types-for 'script'").unwrap();
    document().head().unwrap().append_child(&policy).unwrap();
    let probe = document().create_element("div").unwrap();
    let refused = js_sys::Reflect::set(&probe, &"innerHTML".into(), &"<b>x</b>".into());
    assert!(refused.is_err(), "the policy is not in force, so this test would show nothing");

    for state in sample::STATES {
        let page = Page::open(state).await;
        assert!(page.find(".door, .desk, .loading").is_some(), "{state}");
    }
}

#[wasm_bindgen_test]
async fn every_control_has_a_name_and_every_id_is_one() {
    for state in sample::STATES {
        let page = Page::open(state).await;
        for control in page.all("button, input, textarea, a, [role=log], [role=tabpanel]") {
            let label = control.get_attribute("aria-label").unwrap_or_default();
            let text = control.text_content().unwrap_or_default();
            let by = control.get_attribute("aria-labelledby").unwrap_or_default();
            let around = control.closest("label").unwrap().and_then(|label| label.text_content());
            let name = [label, text, by, around.unwrap_or_default()].concat();
            assert!(!name.trim().is_empty(), "{state}: {}", control.outer_html());
        }
        let ids: Vec<String> = page.all("[id]").iter().map(web_sys::Element::id).collect();
        let unique: std::collections::BTreeSet<&String> = ids.iter().collect();
        assert_eq!(ids.len(), unique.len(), "{state}: {ids:?}");
        for control in page.all("[aria-describedby], [aria-labelledby], [aria-controls]") {
            for reference in ["aria-describedby", "aria-labelledby", "aria-controls"] {
                let to = control.get_attribute(reference);
                assert!(to.is_none_or(|to| ids.contains(&to)), "{state}: {}", control.outer_html());
            }
        }
    }
}

#[wasm_bindgen_test]
async fn no_element_has_a_style_attribute() {
    for state in sample::STATES {
        let page = Page::open(state).await;
        assert!(page.find("[style]").is_none(), "{state}");
    }
}

#[wasm_bindgen_test]
async fn a_row_says_who_what_is_unread_and_how_long_it_waits() {
    let page = Page::open("nothing-chosen").await;
    let names: Vec<_> =
        page.all(".chat").iter().filter_map(|row| row.get_attribute("aria-label")).collect();
    assert_eq!(
        names,
        [
            "Tom B., 1 unread message, waiting for 6 minutes, Can I change the colour of the frame?",
            "Guest, 2 unread messages, waiting for 1 minute, is writing …",
        ]
    );
    let late = page.all(".when.late");
    assert_eq!(late.len(), 1, "six minutes are late, one is not");
}

#[wasm_bindgen_test]
async fn a_tab_says_how_many_chats_and_what_is_unread() {
    let page = Page::open("nothing-chosen").await;
    let names: Vec<_> =
        page.all("[role=tab]").iter().filter_map(|tab| tab.get_attribute("aria-label")).collect();
    assert_eq!(
        names,
        ["Waiting, 2 chats waiting", "Mine, 3 chats, 1 unread message", "Closed, 1 chat"]
    );
}
