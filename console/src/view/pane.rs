//! The conversation on the desk.

use frontdesk_browser::dom::KeyboardEvent;
use leptos::prelude::*;

use super::{banner::Banner, empty::Empty, footer::Footer, head::Head, icon::Glyph, said::Said};
use crate::wish::{Wish, desk};

/// Head, messages, composer; or a word on what could stand here.
#[component]
pub(super) fn Pane() -> impl IntoView {
    let desk = desk();
    let shown = desk.shown;
    // Only the choice: a task that changes must not build the conversation anew.
    let chosen = Memo::new(move |_| shown.chosen.get());
    let back = move |event: KeyboardEvent| {
        // Escape that ends an input method's composition is not ours.
        if event.key() == "Escape" && !event.default_prevented() && !event.is_composing() {
            event.prevent_default();
            desk.wish(Wish::Back);
        }
    };
    view! { class="fd",
        <main class="pane part" on:keydown=back>
            <Banner/>
            {move || match chosen.get() {
                Some(_) => view! { class="fd", <Head/><Said/><Footer/> }.into_any(),
                None => view! { class="fd",
                    <Empty
                        glyph=Glyph::Chat
                        title="No chat on the desk"
                        words="Choose one from the list: the arrow keys go through it, Enter opens."
                    />
                }.into_any(),
            }}
        </main>
    }
}
