//! The widget's stylesheet: one text, joined and made small by `build.rs` from `style/`.

/// The whole stylesheet.
pub const CSS: &str = include_str!(concat!(env!("OUT_DIR"), "/widget.css"));
