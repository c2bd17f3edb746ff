//! The widget: WebAssembly and its glue, named by content.
//!
//! Every visitor who opens a chat downloads it, so it is built for size, and not by trunk, which
//! does not know how: the standard library is compiled anew with the widget (that of the toolchain
//! is compiled for speed, and cannot leave the words of its panics out), and what nobody calls is
//! not linked (`linker.sh`) or taken away ([`slim`](super::slim)).

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::compress::write_both;
use super::inputs::short_hash;
use super::slim;
use crate::process;
use crate::setup::{Setup, WASM_TARGET};

/// The package, which is also its program's name.
const PACKAGE: &str = "frontdesk-widget";

/// A panic traps at once, without words: the loader sees the trap and starts afresh. What only such
/// words need (places in the source, `Debug`) is left out. All unstable as of Rust 1.95.
const RUSTFLAGS: &[&str] = &[
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
    "-Clinker-flavor=wasm-lld",
];

/// Where cargo reads the linker of [`WASM_TARGET`].
const LINKER: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER";

/// Builds `dist/assets/widget-HASH.{js,wasm}`.
pub(super) fn build(setup: &Setup, dist: &Path) -> Result<()> {
    process::run(&mut cargo(setup))?;
    let program = setup.target_wasm.join(WASM_TARGET).join("wasm").join(PACKAGE);
    let work = setup.target_wasm.join("widget");
    super::empty(&work)?;
    process::run(
        setup
            .wasm_command("wasm-bindgen")
            .args(["--target", "web", "--no-typescript", "--out-name", "widget", "--out-dir"])
            .arg(&work)
            .arg(program.with_extension("wasm")),
    )?;
    slim::slim(setup, &work, "widget", &["mount", "silence", "crash"])?;

    let glue = super::minify(setup, &work.join("widget.js"), &["--format=esm", "--target=es2022"])?;
    let wasm = fs::read(work.join("widget.wasm")).context("the slimmed widget is missing")?;
    let assets = dist.join("assets");
    super::empty(&assets)?;
    write_both(
        &assets.join(format!("widget-{}.js", short_hash(glue.as_bytes()))),
        glue.as_bytes(),
    )?;
    write_both(&assets.join(format!("widget-{}.wasm", short_hash(&wasm))), &wasm)?;
    Ok(())
}

/// The compiler's run, with the standard library built for size.
///
/// `RUSTC_BOOTSTRAP` lets a stable compiler do what is not stable yet; only this build needs it, and
/// the same code builds without.
fn cargo(setup: &Setup) -> Command {
    let mut cargo = setup.wasm_command("cargo");
    cargo
        .args(["build", "--offline", "--package", PACKAGE])
        .args(["--profile", "wasm", "--target", WASM_TARGET])
        .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"])
        .env("RUSTC_BOOTSTRAP", "1")
        .env_remove("RUSTFLAGS")
        .env("CARGO_ENCODED_RUSTFLAGS", RUSTFLAGS.join("\u{1f}"))
        .env(LINKER, setup.root.join("xtask/src/dist/linker.sh"));
    cargo
}
