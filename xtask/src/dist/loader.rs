//! The loader: one script, minified, with the place for the site's settings kept.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};

use super::Manifest;
use crate::setup::Setup;

/// What the server replaces by the site's settings.
const SETTINGS: &str = "__FRONTDESK_CONFIG__";

/// Builds `dist/loader/frontdesk.js`.
pub(super) fn build(setup: &Setup, dist: &Path) -> Result<()> {
    let source = setup.root.join("loader/frontdesk.js");
    let script = super::minify(setup, &source, &["--target=es2020"])?;
    let places = script.matches(SETTINGS).count();
    ensure!(places == 1, "the minified loader names {SETTINGS} {places} times instead of once");
    super::empty(&dist.join("loader"))?;
    fs::write(dist.join("loader/frontdesk.js"), script)?;
    Ok(())
}

/// The loader as a visitor gets it: with the settings of a usual site.
///
/// # Errors
/// `dist` holds no loader.
pub(crate) fn as_served(dist: &Path, manifest: &Manifest) -> Result<String> {
    let settings = serde_json::json!({
        "site": "6f1d5c0e9b7a4d23",
        "brand": "#3554d1",
        "label": "Chat with us",
        "widget_js": manifest.widget_js,
        "widget_wasm": manifest.widget_wasm,
    });
    let script = fs::read_to_string(dist.join(&manifest.loader))?;
    Ok(script.replace(SETTINGS, &settings.to_string()))
}
