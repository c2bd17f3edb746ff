//! Who is there: name and presence, the menu, and the way out.

use frontdesk_browser::focus;
use frontdesk_client::Connection;
use leptos::{html, prelude::*};

use super::icon::{self, icon};
use crate::{
    app::App,
    state::{Overlay, Pane},
};

/// The header. In a chat it shows the agent, before that the site.
#[must_use]
pub fn header(app: App) -> impl IntoView {
    let state = app.state;
    let words = app.words;
    let menu_button = NodeRef::<html::Button>::new();
    let in_chat = move || state.pane() == Pane::Chat && !state.has_ended();
    let is_menu = move || state.overlay.get() == Overlay::Menu;
    let close_menu = move || {
        state.overlay.set(Overlay::None);
        if let Some(button) = menu_button.get_untracked() {
            focus::focus(&button);
        }
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        // The panel would close at this key; the menu is nearer.
        if event.key() == "Escape" && state.overlay.get_untracked() == Overlay::Menu {
            event.stop_propagation();
            event.prevent_default();
            close_menu();
        }
    };
    view! { class="fd",
        <header class="head" on:keydown=on_key>
            {move || who(app)}
            <button
                class="tool"
                type="button"
                node_ref=menu_button
                hidden=move || !in_chat()
                aria-label=words.more
                aria-expanded=move || if is_menu() { "true" } else { "false" }
                on:click=move |_| {
                    state.overlay.update(|overlay| {
                        *overlay = match overlay {
                            Overlay::Menu => Overlay::None,
                            Overlay::None | Overlay::End => Overlay::Menu,
                        };
                    });
                }
            >
                {icon(icon::MORE)}
            </button>
            <button class="tool" type="button" aria-label=words.close on:click=move |_| app.close()>
                {icon(icon::CLOSE)}
            </button>
            <div
                class="menu"
                hidden=move || !(is_menu() && in_chat())
                on:focusout=move |event: leptos::ev::FocusEvent| {
                    // The keyboard went somewhere else: a menu does not stay behind.
                    if event.related_target().is_some() {
                        state.overlay.update(|overlay| {
                            if *overlay == Overlay::Menu {
                                *overlay = Overlay::None;
                            }
                        });
                    }
                }
            >
                <button
                    type="button"
                    on:click=move |_| {
                        state.is_end_failed.set(false);
                        state.overlay.set(Overlay::End);
                        app.focus();
                    }
                >
                    {icon(icon::LEAVE)}
                    {words.end}
                </button>
            </div>
        </header>
    }
}

/// The face, the name and the line below it.
fn who(app: App) -> impl IntoView {
    let (state, words) = (app.state, app.words);
    let (site, tagline) = app.of_site(|site| (site.name.clone(), site.tagline.clone()));
    let in_chat = state.pane() == Pane::Chat;
    let agent = state.agent().filter(|_| in_chat);
    let (dot, line) = if !in_chat {
        (if tagline.is_empty() { "none" } else { "on" }, tagline)
    } else if state.has_ended() {
        ("", words.ended.to_owned())
    } else if state.is_away.get() || matches!(state.connection.get(), Connection::Failed(_)) {
        ("", words.connecting.to_owned())
    } else if !state.is_loaded.get() {
        ("wait", words.connecting.to_owned())
    } else if agent.is_some() {
        ("on", site.clone())
    } else {
        ("wait", words.waiting_short.to_owned())
    };
    let name = agent.unwrap_or(site);
    view! { class="fd",
        <div class="face" aria-hidden="true">{initials(&name)}</div>
        <div class="who">
            <h1>{name}</h1>
            <p>
                <i class="dot" data-is=dot hidden=dot == "none"></i>
                <span>{line}</span>
            </p>
        </div>
    }
}

/// One or two letters that stand for a name.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words =
        name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_or_two_initials() {
        assert_eq!(initials("Sara K."), "SK");
        assert_eq!(initials("harbour (old) bikes"), "HB");
        assert_eq!(initials("Jun"), "J");
        assert_eq!(initials(" - "), "");
    }
}
