//! Joins the files of `style/` into the widget's one stylesheet, without comments and blanks.

use std::{env, fmt::Write as _, fs, path::Path};

/// The parts, in the order of the cascade. `tokens` is both themes' ground, `dark` only values.
const PARTS: [&str; 7] = ["base", "header", "form", "timeline", "composer", "banner", "media"];

fn main() {
    println!("cargo::rerun-if-changed=style");
    let read = |part: &str| {
        let path = Path::new("style").join(part).with_extension("css");
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let mut css = read("tokens");
    let dark = read("dark");
    // System, unless the site decides; and the site's decision.
    write!(
        css,
        "@media (prefers-color-scheme: dark) {{ .app:not([data-theme=\"light\"]) {{ {dark} }} }}
         .app[data-theme=\"dark\"] {{ {dark} }}"
    )
    .expect("a string takes everything");
    for part in PARTS {
        css.push_str(&read(part));
    }
    let out = Path::new(&env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("widget.css");
    fs::write(out, shrink(&css)).expect("OUT_DIR can be written");
}

/// Takes out comments, and white space where it separates nothing.
fn shrink(css: &str) -> String {
    let mut bare = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);

    let mut small = String::with_capacity(bare.len());
    for word in bare.split_whitespace() {
        let joins = |c: char| "{};,>".contains(c);
        let glued = small.ends_with(|c| joins(c) || c == ':') || word.starts_with(joins);
        if !small.is_empty() && !glued {
            small.push(' ');
        }
        small.push_str(word);
    }
    small.replace(";}", "}")
}
