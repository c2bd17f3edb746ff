//! Who said what: the visitor's name and colour are the visitor's alone.

use frontdesk_client::Row;
use frontdesk_console::cells;
use frontdesk_protocol::Identity;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use crate::{page::Page, sample};

/// A conversation that somebody joins in who is not of it.
async fn page_with(author: &str) -> Page {
    let page = Page::open("mine").await;
    let author = Identity::parse(author).unwrap();
    let rows = [
        sample::row(8, false, "Hello?", sample::NOW),
        Row { author, ..sample::row(9, false, "Your parcel has left.", sample::NOW) },
    ];
    page.shown.rows.set(cells::of_rows(&[], &rows));
    page.settle().await;
    page
}

fn text_of(element: &Element, selector: &str) -> String {
    element.query_selector(selector).unwrap().unwrap().text_content().unwrap()
}

fn look_of(element: &Element) -> String {
    element.query_selector(".avatar").unwrap().unwrap().class_name()
}

#[wasm_bindgen_test]
async fn who_is_no_member_is_named_by_their_identity_and_not_drawn_as_the_visitor() {
    for (author, name, letter) in [("system", "System", "S"), ("parcels", "parcels", "p")] {
        let page = page_with(author).await;
        let said = page.all(".said");
        let (visitor, program) = (&said[0], &said[1]);
        assert_eq!(text_of(visitor, ".unseen"), "Alice Moreau: ");
        assert_eq!(text_of(program, ".unseen"), format!("{name}: "));
        assert!(text_of(program, ".meta").contains(name));
        assert_eq!(text_of(program, ".avatar"), letter);
        assert!(look_of(program).contains("neutral"), "{}", look_of(program));
        assert!(!look_of(visitor).contains("neutral"), "{}", look_of(visitor));
    }
}

#[wasm_bindgen_test]
async fn an_author_is_drawn_anew_when_the_members_become_known() {
    let page = page_with("system").await;
    page.shown.talk.update(|talk| talk.is_known = false);
    page.shown.talk.update(|talk| talk.members.clear());
    page.settle().await;
    let said = page.all(".said").pop().unwrap();
    assert_eq!(text_of(&said, ".unseen"), "System: ", "this name is never a visitor's");

    page.shown.talk.update(|talk| talk.is_known = true);
    page.settle().await;
    assert!(look_of(&said).contains("neutral"));
}

#[wasm_bindgen_test]
async fn a_program_that_writes_is_not_the_visitor() {
    let page = Page::open("typing").await;
    page.shown.talk.update(|talk| talk.typing = vec![Identity::parse("parcels").unwrap()]);
    page.settle().await;
    let said = page.all(".said").pop().unwrap();
    assert_eq!(text_of(&said, ".unseen"), "parcels is writing");
    assert!(look_of(&said).contains("neutral"));
}
