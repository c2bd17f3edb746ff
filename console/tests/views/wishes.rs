//! What keys and clicks wish for.

use frontdesk_console::{
    desk::list::Tab,
    state::{Door, Focus},
    wish::Wish,
};
use frontdesk_protocol::{ChannelSid, Millis, TaskSid, state::TaskStatus};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;

use crate::{page::Page, sample};

fn id(bits: u128) -> String {
    format!("chat-{}", TaskSid::from_bits(bits))
}

#[wasm_bindgen_test]
async fn arrows_go_through_the_list_and_enter_opens() {
    let page = Page::open("nothing-chosen").await;
    let first = page.get(".chat[tabindex='0']");
    assert_eq!(first.id(), id(1), "Tab comes to the first");
    first.focus().unwrap();

    assert!(page.press(&first, "ArrowDown", |_| {}));
    assert_eq!(page.focused(), id(2));
    page.settle().await;
    assert_eq!(page.get(".chat[tabindex='0']").id(), id(2), "and comes back to where it left");

    page.press(&page.get(".chat[tabindex='0']"), "ArrowDown", |_| {});
    assert_eq!(page.focused(), id(2), "the end is the end");
    page.press(&page.get(".chat[tabindex='0']"), "Home", |_| {});
    assert_eq!(page.focused(), id(1));

    page.get(".chat").click();
    assert_eq!(page.wishes(), [Wish::Choose(TaskSid::from_bits(1))]);
}

#[wasm_bindgen_test]
async fn arrows_go_through_the_tabs_and_show_them() {
    let page = Page::open("nothing-chosen").await;
    let waiting = page.get("#tab-waiting");
    waiting.focus().unwrap();
    assert!(page.press(&waiting, "ArrowRight", |_| {}));
    page.settle().await;
    assert_eq!(page.focused(), "tab-mine");
    assert_eq!(page.wishes(), [Wish::ShowTab(Tab::Mine)]);
    assert_eq!(page.get("#tab-mine").get_attribute("aria-selected").as_deref(), Some("true"));
    assert_eq!(page.all(".chat").len(), 3);
}

#[wasm_bindgen_test]
async fn enter_sends_and_shift_enter_and_an_input_method_do_not() {
    let page = Page::open("typing").await;
    let entry = page.get("textarea");
    assert!(!page.press(&entry, "Enter", |init| init.set_shift_key(true)));
    assert!(!page.press(&entry, "Enter", |init| init.set_is_composing(true)));
    assert_eq!(page.wishes(), []);
    assert!(page.press(&entry, "Enter", |_| {}));
    assert_eq!(page.wishes(), [Wish::Send(ChannelSid::from_bits(3))]);
}

#[wasm_bindgen_test]
async fn nothing_is_not_sent() {
    let page = Page::open("mine").await;
    page.press(&page.get("textarea"), "Enter", |_| {});
    assert_eq!(page.wishes(), []);
    assert!(page.get(".send").has_attribute("disabled"));
}

#[wasm_bindgen_test]
async fn a_chat_that_waits_is_accepted_before_anything_is_written() {
    let page = Page::open("waiting").await;
    assert!(page.find("textarea").is_none());
    assert!(page.get(".notyet").text_content().unwrap().contains("as soon as you have accepted"));
    page.button("Accept chat").click();
    assert_eq!(page.wishes(), [Wish::Accept(TaskSid::from_bits(1))]);
}

#[wasm_bindgen_test]
async fn a_chat_is_closed_after_one_question() {
    let page = Page::open("mine").await;
    page.button("Close chat").click();
    page.settle().await;
    assert_eq!(page.wishes(), []);
    let yes = page.get(".grave");
    assert_eq!(page.button("Close chat").class_name(), yes.class_name(), "it takes the place");

    page.press(&yes, "Escape", |_| {});
    page.settle().await;
    assert!(page.find(".grave").is_none(), "Escape keeps it open");
    assert_eq!(page.wishes(), [], "and is not the desk's Escape");

    page.button("Close chat").click();
    page.settle().await;
    page.get(".grave").click();
    assert_eq!(page.wishes(), [Wish::Close(TaskSid::from_bits(3))]);
}

// The channel's end and the task's came within one frame, and what asked for the next frame was
// gone when it came: the console stopped with a panic.
#[wasm_bindgen_test]
async fn an_end_and_a_close_within_one_frame_leave_the_desk_standing() {
    let page = Page::open("mine").await;
    page.get("textarea").focus().unwrap();
    page.shown.talk.update(|talk| talk.is_over = true);
    leptos::task::tick().await;
    page.shown.tasks.update(|tasks| {
        for task in tasks {
            task.status = TaskStatus::Closed;
        }
    });
    page.settle().await;
    assert!(page.get(".notyet").text_content().unwrap().contains("This chat is closed"));
    let focused = crate::page::document().active_element().unwrap();
    assert_eq!(focused.class_name(), page.get(".notyet").class_name(), "and the focus has a place");
}

#[wasm_bindgen_test]
async fn a_desk_that_goes_within_a_frame_takes_its_wishes_for_focus_along() {
    let page = Page::open("mine").await;
    page.button("Close chat").click();
    page.settle().await;
    page.get(".grave").click();
    page.shown.focus.set(Some(Focus::Chat(TaskSid::from_bits(3))));
    leptos::task::tick().await;
    page.shown.door.set(Door::Shut { expired: None });
    page.settle().await;
    assert!(page.find("form.card").is_some());
}

#[wasm_bindgen_test]
async fn escape_leads_back_to_the_list() {
    let page = Page::open("mine").await;
    page.press(&page.get("textarea"), "Escape", |_| {});
    assert_eq!(page.wishes(), [Wish::Back]);
}

#[wasm_bindgen_test]
async fn what_a_password_manager_filled_in_is_what_is_sent() {
    let page = Page::open("login").await;
    // Set without any event, as some of them do.
    page.get("[autocomplete=username]").unchecked_into::<HtmlInputElement>().set_value("anna");
    page.get("[autocomplete=current-password]")
        .unchecked_into::<HtmlInputElement>()
        .set_value("secret");
    page.button("Sign in").click();
    let (name, password) = ("anna".to_owned(), "secret".to_owned());
    assert_eq!(page.wishes(), [Wish::Enter { name, password }]);
}

#[wasm_bindgen_test]
async fn a_throttled_login_opens_again_when_its_time_has_come() {
    let page = Page::open("throttled").await;
    assert!(page.get("#wrong").text_content().unwrap().contains("in 42 s"));
    assert!(page.get("[type=submit]").has_attribute("disabled"));
    page.shown.now.set(Millis(sample::NOW.0 + 42_000));
    page.settle().await;
    let said = page.get(".card [role=alert]").text_content().unwrap();
    assert!(said.contains("in 42 s"), "a screen reader hears it once, not each second: {said}");
    assert!(!page.get("[type=submit]").has_attribute("disabled"));
}

#[wasm_bindgen_test]
async fn who_was_signed_out_finds_their_name() {
    let page = Page::open("expired").await;
    let name = page.get("[autocomplete=username]").unchecked_into::<HtmlInputElement>();
    assert_eq!(name.value(), "anna");
    assert!(page.get(".card").text_content().unwrap().contains("still here"));
}
