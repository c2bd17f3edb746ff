//! The widget: WebAssembly and its glue, named by content.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::compress::write_both;
use super::inputs::short_hash;
use crate::setup::Setup;

/// Builds `dist/assets/widget-HASH.{js,wasm}`.
pub(super) fn build(setup: &Setup, dist: &Path) -> Result<()> {
    let built = super::trunk_build(setup, &setup.root, "widget")?;
    let glue = only(&built, "js")?;
    let wasm = fs::read(only(&built, "wasm")?)?;
    let glue = super::minify(setup, &glue, &["--format=esm", "--target=es2022"])?;
    let assets = dist.join("assets");
    super::empty(&assets)?;
    write_both(
        &assets.join(format!("widget-{}.js", short_hash(glue.as_bytes()))),
        glue.as_bytes(),
    )?;
    write_both(&assets.join(format!("widget-{}.wasm", short_hash(&wasm))), &wasm)?;
    Ok(())
}

/// The one file with that extension.
fn only(folder: &Path, extension: &str) -> Result<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|have| have == extension) {
            found.push(path);
        }
    }
    match found.len() {
        1 => Ok(found.remove(0)),
        n => bail!("{} holds {n} .{extension} files instead of one", folder.display()),
    }
}
