//! A widget in the test's page, with its wishes written down.

use std::{cell::RefCell, rc::Rc};

use frontdesk_browser::{
    dom::{Element, HtmlElement},
    shadow::{self, Adopted},
};
use frontdesk_client::{Connection, Diff, Event, Receipt, Row, RowKey, Screen, SocketId};
use frontdesk_protocol::{
    Cid, Identity, Millis, Stream,
    attributes::Attributes,
    form::{Choice, Field, FieldKind, Form},
    site::SiteConfig,
    state::{Member, Role},
};
use frontdesk_widget::{
    lines,
    state::State,
    style, ui,
    view::root::root as view,
    widget::{Link, Widget},
    words::ENGLISH,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, EventInit, HtmlInputElement, KeyboardEvent, KeyboardEventInit};

/// A widget that shows signals and writes events down. It goes away with the value.
pub(crate) struct Page {
    pub(crate) root: HtmlElement,
    pub(crate) state: State,
    pub(crate) widget: Widget,
    events: Rc<RefCell<Vec<Event>>>,
    /// Whether a message that is composed gets into the outbox.
    pub(crate) takes: Rc<RefCell<bool>>,
    /// The draft that is kept for after a reload.
    pub(crate) kept: Rc<RefCell<String>>,
    mounted: Option<ui::Mounted>,
    _style: Option<Adopted>,
}

pub(crate) fn document() -> Document {
    web_sys::window().unwrap().document().unwrap()
}

pub(crate) fn guest() -> Identity {
    Identity::parse("guest").unwrap()
}

pub(crate) fn agent() -> Identity {
    Identity::parse("sara").unwrap()
}

/// A message at this position, with nothing special about it.
pub(crate) fn row(seq: u64, mine: bool, body: &str) -> Row {
    Row {
        key: RowKey::Seq(seq),
        seq: Some(seq),
        cid: None,
        author: if mine { guest() } else { agent() },
        mine,
        body: body.to_owned(),
        media: None,
        attributes: Attributes::new(),
        ts: Millis(1_795_350_000_000 + seq * 60_000),
        edited: false,
        redacted: false,
        receipt: mine.then_some(Receipt::Sent),
        divider: None,
        starts_group: true,
        ends_group: true,
    }
}

fn field(name: &str, kind: FieldKind) -> Field {
    let choice = |value: &str| Choice { value: value.into(), label: value.to_uppercase() };
    Field {
        name: name.into(),
        label: format!("The {name}"),
        kind,
        required: true,
        placeholder: String::new(),
        help: "Some help.".into(),
        value: String::new(),
        autocomplete: String::new(),
        max_length: None,
        first_message: false,
        options: match kind {
            FieldKind::Select | FieldKind::Radio => vec![choice("a"), choice("b")],
            FieldKind::Text | FieldKind::Email | FieldKind::Textarea | FieldKind::Checkbox => {
                Vec::new()
            }
        },
    }
}

pub(crate) fn site() -> SiteConfig {
    SiteConfig {
        site: "demo".into(),
        account_sid: frontdesk_protocol::id::AccountSid::from_bits(1),
        flex_flow_sid: frontdesk_protocol::id::FlowSid::from_bits(1),
        name: "Harbour Bikes".into(),
        tagline: "We are here".into(),
        staffed: true,
        form: Form {
            title: "How can we help?".into(),
            description: "Tell us a little.".into(),
            submit_label: String::new(),
            footer: "Nothing is stored before you press start.".into(),
            fields: vec![
                field("friendlyName", FieldKind::Text),
                field("email", FieldKind::Email),
                field("question", FieldKind::Textarea),
                field("topic", FieldKind::Select),
                field("when", FieldKind::Radio),
                field("terms", FieldKind::Checkbox),
            ],
        },
        protocols: vec![frontdesk_protocol::SUBPROTOCOL.into()],
    }
}

