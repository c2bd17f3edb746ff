//! What is the matter with the connection.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::{
    desk::notice::{Remedy, banner},
    wish::{Wish, desk},
};

/// The banner; nothing while all is well.
#[component]
pub(super) fn Banner() -> impl IntoView {
    let desk = desk();
    let shown = desk.shown;
    let shows = Memo::new(move |_| banner(shown.connection.get(), shown.was_live.get()));
    view! { class="fd",
        <div role="status">
            {move || shows.get().map(|shows| view! { class="fd",
                <div class="banner" class:broken=shows.broken>
                    <Icon glyph=Glyph::Info small=true/>
                    <span class="words">{shows.words}</span>
                    {shows.remedy.map(|remedy| view! { class="fd",
                        <button
                            type="button"
                            class="textbutton"
                            on:click=move |_| desk.wish(match remedy {
                                Remedy::TryNow => Wish::TryNow,
                                Remedy::Reload => Wish::Reload,
                            })
                        >
                            {remedy.label()}
                        </button>
                    })}
                </div>
            })}
        </div>
    }
}
