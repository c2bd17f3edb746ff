//! The file beside a message.

use frontdesk_client::text::size;
use frontdesk_protocol::Media;
use leptos::prelude::*;

use super::icon::{Glyph, Icon};
use crate::wish::{Wish, desk};

/// A button with the file's name and size that saves it.
#[component]
pub(super) fn File(
    /// What is known of it.
    media: Media,
) -> impl IntoView {
    let desk = desk();
    let Media { sid, filename, size_bytes, .. } = media;
    view! { class="fd",
        <button
            type="button"
            class="textbutton file"
            on:click=move |_| desk.wish(Wish::OpenFile(sid.clone()))
        >
            <Icon glyph=Glyph::Down small=true/>
            <span class="unseen">"Save "</span>
            <bdi>{filename.unwrap_or_else(|| "File".into())}</bdi>
            " "
            {size(size_bytes)}
        </button>
    }
}
