//! `dist/manifest.json`: which file is which. The server reads it when it is built.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

/// The files' names, relative to `dist/`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    /// The loader, with a place for the site's settings.
    pub(crate) loader: String,
    /// The widget's glue, a module.
    pub(crate) widget_js: String,
    /// The widget.
    pub(crate) widget_wasm: String,
    /// The console's page.
    pub(crate) console: String,
}

impl Manifest {
    /// Reads `dist/manifest.json`.
    ///
    /// # Errors
    /// There is none yet, or it is not ours.
    pub(crate) fn read(dist: &Path) -> Result<Self> {
        let file = dist.join("manifest.json");
        let text = fs::read_to_string(&file)
            .with_context(|| format!("{} is missing: run `cargo xtask dist`", file.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is not ours", file.display()))
    }
}

/// Writes the manifest of what lies in `dist/`, unless it says the same already:
/// cargo builds the server anew when a file there is newer.
pub(super) fn write(dist: &Path) -> Result<()> {
    let manifest = Manifest {
        loader: "loader/frontdesk.js".to_owned(),
        widget_js: widget(dist, "js")?,
        widget_wasm: widget(dist, "wasm")?,
        console: "console/index.html".to_owned(),
    };
    let text = serde_json::to_string_pretty(&manifest)?;
    let file = dist.join("manifest.json");
    if fs::read_to_string(&file).ok().as_deref() != Some(&text) {
        fs::write(&file, text)?;
    }
    Ok(())
}

fn widget(dist: &Path, extension: &str) -> Result<String> {
    for entry in fs::read_dir(dist.join("assets"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with("widget-") && name.ends_with(&format!(".{extension}")) {
            return Ok(format!("assets/{name}"));
        }
    }
    bail!("dist/assets holds no widget .{extension}")
}
