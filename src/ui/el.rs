//! One element, of whatever kind.

use frontdesk_browser::{
    dom::{Element, Event},
    listen::Listener,
    node,
};

use super::effect::{effect, keep};

/// An element. Cloning it is cheap, and the clone is the same element.
#[derive(Debug, Clone)]
pub struct El(Element);

/// An element with this tag and this class; no class if it is empty.
#[must_use]
pub fn el(tag: &str, class: &str) -> El {
    let el = El(node::html(tag));
    if class.is_empty() { el } else { el.attr("class", class) }
}

/// An element of a drawing.
#[must_use]
pub fn svg(tag: &str) -> El {
    El(node::svg(tag))
}

impl El {
    /// The element itself.
    #[must_use]
    pub fn node(&self) -> &Element {
        &self.0
    }

    /// With this attribute.
    #[must_use]
    pub fn attr(self, name: &str, value: &str) -> Self {
        self.set_attr(name, Some(value));
        self
    }

    /// With this attribute, if there is a value.
    #[must_use]
    pub fn attr_if(self, name: &str, value: Option<&str>) -> Self {
        self.set_attr(name, value);
        self
    }

    /// With an attribute that follows signals. It is not there while there is no value.
    #[must_use]
    pub fn attr_of(
        self,
        name: &'static str,
        value: impl Fn() -> Option<&'static str> + 'static,
    ) -> Self {
        let el = self.clone();
        effect(move || el.set_attr(name, value()));
        self
    }

    /// Hidden from everybody while this holds.
    #[must_use]
    pub fn hidden(self, is_hidden: impl Fn() -> bool + 'static) -> Self {
        let el = self.clone();
        effect(move || el.set_hidden(is_hidden()));
        self
    }

    /// With this text behind what it holds.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        node::add_text(&self.0, text);
        self
    }

    /// With a text that follows signals, and nothing else.
    #[must_use]
    pub fn text_of(self, text: impl Fn() -> String + 'static) -> Self {
        let el = self.clone();
        effect(move || el.set_text(&text()));
        self
    }

    /// With this element behind what it holds.
    #[must_use]
    pub fn child(self, child: El) -> Self {
        node::place(&self.0, &child.0, None);
        self
    }

    /// With these elements behind what it holds.
    #[must_use]
    pub fn children(self, children: impl IntoIterator<Item = El>) -> Self {
        children.into_iter().fold(self, Self::child)
    }

    /// Listens to this event, which may come from below.
    #[must_use]
    pub fn on(self, event: &'static str, handle: impl FnMut(Event) + 'static) -> Self {
        self.listen(event, Box::new(handle));
        self
    }

    fn listen(&self, event: &'static str, handle: Box<dyn FnMut(Event)>) {
        keep(Listener::on(&self.0, event, handle));
    }

    /// Writes an attribute, or takes it away.
    pub fn set_attr(&self, name: &str, value: Option<&str>) {
        node::set(&self.0, name, value);
    }

    /// Writes the text, which is all it holds.
    pub fn set_text(&self, text: &str) {
        node::set_text(&self.0, text);
    }

    /// Hides it, or shows it.
    pub fn set_hidden(&self, is_hidden: bool) {
        node::set_hidden(&self.0, is_hidden);
    }
}
