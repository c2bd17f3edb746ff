//! The page we stand on: what it is, whether anybody looks at it, and what happens to it.

use wasm_bindgen::JsCast;
use web_sys::{PageTransitionEvent, VisibilityState};

use crate::listen::Listener;

/// The page's address, without its fragment.
#[must_use]
pub fn location() -> String {
    let mut href = crate::window().location().href().unwrap_or_default();
    if let Some(start) = href.find('#') {
        href.truncate(start);
    }
    href
}

/// What stands behind `#` in the page's address; empty if nothing does.
#[must_use]
pub fn fragment() -> String {
    let hash = crate::window().location().hash().unwrap_or_default();
    hash.strip_prefix('#').unwrap_or_default().to_owned()
}

/// How wide the window is, in CSS pixels.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive and small")]
pub fn width_px() -> u32 {
    let width = crate::window().inner_width().ok().and_then(|width| width.as_f64());
    width.unwrap_or_default() as u32
}

/// The page's Origin, such as `https://example.com`.
#[must_use]
pub fn origin() -> String {
    crate::window().location().origin().unwrap_or_default()
}

/// The page's title.
#[must_use]
pub fn title() -> String {
    crate::document().title()
}

/// The language of the page if it names one, else the browser's.
#[must_use]
pub fn language() -> String {
    let page = crate::document().document_element().and_then(|root| root.get_attribute("lang"));
    page.filter(|lang| !lang.is_empty())
        .or_else(|| crate::window().navigator().language())
        .unwrap_or_else(|| "en".into())
}

/// Gives the page a title. For a page that is ours alone; on a host's page see [`TitleNotice`].
pub fn set_title(title: &str) {
    crate::document().set_title(title);
}

/// Opens an address beside the page; what is there cannot reach back.
pub fn open(url: &str) {
    // What a browser refuses to open (a blocked window) it tells its user itself.
    drop(crate::window().open_with_url_and_target_and_features(url, "_blank", "noopener"));
}

/// Loads the page anew.
pub fn reload() {
    // Refused only in the middle of leaving the page, where it is not needed.
    drop(crate::window().location().reload());
}

/// Puts words and a link that loads the page anew in place of everything on it. Needs nothing of
/// the application, which is beyond help when this is called.
pub(crate) fn replace_with_reload(words: &str, link: &str) {
    let document = crate::document();
    let Some(body) = document.body() else { return };
    body.set_text_content(None);
    let made = (document.create_element("p"), document.create_element("a"));
    if let (Ok(said), Ok(anchor)) = made {
        said.set_class_name("crashed");
        said.set_text_content(Some(words));
        anchor.set_text_content(Some(link));
        // An empty reference is the page itself.
        drop(anchor.set_attribute("href", ""));
        drop(said.set_attribute("role", "alert"));
        drop(said.append_child(&anchor));
        drop(body.append_child(&said));
    }
}

/// Whether the tab is in sight.
#[must_use]
pub fn is_visible() -> bool {
    crate::document().visibility_state() == VisibilityState::Visible
}

/// Whether the browser believes that there is a network. `false` is sure, `true` is not.
#[must_use]
pub fn is_online() -> bool {
    crate::window().navigator().on_line()
}

/// What happens to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageEvent {
    /// The tab came into sight.
    Visible,
    /// The tab went out of sight.
    Hidden,
    /// The network is back, or so the browser believes.
    Online,
    /// The network is gone.
    Offline,
    /// The page is left; it may be kept for the back button.
    Left,
    /// The page was brought back by the back button.
    Restored,
}

/// Tells what happens to the page, until it is dropped.
#[must_use = "a watch that is dropped sees nothing"]
pub struct PageWatch {
    _listeners: [Listener; 5],
}

impl PageWatch {
    /// Calls `handler` whenever something happens to the page.
    pub fn new(handler: impl Fn(PageEvent) + Clone + 'static) -> Self {
        let simple = |event: PageEvent| {
            let handler = handler.clone();
            move |_| handler(event)
        };
        let visibility = handler.clone();
        let shown = handler.clone();
        Self {
            _listeners: [
                Listener::on_document("visibilitychange", move |_| {
                    visibility(if is_visible() { PageEvent::Visible } else { PageEvent::Hidden });
                }),
                Listener::on_window("online", simple(PageEvent::Online)),
                Listener::on_window("offline", simple(PageEvent::Offline)),
                Listener::on_window("pagehide", simple(PageEvent::Left)),
                // Fires at the first load too, where nothing was restored.
                Listener::on_window("pageshow", move |event| {
                    let event = event.dyn_ref::<PageTransitionEvent>();
                    if event.is_some_and(PageTransitionEvent::persisted) {
                        shown(PageEvent::Restored);
                    }
                }),
            ],
        }
    }
}

/// A notice in front of the page's title, such as `(2) Shop`. Dropping it takes it away again.
///
/// A page may change its title while the notice stands; what the page wrote is then left alone.
#[derive(Default)]
pub struct TitleNotice {
    shown: Option<Shown>,
}

struct Shown {
    before: String,
    with: String,
}

impl TitleNotice {
    /// Shows that `count` messages are unread; 0 takes the notice away.
    pub fn set(&mut self, count: usize) {
        self.clear();
        if count > 0 {
            let before = title();
            let with = format!("({count}) {before}");
            crate::document().set_title(&with);
            self.shown = Some(Shown { before, with });
        }
    }

    fn clear(&mut self) {
        if let Some(shown) = self.shown.take().filter(|shown| title() == shown.with) {
            crate::document().set_title(&shown.before);
        }
    }
}

impl Drop for TitleNotice {
    fn drop(&mut self) {
        self.clear();
    }
}
