//! The composer, the messages and the end of a chat.

use frontdesk_client::{Connection, Diff, Event, Receipt, Row, RowKey, Screen, SendFailure};
use frontdesk_protocol::{Cid, Media, MediaSid};
use frontdesk_widget::lines;
use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::KeyboardEventInit;

use crate::page::{Page, row};

const FIELD: &str = ".composer textarea";

fn said(events: &[Event]) -> Vec<&str> {
    events
        .iter()
        .filter_map(|event| {
            if let Event::Compose { body, .. } = event { Some(body.as_str()) } else { None }
        })
        .collect()
}

#[wasm_bindgen_test]
async fn enter_sends_and_shift_enter_does_not() {
    let page = Page::chat().await;
    page.write(FIELD, "Hello");

    let breaks_line = page.press(FIELD, "Enter", |key| key.set_shift_key(true));
    assert!(breaks_line && said(&page.events()).is_empty());

    let breaks_line = page.press(FIELD, "Enter", |_| {});
    assert!(!breaks_line);
    assert_eq!(said(&page.events()), ["Hello"]);
}

#[wasm_bindgen_test]
async fn enter_of_an_input_method_does_not_send() {
    let page = Page::chat().await;
    page.write(FIELD, "にほん");

    page.press(FIELD, "Enter", |key| key.set_is_composing(true));
    page.press(FIELD, "Enter", |key: &KeyboardEventInit| key.set_key_code(229));

    assert!(said(&page.events()).is_empty());
}

#[wasm_bindgen_test]
async fn the_composer_is_cleared_only_when_the_message_is_in_the_outbox() {
    let page = Page::chat().await;
    *page.takes.borrow_mut() = false;
    page.write(FIELD, "Do not lose me");
    page.press(FIELD, "Enter", |_| {});
    page.settle().await;
    assert_eq!(page.written(FIELD), "Do not lose me");

    *page.takes.borrow_mut() = true;
    page.press(FIELD, "Enter", |_| {});
    page.settle().await;
    assert_eq!(page.written(FIELD), "");
    assert!(page.get(".log").text_content().unwrap().contains("Do not lose me"));
}

#[wasm_bindgen_test]
async fn the_composer_grows_to_five_lines_and_no_further() {
    let page = Page::chat().await;
    let one = page.get(FIELD).offset_height();

    page.write(FIELD, "1\n2\n3");
    page.settle().await;
    let three = page.get(FIELD).offset_height();
    page.write(FIELD, &"line\n".repeat(40));
    page.settle().await;
    let most = page.get(FIELD).offset_height();

    assert!(three > one, "{one} {three}");
    assert!(most > three && most < one * 5, "{one} {three} {most}");
}

#[wasm_bindgen_test]
async fn a_message_that_failed_can_be_tried_again_or_deleted() {
    let page = Page::chat().await;
    let mut failed = row(2, true, "No");
    (failed.key, failed.cid) = (RowKey::Cid(Cid(7)), Some(Cid(7)));
    failed.receipt = Some(Receipt::Failed(SendFailure::Forbidden));
    page.put(failed);
    page.settle().await;
    page.events();

    let buttons = page.all(".meta button");
    for button in &buttons {
        button.clone().dyn_into_click();
    }

    let events = page.events();
    assert!(
        matches!(
            events.as_slice(),
            [Event::Retry { cid: Cid(7), .. }, Event::Discard { cid: Cid(7) }]
        ),
        "{events:?}"
    );
}

#[wasm_bindgen_test]
async fn a_row_keeps_its_node_from_local_to_remote_echo() {
    let page = Page::chat().await;
    page.write(FIELD, "Hello");
    page.press(FIELD, "Enter", |_| {});
    page.settle().await;
    let before = page.get(".msg[data-is~=me] .bubble");

    let mut echoed = page.state.lines.with_untracked(|lines| lines[1].row.get_untracked());
    (echoed.seq, echoed.receipt) = (Some(2), Some(Receipt::Read));
    page.state.lines.update(|rows| lines::apply(rows, vec![Diff::Update { at: 1, row: echoed }]));
    page.settle().await;

    assert!(before.is_connected() && before == page.get(".msg[data-is~=me] .bubble"));
    assert!(page.get(".msg[data-is~=me] .meta").text_content().unwrap().contains("Read"));
}

