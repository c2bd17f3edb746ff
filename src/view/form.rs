//! The pre-engagement form, from the site's configuration.

use frontdesk_browser::focus;
use frontdesk_client::Screen;
use leptos::{html, prelude::*};

use super::field::field;
use crate::{app::App, state::Pane};

/// The form. It stays where it is while it is sent, so that a failure finds every answer in place.
#[must_use]
pub fn form(app: App) -> impl IntoView {
    let (state, words) = (app.state, app.words);
    let form = app.of_site(|site| site.form.clone());
    let node = NodeRef::<html::Form>::new();
    let is_busy = move || state.screen.with(|screen| *screen == Screen::Starting);
    let to_first_problem = move || {
        if let Some(form) = node.get_untracked()
            && let Some(at) = app.first_problem()
        {
            focus::focus_first(&form, &format!("#fd-q{at}"));
        }
    };
    Effect::new(move |_| {
        // The server's verdict, too, leads to the first answer that is wrong.
        let is_refused = state.screen.with(|screen| match screen {
            Screen::Form(form) => !form.fields.is_empty(),
            Screen::Idle | Screen::Starting | Screen::Chat | Screen::Ended => false,
        });
        if is_refused {
            to_first_problem();
        }
    });
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !is_busy() {
            app.submit();
            to_first_problem();
        }
    };
    let submit_label =
        if form.submit_label.is_empty() { words.start.to_owned() } else { form.submit_label };
    let fields: Vec<_> =
        form.fields.into_iter().enumerate().map(|(at, asked)| field(app, at, asked)).collect();
    view! { class="fd",
        <form
            class="form"
            node_ref=node
            novalidate
            hidden=move || state.pane() != Pane::Form
            aria-busy=move || if is_busy() { "true" } else { "false" }
            on:submit=on_submit
        >
            <h2>{form.title}</h2>
            <p class="lead">{form.description}</p>
            <fieldset class="fields" >{fields}</fieldset>
            <p class="note" role="alert">{move || state.refusal.get()}</p>
            <button class="cta" type="submit" aria-disabled=move || is_busy().then_some("true")>
                <i class="spin" hidden=move || !is_busy()></i>
                <span>
                    {move || if is_busy() { words.starting.to_owned() } else { submit_label.clone() }}
                </span>
            </button>
            <p class="foot">{form.footer}</p>
        </form>
    }
}
