//! The way in: name and password.

use frontdesk_browser::focus;
use leptos::{ev::SubmitEvent, html, prelude::*};

use super::icon::{Glyph, Icon};
use crate::{
    desk::login::LoginProblem,
    state::Door,
    wish::{Wish, desk},
};

/// The page where an agent signs in.
#[component]
pub(super) fn DoorView() -> impl IntoView {
    let desk = desk();
    let shown = desk.shown;
    let name = NodeRef::<html::Input>::new();
    let password = NodeRef::<html::Input>::new();

    let expired = Memo::new(move |_| match shown.door.get() {
        Door::Shut { expired } => expired,
        Door::Asking | Door::Unreachable | Door::Open(_) => None,
    });
    let is_wrong = move || {
        shown
            .problem
            .with(|problem| matches!(problem, Some(LoginProblem::Wrong | LoginProblem::Incomplete)))
    };
    let invalid = move || if is_wrong() { "true" } else { "false" };
    let must_wait = move || {
        shown.problem.with(|problem| {
            problem.as_ref().is_some_and(|problem| problem.must_wait(shown.now.get()))
        })
    };
    let words = Memo::new(move |_| {
        shown.problem.with(|problem| problem.as_ref().map(|p| p.words(shown.now.get())))
    });

    // Read from the fields themselves: a password manager may fill them without an event.
    let enter = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(name), Some(password)) = (name.get(), password.get()) else { return };
        desk.wish(Wish::Enter { name: name.value(), password: password.value() });
    };
    // Said once: the seconds that are counted down are for the eye.
    let said = Memo::new(move |_| {
        let now = untrack(|| shown.now.get());
        shown.problem.with(|problem| problem.as_ref().map(|problem| problem.words(now)))
    });
    // Where the reader has to go on: at first the name, the password after a wrong one.
    Effect::new(move |was_there: Option<bool>| {
        let (Some(name), Some(password)) = (name.get(), password.get()) else { return false };
        if is_wrong() || expired.get().is_some() {
            focus::focus(&password);
        } else if was_there != Some(true) {
            focus::focus(&name);
        }
        true
    });

    view! { class="fd",
        <main class="door">
            <form class="card" on:submit=enter novalidate>
                <span class="mark" aria-hidden="true"><Icon glyph=Glyph::Chat/></span>
                <h1>{move || if expired.get().is_some() { "Please sign in again" } else { "Sign in" }}</h1>
                <p class="lead">
                    {move || if expired.get().is_some() {
                        "Your session has ended. What you wrote is still here."
                    } else {
                        "To the desk where your visitors are answered."
                    }}
                </p>
                <label class="field">
                    <span class="label">"Name"</span>
                    <input
                        node_ref=name
                        class="entry"
                        type="text"
                        name="username"
                        autocomplete="username"
                        autocapitalize="none"
                        spellcheck="false"
                        required
                        aria-invalid=invalid
                        aria-describedby="wrong"
                        prop:value=move || expired.get().map(|me| me.identity.to_string()).unwrap_or_default()
                    />
                </label>
                <label class="field">
                    <span class="label">"Password"</span>
                    <input
                        node_ref=password
                        class="entry"
                        type="password"
                        name="password"
                        autocomplete="current-password"
                        required
                        aria-invalid=invalid
                        aria-describedby="wrong"
                    />
                </label>
                <div class="unseen" role="alert">{said}</div>
                <div class="field" class:unseen=move || words.get().is_none()>
                    <p class="wrong" id="wrong">{move || words.get()}</p>
                </div>
                <button
                    type="submit"
                    class="button main"
                    disabled=move || shown.is_entering.get() || must_wait()
                >
                    {move || shown.is_entering.get().then(|| view! { class="fd",
                        <span class="spinner" aria-hidden="true"></span>
                    })}
                    {move || if shown.is_entering.get() { "Signing in" } else { "Sign in" }}
                </button>
                <p class="hint">
                    "No account yet? Whoever runs the server makes one with "
                    <code>"frontdesk agent add"</code>"."
                </p>
            </form>
        </main>
    }
}

/// In place of the page when the server does not answer at all.
#[component]
pub(super) fn Unreachable() -> impl IntoView {
    let desk = desk();
    view! { class="fd",
        <main class="door">
            <div class="card" role="alert">
                <span class="mark" aria-hidden="true"><Icon glyph=Glyph::Info/></span>
                <h1>"The server does not answer"</h1>
                <p class="lead">"Check your connection. The console opens as soon as it is back."</p>
                <button
                    type="button"
                    class="button main"
                    on:click=move |_| desk.wish(Wish::AskAgain)
                >
                    "Try again"
                </button>
            </div>
        </main>
    }
}
