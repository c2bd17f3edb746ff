//! Icons: strokes on a 24 by 24 grid, drawn in the text's colour and said to nobody.

use leptos::prelude::*;

/// Which icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glyph {
    /// A speech bubble.
    Chat,
    /// To the list.
    Back,
    /// Away with it.
    Cross,
    /// A person.
    Person,
    /// Off the desk.
    Leave,
    /// Up and away.
    Send,
    /// Something is worth knowing.
    Info,
    /// Down to the newest.
    Down,
    /// Done.
    Tick,
    /// Nothing there.
    Tray,
}

impl Glyph {
    const fn path(self) -> &'static str {
        match self {
            Self::Chat => {
                "M20.5 11.5c0 4-3.8 7.2-8.5 7.2-1.1 0-2.2-.2-3.2-.5L4 20l1.4-3.7C4.2 15 3.5 13.3 3.5 11.5c0-4 3.8-7.2 8.5-7.2s8.5 3.2 8.5 7.2z"
            }
            Self::Back => "M15 5l-7 7 7 7",
            Self::Cross => "M6 6l12 12M18 6L6 18",
            Self::Person => {
                "M12 12a4 4 0 100-8 4 4 0 000 8zM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5"
            }
            Self::Leave => "M10 4H5v16h5M15 8l4 4-4 4M19 12H9",
            Self::Send => "M12 19V5.5M6 11l6-6 6 6",
            Self::Info => "M12 8v5M12 16.5h.01M12 21a9 9 0 100-18 9 9 0 000 18z",
            Self::Down => "M12 5v14M6 13l6 6 6-6",
            Self::Tick => "M5 13l4.5 4.5L19 7",
            Self::Tray => "M4 13l2.5-8h11L20 13v6H4zM4 13h5l1.5 2.5h3L15 13h5",
        }
    }
}

/// An icon.
#[component]
pub(super) fn Icon(
    /// Which.
    glyph: Glyph,
    /// Whether it stands beside text.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    view! { class="fd",
        <svg class="icon" class:small=small viewBox="0 0 24 24" aria-hidden="true">
            <path d=glyph.path()/>
        </svg>
    }
}