impl Page {
    /// A widget in an open panel, drawn, with nothing known yet.
    pub(crate) async fn open() -> Self {
        let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
        root.set_attribute("style", "width:384px;height:560px").unwrap();
        document().body().unwrap().append_child(&root).unwrap();
        let style = shadow::adopt(&root, style::CSS);
        let events = Rc::<RefCell<Vec<Event>>>::default();
        let takes = Rc::new(RefCell::new(true));
        let kept = Rc::<RefCell<String>>::default();
        let (mounted, widget) = ui::mount(&root, || {
            let state = State::new();
            let (events, takes) = (Rc::clone(&events), Rc::clone(&takes));
            let kept = Rc::clone(&kept);
            let link = Link {
                dispatch: Box::new(move |event| {
                    if let Event::Compose { body, cid, .. } = &event
                        && *takes.borrow()
                    {
                        echo(state, *cid, body);
                    }
                    events.borrow_mut().push(event);
                }),
                stream: Box::new(|| {
                    Some(Stream::Channel(frontdesk_protocol::ChannelSid::from_bits(1)))
                }),
                close: Box::new(|| {}),
                keep_draft: Box::new(move |draft| *kept.borrow_mut() = draft.to_owned()),
            };
            let widget = Widget::new(state, site(), &ENGLISH, link);
            (view(widget), widget)
        });
        let state = widget.state;
        state.is_staffed.set(true);
        state.is_open.set(true);
        let mounted = Some(mounted);
        let page = Self { root, state, widget, events, takes, kept, mounted, _style: style };
        page.settle().await;
        page
    }

    /// The same with the form.
    pub(crate) async fn form() -> Self {
        let page = Self::open().await;
        page.state.screen.set(Screen::Form(frontdesk_client::FormState::default()));
        page.settle().await;
        page
    }

    /// The same with a chat: an agent is there and has said one thing.
    pub(crate) async fn chat() -> Self {
        let page = Self::open().await;
        let state = page.state;
        state.screen.set(Screen::Chat);
        state.is_loaded.set(true);
        state.connection.set(Connection::Live {
            socket: SocketId(1),
            since: Millis(0),
            draining: false,
        });
        state.members.set(vec![Member {
            identity: agent(),
            role: Role::Agent,
            name: "Sara K.".into(),
            seen: 0,
            read: 0,
            left: false,
            attributes: Attributes::new(),
        }]);
        page.put(row(1, false, "Hello, what can I do for you?"));
        page.settle().await;
        page
    }

    /// A row below the others.
    pub(crate) fn put(&self, row: Row) {
        let at = self.state.lines.with_untracked(Vec::len);
        self.state.lines.update(|rows| lines::apply(rows, vec![Diff::Insert { at, row }]));
    }

    /// Waits until effects have run, timers of no length too, and the browser has drawn.
    pub(crate) async fn settle(&self) {
        leptos::task::tick().await;
        for _ in 0..2 {
            let frame = js_sys::Promise::new(&mut |done, _| {
                web_sys::window().unwrap().request_animation_frame(&done).unwrap();
            });
            JsFuture::from(frame).await.unwrap();
        }
    }

    /// What was wished since the last call.
    pub(crate) fn events(&self) -> Vec<Event> {
        self.events.borrow_mut().drain(..).collect()
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

    /// Whether an element can be seen.
    pub(crate) fn is_seen(&self, selector: &str) -> bool {
        self.find(selector).is_some_and(|found| found.get_client_rects().length() > 0)
    }

    /// Types a text into a field, as one input.
    pub(crate) fn write(&self, selector: &str, text: &str) {
        let field: HtmlInputElement = self.get(selector).unchecked_into();
        drop(field.focus());
        field.set_value(text);
        let init = EventInit::new();
        init.set_bubbles(true);
        let event = web_sys::Event::new_with_event_init_dict("input", &init).unwrap();
        field.dispatch_event(&event).unwrap();
    }

    /// What stands in a field.
    pub(crate) fn written(&self, selector: &str) -> String {
        self.get(selector).unchecked_into::<HtmlInputElement>().value()
    }

    /// Presses a key; whether the browser would still do its own part.
    pub(crate) fn press(
        &self,
        selector: &str,
        key: &str,
        set: impl FnOnce(&KeyboardEventInit),
    ) -> bool {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_bubbles(true);
        init.set_cancelable(true);
        set(&init);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
        self.get(selector).dispatch_event(&event).unwrap()
    }

    /// Whether this element has the focus.
    pub(crate) fn has_focus(&self, selector: &str) -> bool {
        let active = document().active_element().map(JsValue::from);
        active == Some(JsValue::from(self.get(selector)))
    }
}

/// The client's part: the entry is on disk, and the row is shown.
fn echo(state: State, cid: Cid, body: &str) {
    let mut row = row(0, true, body);
    (row.key, row.cid, row.seq) = (RowKey::Cid(cid), Some(cid), None);
    row.receipt = Some(Receipt::Sending);
    let at = state.lines.with_untracked(Vec::len);
    state.lines.update(|rows| lines::apply(rows, vec![Diff::Insert { at, row }]));
}

impl Drop for Page {
    fn drop(&mut self) {
        drop(self.mounted.take());
        self.root.remove();
    }
}
