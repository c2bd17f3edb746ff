//! What the list says of a chat.

use frontdesk_protocol::{ChannelSid, state::TaskStatus};
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::Page;

#[wasm_bindgen_test]
async fn a_chat_whose_last_message_is_unknown_shows_what_was_asked() {
    let page = Page::open("closed").await;
    page.shown.glances.update(|glances| drop(glances.remove(&ChannelSid::from_bits(6))));
    page.settle().await;
    let question = "Where is my order 1042? It was to arrive yesterday.";
    assert_eq!(page.get(".chat .last").text_content().unwrap(), question);
    let label = page.get(".chat").get_attribute("aria-label").unwrap();
    assert!(label.ends_with(&format!(", {question}")), "{label}");

    page.shown.tasks.update(|tasks| {
        tasks.retain(|task| task.status == TaskStatus::Closed);
        tasks[0].attributes.clear();
    });
    page.settle().await;
    assert_eq!(page.get(".chat .last").text_content().unwrap(), "");
    let label = page.get(".chat").get_attribute("aria-label").unwrap();
    assert!(!label.trim_end().ends_with(','), "{label}");
}

#[wasm_bindgen_test]
async fn a_chat_that_is_known_to_be_empty_says_so() {
    let page = Page::open("closed").await;
    page.shown.glances.update(|glances| {
        glances.insert(ChannelSid::from_bits(6), Default::default());
    });
    page.settle().await;
    assert_eq!(page.get(".chat .last").text_content().unwrap(), "No message yet");
}