#[wasm_bindgen_test]
async fn a_link_opens_safely_and_markup_stays_text() {
    let page = Page::chat().await;
    page.put(row(2, false, "<b>see</b> https://example.org javascript:alert(1)"));
    page.settle().await;

    let links = page.all(".bubble a");
    assert_eq!(links.len(), 1);
    assert_eq!(links[0].get_attribute("href").as_deref(), Some("https://example.org"));
    assert_eq!(links[0].get_attribute("rel").as_deref(), Some("noopener noreferrer nofollow ugc"));
    assert_eq!(links[0].get_attribute("target").as_deref(), Some("_blank"));
    assert!(page.find(".bubble b").is_none());
}

#[wasm_bindgen_test]
async fn a_file_is_a_button_that_saves_it() {
    let page = Page::chat().await;
    page.put(Row { media: Some(media("sketch.png")), ..row(2, false, "") });
    page.settle().await;
    page.events();
    let file = page.get(".bubble button");
    assert_eq!(file.text_content().unwrap(), "Save \u{2068}sketch.png\u{2069} 34 kB");
    // As it is laid out: a row that comes in is drawn smaller for a moment.
    assert!(file.offset_height() >= 24);
    file.focus().unwrap();
    assert!(page.has_focus(".bubble button"));
    file.click();
    assert_eq!(page.events(), [Event::OpenFile(media("").sid)]);
}

#[wasm_bindgen_test]
async fn a_file_that_does_not_come_says_so_until_it_is_wanted_again() {
    let page = Page::chat().await;
    page.put(Row { media: Some(media("sketch.png")), ..row(2, false, "See here") });
    page.settle().await;
    assert!(page.get(".bubble").text_content().unwrap().contains("Hello"));
    assert!(!page.is_seen(".chat > .warnline"));

    page.state.lost.set("The file could not be fetched.".into());
    page.settle().await;
    assert!(page.is_seen(".chat > .warnline"));
    page.get(".bubble button").click();
    page.settle().await;
    assert!(!page.is_seen(".chat > .warnline"));
}

#[wasm_bindgen_test]
async fn what_is_taken_back_has_no_file() {
    let page = Page::chat().await;
    let said = Row { media: Some(media("sketch.png")), ..row(2, false, "See here") };
    page.put(said.clone());
    page.settle().await;
    let row = Row { media: None, body: String::new(), redacted: true, ..said };
    page.state.lines.update(|rows| lines::apply(rows, vec![Diff::Update { at: 1, row }]));
    page.settle().await;
    assert!(page.find(".bubble button").is_none());
}

/// A file of this name.
fn media(name: &str) -> Media {
    Media {
        sid: MediaSid::from_bits(5),
        content_type: "image/png".into(),
        filename: Some(name.into()),
        size_bytes: 33_001,
    }
}

#[wasm_bindgen_test]
async fn the_end_is_asked_for_once_and_escape_takes_the_question_back() {
    let page = Page::chat().await;
    page.get("[aria-label=More]").click();
    page.settle().await;
    page.get(".menu button").click();
    page.settle().await;
    assert!(page.is_seen(".pair") && !page.is_seen(".composer"));
    assert!(page.has_focus(".pair [data-main]"), "the answer that changes nothing has the focus");

    page.press(".pair [data-main]", "Escape", |_| {});
    page.settle().await;
    assert!(page.is_seen(".composer") && page.has_focus(FIELD));
    assert!(!page.events().iter().any(|event| matches!(event, Event::End { .. })));

    page.get("[aria-label=More]").click();
    page.settle().await;
    page.get(".menu button").click();
    page.settle().await;
    page.get(".pair .cta[data-is=danger]").click();
    assert!(page.events().iter().any(|event| matches!(event, Event::End { .. })));
}

// The menu stayed open whatever was clicked, and Tab came to it only after the button behind it.
#[wasm_bindgen_test]
async fn the_menu_is_reached_by_keyboard_and_goes_with_escape_or_a_click_elsewhere() {
    let page = Page::chat().await;
    let opener = "[aria-label=More]";
    let shows = |page: &Page| page.get(opener).get_attribute("aria-expanded").unwrap() == "true";

    page.get(opener).click();
    page.settle().await;
    assert!(page.is_seen(".menu") && shows(&page));
    assert!(page.has_focus(".menu button"), "the keyboard is where the eye is");
    let order: Vec<_> =
        page.all(".head button").iter().map(|b| b.text_content().unwrap()).collect();
    assert_eq!(order, ["", "End chat", ""], "opener, menu, close");

    page.press(".menu button", "Escape", |_| {});
    page.settle().await;
    assert!(!page.is_seen(".menu") && page.has_focus(opener));

    for elsewhere in [".log", FIELD, ".app", "[aria-label=Close]"] {
        page.get(opener).click();
        page.settle().await;
        page.get(elsewhere).focus().unwrap();
        page.settle().await;
        assert!(!page.is_seen(".menu") && !shows(&page), "{elsewhere}");
    }
    page.get(opener).click();
    page.settle().await;
    page.get(".menu button").blur().unwrap();
    page.settle().await;
    assert!(!page.is_seen(".menu"), "a click on the page around takes the focus to nothing");

    page.get(opener).click();
    page.settle().await;
    page.get(opener).focus().unwrap();
    page.settle().await;
    assert!(page.is_seen(".menu"), "its own button is a part of it");
    page.get(opener).click();
    page.settle().await;
    assert!(!page.is_seen(".menu"), "its own button closes it");
}

