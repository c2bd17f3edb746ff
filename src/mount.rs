//! The way in for the loader: one function, and the handle it gives.

use std::{cell::RefCell, rc::Rc};

use frontdesk_browser::{
    dom::HtmlElement,
    life,
    listen::Listener,
    runner::{Place, Runner},
    shadow::{self, Adopted},
    storage::{Key, Store},
};
use frontdesk_client::{Event, Notice, Profile, profile::GuestProfile};
use frontdesk_protocol::{read, site::SiteConfig};
use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};

use crate::{
    notices::Notices,
    state::State,
    style, ui, view,
    widget::{Link, Widget},
    words::ENGLISH,
};

#[wasm_bindgen]
extern "C" {
    /// What the loader gives.
    pub type Options;
    /// The site's public id.
    #[wasm_bindgen(method, getter)]
    fn site(this: &Options) -> String;
    /// The server's address, without a slash at the end.
    #[wasm_bindgen(method, getter)]
    fn base(this: &Options) -> String;
    /// The answer of `GET /v1/Sites/{site}`, as text.
    #[wasm_bindgen(method, getter)]
    fn config(this: &Options) -> String;
    /// Whether the panel is open now.
    #[wasm_bindgen(method, getter)]
    fn open(this: &Options) -> bool;
    /// Is told `{open}` or `{unread}`.
    #[wasm_bindgen(method, getter, js_name = onState)]
    fn on_state(this: &Options) -> Function;
}

/// A widget that stands in a page. None of its methods does anything after `destroy()`.
#[wasm_bindgen]
pub struct Handle {
    mounted: RefCell<Option<Mounted>>,
}

/// What a widget is made of, in the order it is let go of: first what may still call in.
struct Mounted {
    runner: Runner,
    widget: Widget,
    slot: Rc<RefCell<Option<Runner>>>,
    _visibility: Listener,
    _view: ui::Mounted,
    _style: Option<Adopted>,
}

/// Puts the widget into `root` and starts it.
///
/// `options` are described in the loader's README: `site`, `base`, `config`, `open`, `onState`.
///
/// # Errors
/// If `config` is not the server's answer for a site: nothing is mounted then.
#[wasm_bindgen]
pub fn mount(root: HtmlElement, options: &Options) -> Result<Handle, JsError> {
    if cfg!(debug_assertions) {
        life::say_panics();
    }
    let site: SiteConfig = read::text(&options.config())
        .ok_or_else(|| JsError::new("the site's configuration is not readable"))?;
    let profile = Profile::Guest(Box::new(GuestProfile {
        account: site.account_sid.clone(),
        flow: site.flex_flow_sid.clone(),
        site: site.site.clone(),
        form: site.form.clone(),
        default_name: String::new(),
    }));
    let store = Store::open(&options.site());
    let draft = store.get(&Key::Draft);
    let is_staffed = site.staffed;
    let place = Place { base: options.base(), store: store.clone() };
    let on_state = options.on_state();

    let style = shadow::adopt(&root, style::CSS);
    let slot: Rc<RefCell<Option<Runner>>> = Rc::default();
    let (mounted, widget) = ui::mount(&root, || {
        let widget =
            Widget::new(State::new(), site, &ENGLISH, link(&slot, store, on_state.clone()));
        (view::root::root(widget), widget)
    });

    let notices = Notices::new(widget);
    let runner = Runner::new(profile, place, {
        let slot = Rc::clone(&slot);
        move |notice| {
            let Some(runner) = slot.borrow().clone() else { return };
            let unread = matches!(notice, Notice::Unread(_));
            runner.read(|client| notices.apply(client, notice));
            if unread {
                widget.mark_read();
                tell(&on_state, "unread", &(widget.state.unread.get_untracked() as u32).into());
            }
        }
    });
    *slot.borrow_mut() = Some(runner.clone());
    widget.state.is_open.set(options.open());
    widget.state.is_staffed.set(is_staffed);
    widget.state.draft.set(draft.unwrap_or_default());
    widget.focus();
    runner.start();
    let visibility = Listener::on_document("visibilitychange", move |_| {
        widget.mark_read();
        widget.leave();
    });
    Ok(Handle {
        mounted: RefCell::new(Some(Mounted {
            runner,
            widget,
            slot,
            _visibility: visibility,
            _view: mounted,
            _style: style,
        })),
    })
}

fn link(slot: &Rc<RefCell<Option<Runner>>>, store: Store, on_state: Function) -> Link {
    let (to_client, of_client) = (Rc::clone(slot), Rc::clone(slot));
    Link {
        dispatch: Box::new(move |event: Event| {
            let runner = to_client.borrow().clone();
            if let Some(runner) = runner {
                runner.dispatch(event);
            }
        }),
        stream: Box::new(move || {
            of_client.borrow().as_ref()?.read(|client| client.channel().cloned())
        }),
        close: Box::new(move || tell(&on_state, "open", &JsValue::FALSE)),
        keep_draft: Box::new(move |draft| {
            if draft.is_empty() {
                store.remove(&Key::Draft);
            } else {
                store.set(&Key::Draft, draft);
            }
        }),
    }
}

/// Tells the loader one thing. What the page's handlers throw is none of ours.
fn tell(on_state: &Function, key: &str, value: &JsValue) {
    let state = Object::new();
    drop(Reflect::set(&state, &key.into(), value));
    drop(on_state.call1(&JsValue::UNDEFINED, &state));
}

#[wasm_bindgen]
impl Handle {
    /// The panel was opened.
    pub fn open(&self) {
        if let Some(mounted) = self.mounted.borrow().as_ref() {
            mounted.widget.state.is_open.set(true);
            mounted.widget.focus();
            mounted.widget.mark_read();
        }
    }

    /// Whether somebody is there who would answer, by the site's configuration as it is now.
    pub fn staffed(&self, is_staffed: bool) {
        if let Some(mounted) = self.mounted.borrow().as_ref() {
            mounted.widget.state.is_staffed.set(is_staffed);
        }
    }

    /// The panel was closed.
    pub fn close(&self) {
        if let Some(mounted) = self.mounted.borrow().as_ref() {
            mounted.widget.state.is_open.set(false);
        }
    }

    /// Takes the widget out of the page, with every listener, timer and socket.
    pub fn destroy(&self) {
        let mounted = self.mounted.borrow_mut().take();
        drop(mounted);
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.runner.destroy();
        // The runner holds what tells it, and that holds the runner.
        self.slot.borrow_mut().take();
    }
}

/// From now on the instance does nothing, whatever calls it: for after a trap.
#[wasm_bindgen]
pub fn silence() {
    life::silence();
}

/// Panics, so that a test can see how the page gets over it. Nothing of ours calls it.
///
/// # Panics
/// Always.
#[wasm_bindgen]
pub fn crash() {
    panic!("crash() was called");
}
