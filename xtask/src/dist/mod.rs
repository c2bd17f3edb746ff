//! `cargo xtask dist`: everything the server builds in, in `./dist`.
//!
//!     dist/loader/frontdesk.js          minified; the server puts the site's settings in
//!     dist/assets/widget-HASH.{js,wasm} the widget, named by content (+ .br)
//!     dist/console/…                    the console, as trunk names it (+ .br)
//!     dist/manifest.json                which file is which, relative to dist/
//!
//! A part whose inputs have not changed is left as it is, so a second run is quick.

mod compress;
mod console;
mod inputs;
mod loader;
mod manifest;
mod slim;
mod widget;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::process;
use crate::setup::Setup;
pub(crate) use compress::brotli_11;
pub(crate) use loader::as_served as loader_as_served;
pub(crate) use manifest::Manifest;

/// Where the assets go.
pub(crate) fn folder(setup: &Setup) -> PathBuf {
    setup.root.join("dist")
}

/// Runs the command.
///
/// # Errors
/// Nothing is set up, or a part does not build.
pub(crate) fn run() -> Result<()> {
    build(&Setup::load()?)
}

/// Builds what a visitor gets, where the console does not matter.
///
/// # Errors
/// A part does not build.
pub(crate) fn build_for_visitors(setup: &Setup) -> Result<()> {
    build_parts(setup, &["loader", "widget"])
}

/// Builds what is not up to date.
///
/// # Errors
/// A part does not build.
pub(crate) fn build(setup: &Setup) -> Result<()> {
    build_parts(setup, &["loader", "widget", "console"])
}

fn build_parts(setup: &Setup, wanted: &[&str]) -> Result<()> {
    let dist = folder(setup);
    fs::create_dir_all(&dist)?;
    let _alone = lock(setup)?;
    let tools = inputs::tools(setup)?;
    let mut stamps = inputs::Stamps::load(&dist);

    let parts: Vec<(&str, Vec<&str>, Part)> = vec![
        ("loader", vec!["loader"], loader::build),
        ("widget", [SHARED, &["src", "build.rs", "style"]].concat(), widget::build),
        ("console", [SHARED, &["console", "style"]].concat(), console::build),
    ];
    for (name, paths, build) in parts.into_iter().filter(|part| wanted.contains(&part.0)) {
        let hash = inputs::hash(&setup.root, &paths, &tools)?;
        if stamps.is_fresh(name, &hash) {
            println!("dist  {name}: up to date");
            continue;
        }
        println!("dist  {name}: building");
        let began = process::now();
        stamps.forget(name)?;
        build(setup, &dist).with_context(|| format!("the {name} does not build"))?;
        stamps.set(name, hash)?;
        println!("dist  {name}: built in {} s", began.elapsed().as_secs());
    }
    manifest::write(&dist)?;
    Ok(())
}

/// Two builds at once would empty each other's folders: the second waits here.
/// Given back when the file is dropped.
fn lock(setup: &Setup) -> Result<File> {
    fs::create_dir_all(&setup.target_wasm)?;
    let path = setup.target_wasm.join("dist.lock");
    let file = File::create(&path).with_context(|| format!("could not make {}", path.display()))?;
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        println!("dist  waiting for another build of the assets");
        file.lock()?;
    }
    Ok(file)
}

type Part = fn(&Setup, &Path) -> Result<()>;

/// What both the widget and the console are made of.
const SHARED: &[&str] = &["Cargo.toml", "Cargo.lock", "protocol", "client", "browser"];

/// Runs `trunk build --release` in `folder` into an empty folder, and gives that.
fn trunk_build(setup: &Setup, folder: &Path, name: &str) -> Result<PathBuf> {
    let out = setup.target_wasm.join("trunk").join(name);
    empty(&out)?;
    let mut trunk: Command = setup.wasm_command("trunk");
    trunk.current_dir(folder).args(["build", "--release", "--offline", "--dist"]).arg(&out);
    // Trunk takes NO_COLOR for a flag of its own, and refuses any value but true and false.
    trunk.env_remove("NO_COLOR");
    process::run(&mut trunk)?;
    ensure!(
        !out.join("snippets").exists(),
        "a crate brought JavaScript snippets: they cannot be named by content"
    );
    Ok(out)
}

/// An empty folder, whatever was there before.
fn empty(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).context(format!("could not empty {}", folder.display())),
    }
    fs::create_dir_all(folder)?;
    Ok(())
}

/// Minifies JavaScript with esbuild; `args` come on top.
fn minify(setup: &Setup, source: &Path, args: &[&str]) -> Result<String> {
    process::output(
        setup
            .command("esbuild")
            .arg(source)
            .args(["--minify", "--charset=utf8", "--legal-comments=none", "--log-level=warning"])
            .args(args),
    )
}