// "We usually reply in a few minutes" stood beside a green dot while nobody was connected.
#[wasm_bindgen_test]
async fn nothing_is_promised_while_nobody_is_there() {
    let head = |page: &Page| page.get(".who p").inner_text();
    let page = Page::form().await;
    assert!(head(&page).contains("We are here") && page.is_seen(".dot[data-is=on]"));
    page.state.is_staffed.set(false);
    page.settle().await;
    assert_eq!(head(&page), "We are away just now");
    assert!(!page.is_seen(".dot"));

    let page = Page::chat().await;
    page.state.is_staffed.set(false);
    page.settle().await;
    assert!(page.is_seen(".dot") && !page.is_seen(".dot[data-is=on]"), "the agent is away");
    page.state.members.set(Vec::new());
    page.settle().await;
    assert_eq!(head(&page), "We are away just now");
    assert!(page.get(".aside").text_content().unwrap().contains("Nobody is here just now"));
    page.state.is_staffed.set(true);
    page.settle().await;
    assert_eq!(head(&page), "Finding somebody for you");
}

// A reload took what stood in the composer.
#[wasm_bindgen_test]
async fn a_draft_is_kept_when_the_page_is_left_and_forgotten_when_it_is_sent() {
    let page = Page::chat().await;
    page.write(FIELD, "Half a thou");
    assert_eq!(*page.kept.borrow(), "", "not at each key");
    page.widget.leave();
    assert_eq!(*page.kept.borrow(), "Half a thou");

    page.press(FIELD, "Enter", |_| {});
    page.settle().await;
    assert_eq!(*page.kept.borrow(), "");

    page.state.screen.set(Screen::Form(frontdesk_client::FormState::default()));
    page.state.draft.set("Not of a chat".into());
    page.widget.leave();
    assert_eq!(*page.kept.borrow(), "", "only what belongs to a chat that goes on");
}

#[wasm_bindgen_test]
async fn words_from_right_to_left_run_that_way_wherever_they_stand() {
    let page = Page::chat().await;
    page.put(row(2, false, "שלום abc"));
    page.state.members.update(|members| members[0].name = "שרה K.".into());
    page.settle().await;
    let style = |selector: &str, name: &str| {
        let window = web_sys::window().unwrap();
        let style = window.get_computed_style(&page.get(selector)).unwrap().unwrap();
        style.get_property_value(name).unwrap()
    };
    for selector in [".bubble", FIELD] {
        assert_eq!(style(selector, "unicode-bidi"), "plaintext", "{selector}");
    }
    assert_eq!(style(".who h1", "direction"), "rtl");
    let meta = page.all(".meta").pop().unwrap().text_content().unwrap();
    assert!(meta.starts_with("\u{2068}שרה K.\u{2069} · "), "{meta:?}");
}

#[wasm_bindgen_test]
async fn an_end_that_arrives_takes_the_focus_to_no_button() {
    let page = Page::chat().await;
    page.get(FIELD).focus().unwrap();
    page.state.screen.set(Screen::Ended);
    page.settle().await;

    assert!(page.is_seen(".tray[data-main]") && !page.is_seen(".composer"));
    assert!(page.has_focus(".tray[data-main]"));
}

#[wasm_bindgen_test]
async fn a_lost_connection_is_said_calmly_and_can_be_hurried() {
    let page = Page::chat().await;
    assert!(!page.is_seen(".banner"));

    page.state.connection.set(Connection::Waiting { tries: 1 });
    page.state.is_away.set(true);
    page.settle().await;
    assert!(page.is_seen(".banner") && page.is_seen(".composer"));
    page.events();
    page.get(".banner button").click();

    assert_eq!(page.events(), [Event::TryNow]);
}

/// Clicks on what is only known as an element.
trait Click {
    fn dyn_into_click(self);
}

impl Click for web_sys::Element {
    fn dyn_into_click(self) {
        wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(self).click();
    }
}
