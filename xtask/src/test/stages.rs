//! The stages, cheap ones first.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::Counts;
use crate::setup::{Setup, WASM_TARGET};
use crate::{dist, e2e, process};

/// One stage.
pub(super) struct Stage {
    /// Its name, also its log's.
    pub(super) name: &'static str,
    /// What it holds, in a few words.
    pub(super) about: &'static str,
    /// Runs it into a log.
    pub(super) run: fn(&Setup, &Path) -> Result<Counts>,
}

/// Every stage, in order.
pub(super) const STAGES: &[Stage] = &[
    Stage { name: "format", about: "rustfmt changes nothing", run: format },
    Stage { name: "deny", about: "licences, sources and bans of every dependency", run: deny },
    Stage { name: "clippy", about: "no warning in what runs natively", run: clippy },
    Stage {
        name: "clippy-wasm",
        about: "no warning in what runs in the browser",
        run: clippy_wasm,
    },
    Stage { name: "native", about: "native tests", run: native },
    Stage { name: "doc", about: "examples in the documentation", run: doc },
    Stage { name: "browser", about: "wasm-bindgen-test in headless Chromium", run: browser },
    Stage { name: "assets", about: "loader, widget and console build", run: assets },
    Stage { name: "size", about: "what a visitor downloads is within budget", run: size },
    Stage { name: "e2e", about: "the real server and real browsers", run: end_to_end },
];

/// What runs on the machine itself.
const NATIVE: &[&str] = &[
    "--package=frontdesk-protocol",
    "--package=frontdesk-client",
    "--package=frontdesk-server",
    "--package=xtask",
    "--package=frontdesk-bench",
    // Of the widget and the console, what is worked out without a browser.
    "--package=frontdesk-widget",
    "--package=frontdesk-console",
];

/// What runs in the browser.
const IN_BROWSER: &[&str] =
    &["--package=frontdesk-widget", "--package=frontdesk-browser", "--package=frontdesk-console"];

/// Runs a command that either passes or not.
fn check(command: &mut Command, log: &Path) -> Result<Counts> {
    Ok(Counts::one(process::run_logged(command, log)?.status.success()))
}

/// Runs a command that counts tests; a failure that it did not count is one more.
fn count(command: &mut Command, log: &Path, read: fn(&str) -> Counts) -> Result<Counts> {
    let ran = process::run_logged(command, log)?;
    let mut counts = read(&ran.text);
    if !ran.status.success() && counts.failed == 0 {
        counts.failed = 1;
    }
    Ok(counts)
}

fn format(setup: &Setup, log: &Path) -> Result<Counts> {
    check(setup.cargo().args(["fmt", "--all", "--check", "--", "--color=never"]), log)
}

// Advisories are left out: their database is fetched from a Git host, and a
// check that needs the network would fail where nothing is wrong. Run
// `cargo deny check advisories` by hand, and on a schedule.
fn deny(setup: &Setup, log: &Path) -> Result<Counts> {
    check(
        setup.cargo().args([
            "deny",
            "--workspace",
            "--offline",
            "check",
            "bans",
            "licenses",
            "sources",
        ]),
        log,
    )
}

fn clippy(setup: &Setup, log: &Path) -> Result<Counts> {
    let mut cargo = setup.cargo();
    cargo.args(["clippy", "--all-targets"]).args(NATIVE);
    check(cargo.args(["--", "-D", "warnings"]), log)
}

fn clippy_wasm(setup: &Setup, log: &Path) -> Result<Counts> {
    let mut cargo = setup.wasm_command("cargo");
    cargo.args(["clippy", "--target", WASM_TARGET, "--all-targets"]).args(IN_BROWSER);
    check(cargo.args(["--", "-D", "warnings"]), log)
}

fn native(setup: &Setup, log: &Path) -> Result<Counts> {
    let mut cargo = setup.cargo();
    cargo.args(["nextest", "run", "--no-fail-fast", "--color=never", "--hide-progress-bar"]);
    count(cargo.args(NATIVE), log, Counts::from_summary)
}

fn doc(setup: &Setup, log: &Path) -> Result<Counts> {
    let mut cargo = setup.cargo();
    cargo.args(["test", "--doc", "--no-fail-fast"]);
    for package in ["protocol", "client", "server"] {
        cargo.arg(format!("--package=frontdesk-{package}"));
    }
    count(&mut cargo, log, Counts::from_results)
}

fn browser(setup: &Setup, log: &Path) -> Result<Counts> {
    let mut cargo = setup.wasm_command("cargo");
    cargo
        .args(["test", "--target", WASM_TARGET, "--no-fail-fast", "--lib", "--bins", "--tests"])
        .args(IN_BROWSER)
        .env("CHROMEDRIVER", &setup.chromedriver)
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", setup.root.join("webdriver.json"))
        // The first start of a browser on a busy machine takes longer than the default 20 s.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "180");
    count(&mut cargo, log, Counts::from_results)
}

fn assets(setup: &Setup, log: &Path) -> Result<Counts> {
    check(&mut again(setup, &["dist"])?, log)
}

fn size(setup: &Setup, log: &Path) -> Result<Counts> {
    let ran = process::run_logged(&mut again(setup, &["size"])?, log)?;
    for line in ran.text.lines().rev().take(3).collect::<Vec<_>>().iter().rev() {
        println!("   {line}");
    }
    Ok(Counts::one(ran.status.success()))
}

fn end_to_end(setup: &Setup, log: &Path) -> Result<Counts> {
    dist::Manifest::read(&dist::folder(setup))?;
    e2e::run_all_logged(setup, log)
}

/// This very program with another command, so that what it prints goes to the log.
fn again(setup: &Setup, args: &[&str]) -> Result<Command> {
    let mut command = setup.command(std::env::current_exe()?);
    command.args(args);
    Ok(command)
}
