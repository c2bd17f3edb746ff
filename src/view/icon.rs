//! Line icons, 24 by 24, drawn with the colour of the text around them. They say nothing to a
//! screen reader: the control they stand in has a name.

use crate::ui::{El, svg};

/// A cross.
pub const CLOSE: &str = "M6 6l12 12M18 6L6 18";
/// Three dots.
pub const MORE: &str = "M5 11.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1zM12 11.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1zM19 11.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1z";
/// A paper plane.
pub const SEND: &str = "M12 19V5.5M6 11l6-6 6 6";
/// A speech bubble.
pub const CHAT: &str = "M20.5 11.5c0 4-3.8 7.2-8.5 7.2-1.1 0-2.2-.2-3.2-.5L4 20l1.4-3.7C4.2 15 3.5 13.3 3.5 11.5c0-4 3.8-7.2 8.5-7.2s8.5 3.2 8.5 7.2z";
/// An arrow down.
pub const DOWN: &str = "M12 5v13M6.5 12.5L12 18l5.5-5.5";
/// A small arrow head, for a list that opens.
pub const OPEN: &str = "M7 10l5 5 5-5";
/// A door with an arrow.
pub const LEAVE: &str = "M14 4H6v16h8M10 12h10M16.5 8.5L20 12l-3.5 3.5";
/// A cloud that is crossed out.
pub const AWAY: &str =
    "M4 4l16 16M8.5 8.6A5 5 0 0 0 7 18h10.5M11 6.3a5.5 5.5 0 0 1 6.5 4.8 3.5 3.5 0 0 1 2.7 5.4";
/// An exclamation mark in a circle.
pub const WARN: &str = "M12 8v4.5M12 16h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z";
/// One tick.
pub const TICK: &str = "M5 12.5l4.5 4.5L19 7.5";
/// Two ticks.
pub const TICKS: &str = "M2 12.5l4.5 4.5L15 8M11.5 16l1.5 1L21.5 8";
/// A clock.
pub const CLOCK: &str = "M12 7.5V12l3 2M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z";

/// An icon.
#[must_use]
pub fn icon(path: &str) -> El {
    around(shape(path))
}

/// The shape of an icon that changes: its `d` is the path.
#[must_use]
pub fn shape(path: &str) -> El {
    svg("path").attr("d", path)
}

/// An icon of this shape.
#[must_use]
pub fn around(shape: El) -> El {
    svg("svg")
        .attr("class", "icon")
        .attr("viewBox", "0 0 24 24")
        .attr("aria-hidden", "true")
        .child(shape)
}
