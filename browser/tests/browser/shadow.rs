//! Styles stay in our tree, and need no permission.

use frontdesk_browser::{dom::Element, focus, shadow};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{js, number};

fn in_shadow() -> Element {
    js("{
        globalThis.host = document.body.appendChild(document.createElement('div'));
        const root = host.attachShadow({ mode: 'open' });
        root.appendChild(document.createElement('p')).append(document.createElement('input'));
    }
    host.shadowRoot.firstChild")
    .unchecked_into()
}

#[wasm_bindgen_test]
fn a_stylesheet_is_adopted_without_inline_style_and_taken_away() {
    let element = in_shadow();
    js("{
        const theirs = new CSSStyleSheet();
        host.shadowRoot.adoptedStyleSheets = [theirs];
    }");
    let adopted = shadow::adopt(&element, "p { padding-left: 7px }").unwrap();
    let padding = "getComputedStyle(host.shadowRoot.firstChild).paddingLeft";
    assert_eq!(js(padding), "7px");
    assert_eq!(number("host.shadowRoot.querySelectorAll('style, [style]').length"), 0.0);
    assert_eq!(number("document.adoptedStyleSheets.length"), 0.0);
    drop(adopted);
    assert_eq!(js(padding), "0px");
    assert_eq!(number("host.shadowRoot.adoptedStyleSheets.length"), 1.0);
    js("host.remove()");
}

#[wasm_bindgen_test]
fn outside_of_a_shadow_root_the_document_adopts_it() {
    let element: Element = js("document.body").unchecked_into();
    let adopted = shadow::adopt(&element, "p { padding-left: 7px }").unwrap();
    assert_eq!(number("document.adoptedStyleSheets.length"), 1.0);
    drop(adopted);
    assert_eq!(number("document.adoptedStyleSheets.length"), 0.0);
}

#[wasm_bindgen_test]
fn the_focus_is_found_inside_a_shadow_root() {
    let element = in_shadow();
    assert!(focus::focus_first(&element, "input"));
    assert_eq!(focus::active(&element).unwrap().tag_name(), "INPUT");
    assert!(focus::is_within(&element));
    assert!(!focus::focus_first(&element, "textarea"));
    js("host.remove()");
}
