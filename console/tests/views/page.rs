//! A console in the test's page, with its wishes written down.

use std::{cell::RefCell, rc::Rc};

use frontdesk_browser::dom::{Element, HtmlElement};
use frontdesk_console::{
    state::Shown,
    view::Console,
    wish::{Desk, Wish},
};
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, KeyboardEvent, KeyboardEventInit};

use crate::sample;

/// A console that shows a state and writes wishes down. It goes away with the value.
pub(crate) struct Page {
    root: HtmlElement,
    pub(crate) shown: Shown,
    wishes: Rc<RefCell<Vec<Wish>>>,
    _mounted: Box<dyn std::any::Any>,
}

pub(crate) fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

impl Page {
    /// A console in this state, drawn.
    pub(crate) async fn open(state: &str) -> Self {
        let root: HtmlElement = document().create_element("div").unwrap().dyn_into().unwrap();
        document().body().unwrap().append_child(&root).unwrap();
        let owner = Owner::new();
        let shown = owner.with(|| Shown::new(sample::NOW, true));
        owner.with(|| sample::show(shown, state));
        let wishes = Rc::<RefCell<Vec<Wish>>>::default();
        let written = Rc::clone(&wishes);
        let mounted = mount_to(root.clone(), move || {
            let wishes = UnsyncCallback::new(move |wish: Wish| {
                written.borrow_mut().push(wish.clone());
                sample::take(shown, wish);
            });
            view! { class="fd", <Console desk=Desk::new(shown, wishes)/> }
        });
        let page = Self { root, shown, wishes, _mounted: Box::new((mounted, owner)) };
        page.settle().await;
        page
    }

    /// Waits until effects have run and the browser has drawn what they asked for, twice: the
    /// first frame may ask for a second.
    pub(crate) async fn settle(&self) {
        leptos::task::tick().await;
        for _ in 0..2 {
            let frame = js_sys::Promise::new(&mut |done, _| {
                web_sys::window().unwrap().request_animation_frame(&done).unwrap();
            });
            JsFuture::from(frame).await.unwrap();
        }
    }

    /// The first element that a selector describes.
    pub(crate) fn find(&self, selector: &str) -> Option<HtmlElement> {
        self.root.query_selector(selector).unwrap().map(JsCast::unchecked_into)
    }

    /// The first element that a selector describes, which is there.
    #[track_caller]
    pub(crate) fn get(&self, selector: &str) -> HtmlElement {
        self.find(selector).unwrap_or_else(|| panic!("nothing is {selector}"))
    }

    /// All elements that a selector describes.
    pub(crate) fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.root.query_selector_all(selector).unwrap();
        (0..found.length()).filter_map(|at| found.get(at)).map(JsCast::unchecked_into).collect()
    }

    /// The button with these words on it.
    #[track_caller]
    pub(crate) fn button(&self, words: &str) -> HtmlElement {
        let found = self
            .all("button")
            .into_iter()
            .find(|button| button.text_content().is_some_and(|text| text.trim() == words));
        found.unwrap_or_else(|| panic!("no button says {words:?}")).unchecked_into()
    }

    /// Presses a key on an element. True if the browser's own answer to it was called off.
    pub(crate) fn press(
        &self,
        element: &Element,
        key: &str,
        change: impl FnOnce(&KeyboardEventInit),
    ) -> bool {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_bubbles(true);
        init.set_cancelable(true);
        change(&init);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        !element.dispatch_event(&event).unwrap()
    }

    /// The id of the focused element.
    pub(crate) fn focused(&self) -> String {
        document().active_element().map(|element| element.id()).unwrap_or_default()
    }

    /// All wishes since the last call.
    pub(crate) fn raw_wishes(&self) -> Vec<Wish> {
        self.wishes.take()
    }

    /// The wishes since the last call, without those that tell what was seen.
    pub(crate) fn wishes(&self) -> Vec<Wish> {
        self.raw_wishes().into_iter().filter(|wish| !matches!(wish, Wish::Seen(_))).collect()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.root.remove();
    }
}
