//! A short word about something that did not work.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::wish::{Wish, desk};

/// The word, until it is dismissed or outlived.
#[component]
pub(super) fn Toast() -> impl IntoView {
    let desk = desk();
    let toast = desk.shown.toast;
    view! { class="fd",
        <div role="alert">
            {move || toast.get().map(|words| view! { class="fd",
                <div class="toast">
                    <span>{words}</span>
                    <button
                        type="button"
                        class="iconbutton"
                        aria-label="Dismiss"
                        on:click=move |_| desk.wish(Wish::DismissToast)
                    >
                        <Icon glyph=Glyph::Cross small=true/>
                    </button>
                </div>
            })}
        </div>
    }
}
