//! The form, as a visitor meets it.

use frontdesk_client::{Event, FieldProblem, FormState, Problem, Screen};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::Page;

fn fill(page: &Page) {
    page.write("#fd-q0", "Alice");
    page.write("#fd-q1", "alice@example.org");
    page.write("#fd-q2", "Where is it?");
    let topic = page.get("#fd-q3");
    js_sys::Reflect::set(&topic, &"value".into(), &"b".into()).unwrap();
    page.write("#fd-q3", "b");
    page.get("#fd-q4").click();
    page.get("#fd-q5").click();
}

#[wasm_bindgen_test]
async fn a_form_that_fits_is_sent_with_the_page_it_stands_on() {
    let page = Page::form().await;
    fill(&page);

    page.get(".cta").click();

    let events = page.events();
    let [Event::SubmitForm(sent)] = events.as_slice() else { panic!("{events:?}") };
    let answers: Vec<(&str, &str)> =
        sent.answers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        answers,
        [
            ("email", "alice@example.org"),
            ("friendlyName", "Alice"),
            ("question", "Where is it?"),
            ("terms", "true"),
            ("topic", "b"),
            ("when", "a"),
        ]
    );
    assert!(sent.context.contains_key("location") && sent.context.contains_key("locale"));
    assert_eq!(sent.key.len(), 32);
}

#[wasm_bindgen_test]
async fn an_error_is_said_in_text_beside_its_field_and_takes_the_focus() {
    let page = Page::form().await;
    page.write("#fd-q0", "Alice");
    page.write("#fd-q1", "alice@");

    page.get(".cta").click();
    page.settle().await;

    assert!(page.events().is_empty());
    let email = page.get("#fd-q1");
    assert_eq!(email.get_attribute("aria-invalid").as_deref(), Some("true"));
    let described_by = email.get_attribute("aria-describedby").unwrap();
    assert_eq!(described_by, "fd-q1-help fd-q1-error");
    let said = page.get("#fd-q1-error").text_content().unwrap();
    assert_eq!(said, "Please give an address like name@example.org.");
    assert!(page.has_focus("#fd-q1"));
    assert_eq!(page.get("#fd-q0").get_attribute("aria-invalid"), None);
}

#[wasm_bindgen_test]
async fn an_answer_is_looked_at_when_it_is_left_and_a_complaint_goes_while_it_is_mended() {
    let page = Page::form().await;
    page.write("#fd-q1", "alice@");
    page.settle().await;
    assert_eq!(page.get("#fd-q1-error").text_content().unwrap(), "", "nobody is interrupted");

    page.get("#fd-q0").focus().unwrap();
    page.settle().await;
    assert_ne!(page.get("#fd-q1-error").text_content().unwrap(), "");

    page.write("#fd-q1", "alice@example.org");
    page.settle().await;
    assert_eq!(page.get("#fd-q1-error").text_content().unwrap(), "");
}

#[wasm_bindgen_test]
async fn the_servers_verdict_stands_at_its_field_and_every_answer_stays() {
    let page = Page::form().await;
    fill(&page);
    page.get(".cta").click();
    page.state.screen.set(Screen::Starting);
    page.settle().await;
    assert!(page.is_seen(".form"), "a form that is sent stays in sight");
    assert!(page.get(".cta").text_content().unwrap().contains("Starting"));

    page.state
        .problems
        .set([("email".to_owned(), FieldProblem::Server("We cannot write there.".into()))].into());
    page.state.is_submitted.set(false);
    page.state.screen.set(Screen::Form(FormState::default()));
    page.settle().await;

    assert_eq!(page.get("#fd-q1-error").text_content().unwrap(), "We cannot write there.");
    assert_eq!(page.written("#fd-q0"), "Alice");
    assert_eq!(page.written("#fd-q1"), "alice@example.org");
    assert_eq!(page.written("#fd-q3"), "b");
}

#[wasm_bindgen_test]
async fn a_second_press_while_the_form_is_sent_does_nothing() {
    let page = Page::form().await;
    fill(&page);
    page.get(".cta").click();
    page.state.screen.set(Screen::Starting);
    page.settle().await;
    page.events();

    page.get(".cta").click();

    assert!(page.events().is_empty());
}

// The focus went to the first field, and the refusal stood below the edge of the panel.
#[wasm_bindgen_test]
async fn a_refusal_takes_the_focus_and_is_in_sight() {
    let page = Page::form().await;
    fill(&page);
    page.get("#fd-q0").focus().unwrap();
    page.get(".cta").click();
    page.state.screen.set(Screen::Starting);
    page.settle().await;

    // As the client's notice is written down.
    let words = "https://example.org may not use this server.".to_owned();
    page.state.wants_focus.set(false);
    page.state.is_submitted.set(false);
    page.state.refusal.set(words.clone());
    let problem = Some(Problem::Refused(words.clone()));
    page.state.screen.set(Screen::Form(FormState { problem, ..FormState::default() }));
    page.settle().await;

    let note = page.get(".note");
    assert_eq!(note.text_content().unwrap(), words);
    assert!(page.has_focus(".note"));
    let (form, note) =
        (page.get(".form").get_bounding_client_rect(), note.get_bounding_client_rect());
    assert!(form.top() <= note.top() && note.bottom() <= form.bottom());
}
