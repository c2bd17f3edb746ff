//! Every state of the console, to be looked at: the part of the address behind `#` says which.

#[path = "../tests/views/sample/mod.rs"]
mod sample;

use frontdesk_browser::page;
use frontdesk_console::{app::SIDE_PANEL_PX, state::Shown, view::Console, wish::Desk};
use leptos::prelude::*;

fn main() {
    leptos::mount::mount_to_body(|| {
        let shown = Shown::new(sample::NOW, page::width_px() > SIDE_PANEL_PX);
        let state = page::fragment();
        let state = if sample::STATES.contains(&state.as_str()) { state } else { "mine".into() };
        sample::show(shown, &state);
        let wishes = UnsyncCallback::new(move |wish| sample::take(shown, wish));
        view! { class="fd", <Console desk=Desk::new(shown, wishes)/> }
    });
}
