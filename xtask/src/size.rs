//! `cargo xtask size`: what a visitor downloads, in brotli bytes, against its budget.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::dist::{self, Manifest, brotli_11};
use crate::setup::Setup;

/// Before the visitor acts: one request.
const LOADER_BUDGET: usize = 3_072;
/// Everything that opening fetches: WebAssembly, glue, style and words of one language.
const WIDGET_BUDGET: usize = 102_400;

/// Measures what `dist` built, prints the parts, and as the last line one JSON object.
///
/// # Errors
/// The assets do not build, or one of the two is over its budget.
pub(crate) fn run() -> Result<()> {
    let setup = Setup::load()?;
    dist::build_for_visitors(&setup)?;
    let folder = dist::folder(&setup);
    let manifest = Manifest::read(&folder)?;

    println!("{:<40} {:>10} {:>10}", "", "plain", "brotli 11");
    let script = dist::loader_as_served(&folder, &manifest)?;
    let loader = measure("loader (as served)", script.as_bytes())?;
    let widget = file(&folder, &manifest.widget_js)? + file(&folder, &manifest.widget_wasm)?;
    println!("loader: {}", verdict(loader, LOADER_BUDGET));
    println!("widget: {}", verdict(widget, WIDGET_BUDGET));
    println!("{}", serde_json::json!({ "loader_br": loader, "widget_br": widget }));
    if loader > LOADER_BUDGET || widget > WIDGET_BUDGET {
        bail!("over budget: every visitor pays for it (CONTRIBUTING.md, \"Bytes\")");
    }
    Ok(())
}

fn file(dist: &Path, name: &str) -> Result<usize> {
    measure(name, &fs::read(dist.join(name)).with_context(|| format!("dist/{name} is missing"))?)
}

/// The size after brotli, printed beside the plain size.
fn measure(name: &str, bytes: &[u8]) -> Result<usize> {
    let compressed = brotli_11(bytes)?.len();
    println!("{name:<40} {:>10} {compressed:>10}", bytes.len());
    Ok(compressed)
}

fn verdict(size: usize, budget: usize) -> String {
    if size <= budget {
        format!("{size} of {budget} bytes, {} left", budget - size)
    } else {
        format!("{size} of {budget} bytes, {} OVER", size - budget)
    }
}
