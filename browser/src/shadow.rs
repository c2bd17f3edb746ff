//! Styles that stay inside our shadow root, and need no permission of the page's policy.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleSheet, Document, Element, ShadowRoot};

/// Adds a constructable stylesheet with this text to the tree that `element` stands in: its shadow
/// root, or the document if it is in none. No `<style>` and no `style="…"` is written, so
/// `style-src 'self'` is enough.
///
/// Dropping the answer takes the stylesheet away again.
#[must_use = "a stylesheet that is dropped is taken away"]
pub fn adopt(element: &Element, css: &str) -> Option<Adopted> {
    let sheet = CssStyleSheet::new().ok()?;
    sheet.replace_sync(css).ok()?;
    let tree = Tree::of(element);
    let sheets = tree.sheets();
    sheets.push(&sheet);
    tree.set_sheets(&sheets);
    Some(Adopted { tree, sheet })
}

/// A stylesheet in a tree.
pub struct Adopted {
    tree: Tree,
    sheet: CssStyleSheet,
}

impl Drop for Adopted {
    fn drop(&mut self) {
        let kept = js_sys::Array::new();
        let ours: &JsValue = self.sheet.as_ref();
        for sheet in self.tree.sheets().iter().filter(|sheet| sheet != ours) {
            kept.push(&sheet);
        }
        self.tree.set_sheets(&kept);
    }
}

enum Tree {
    Shadow(ShadowRoot),
    Page(Document),
}

impl Tree {
    fn of(element: &Element) -> Self {
        match element.get_root_node().dyn_into::<ShadowRoot>() {
            Ok(root) => Self::Shadow(root),
            Err(_) => Self::Page(crate::document()),
        }
    }

    /// A copy: some browsers freeze the list itself.
    fn sheets(&self) -> js_sys::Array {
        let sheets = match self {
            Self::Shadow(root) => root.adopted_style_sheets(),
            Self::Page(document) => document.adopted_style_sheets(),
        };
        js_sys::Array::from(&sheets)
    }

    fn set_sheets(&self, sheets: &js_sys::Array) {
        match self {
            Self::Shadow(root) => root.set_adopted_style_sheets(sheets),
            Self::Page(document) => document.set_adopted_style_sheets(sheets),
        }
    }
}
