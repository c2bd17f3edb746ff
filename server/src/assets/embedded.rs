//! The files that `cargo xtask dist` made, as they were when the server was built.

use std::sync::LazyLock;

use serde::Deserialize;

/// A file that is built in.
#[derive(Debug)]
pub(super) struct File {
    /// Its path below `dist/`.
    pub(super) path: &'static str,
    /// Its bytes.
    pub(super) plain: &'static [u8],
    /// The same, compressed with brotli.
    pub(super) brotli: Option<&'static [u8]>,
}

static FILES: &[File] = &include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// Which file is which: `dist/manifest.json`.
#[derive(Debug, Deserialize)]
pub(super) struct Manifest {
    /// The loader, with a place for a site's settings.
    pub(super) loader: String,
    /// The widget's JavaScript.
    pub(super) widget_js: String,
    /// The widget's WebAssembly.
    pub(super) widget_wasm: String,
    /// The console's page.
    pub(super) console: String,
}

static MANIFEST: LazyLock<Option<Manifest>> = LazyLock::new(|| {
    let file = find("manifest.json")?;
    Some(serde_json::from_slice(file.plain).expect("xtask writes the manifest this reads"))
});

/// The file with this path, if it is built in.
pub(super) fn find(path: &str) -> Option<&'static File> {
    FILES.binary_search_by(|file| file.path.cmp(path)).ok().map(|at| &FILES[at])
}

/// The manifest; `None` if the server was built without `dist/`.
pub(super) fn manifest() -> Option<&'static Manifest> {
    MANIFEST.as_ref()
}
