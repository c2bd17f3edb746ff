//! The console: a page of its own, as trunk builds it, with one change. Trunk
//! starts the application from an inline script; it becomes a file, so that the
//! console's Content-Security-Policy needs no `unsafe-inline`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::compress::write_both;
use super::inputs::short_hash;
use crate::setup::Setup;

/// Builds `dist/console/`.
pub(super) fn build(setup: &Setup, dist: &Path) -> Result<()> {
    let built = super::trunk_build(setup, &setup.root.join("console"), "console")?;
    let console = dist.join("console");
    super::empty(&console)?;
    for entry in fs::read_dir(&built)? {
        let path = entry?.path();
        ensure!(path.is_file(), "{} is not a file: the console is one flat folder", path.display());
        let name = path.file_name().context("a file without a name")?;
        let mut bytes = fs::read(&path)?;
        if name == "index.html" {
            let (page, script) = hoist_inline_script(&String::from_utf8(bytes)?)?;
            let start = format!("start-{}.js", short_hash(script.as_bytes()));
            write_both(&console.join(&start), script.as_bytes())?;
            bytes = page.replace(PLACE, &start).into_bytes();
        }
        write_both(&console.join(name), &bytes)?;
    }
    Ok(())
}

/// Stands for the hoisted script's name until that is known.
const PLACE: &str = "{{start}}";

/// The page with its one inline module script replaced by a reference, and that script.
fn hoist_inline_script(page: &str) -> Result<(String, String)> {
    const OPEN: &str = "<script type=\"module\">";
    let (before, rest) = page.split_once(OPEN).context("the page starts nothing")?;
    let (script, after) = rest.split_once("</script>").context("the script has no end")?;
    ensure!(
        !after.contains("<script>") && !after.contains(OPEN),
        "the page has more than one inline script"
    );
    let page = format!("{before}<script type=\"module\" src=\"/console/{PLACE}\"></script>{after}");
    Ok((page, script.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::hoist_inline_script;

    #[test]
    fn the_pages_inline_script_becomes_a_file() {
        let page = "<head><script type=\"module\">\nstart();\n</script></head>";

        let (page, script) = hoist_inline_script(page).unwrap();

        assert_eq!(script, "start();");
        assert_eq!(
            page,
            "<head><script type=\"module\" src=\"/console/{{start}}\"></script></head>"
        );
    }

    #[test]
    fn a_second_inline_script_is_refused() {
        let page = "<script type=\"module\">a</script><script>b</script>";

        assert!(hoist_inline_script(page).is_err());
    }
}
