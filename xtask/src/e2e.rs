//! `cargo xtask e2e`: the real server, real browsers, one folder of tests a suite.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::setup::Setup;
use crate::test::Counts;
use crate::{dist, process};

/// Runs one suite or all of them, or lists them.
///
/// # Errors
/// There is no such suite, the server does not build, or a test failed.
pub(crate) fn run(name: Option<&str>) -> Result<()> {
    let root = crate::setup::root();
    let suites = suites(&root)?;
    let Some(name) = name else {
        println!("End-to-end suites (cargo xtask e2e NAME, or `all`):");
        for suite in &suites {
            println!("  {suite}");
        }
        return Ok(());
    };
    let chosen: Vec<String> = if name == "all" {
        suites
    } else if suites.iter().any(|suite| suite == name) {
        vec![name.to_owned()]
    } else {
        bail!("no end-to-end suite is called `{name}`; `cargo xtask e2e` lists them");
    };
    let setup = Setup::load()?;
    dist::build(&setup)?;
    process::run(setup.cargo().args(["build", "--package", "frontdesk-server"]))?;
    let mut failed = Vec::new();
    for suite in &chosen {
        println!("\ne2e   {suite}");
        let status = command(&setup, suite)?.status().context("could not start node")?;
        if !status.success() {
            failed.push(suite.as_str());
        }
    }
    ensure!(
        failed.is_empty(),
        "failed: {}. Screenshots, page logs and server logs: {}",
        failed.join(", "),
        artifacts(&setup.root, "").display()
    );
    Ok(())
}

/// Runs every suite into `log` and counts; what `cargo xtask test` does.
///
/// # Errors
/// The server does not build, or node does not start.
pub(crate) fn run_all_logged(setup: &Setup, log: &Path) -> Result<Counts> {
    let mut build = setup.cargo();
    build.args(["build", "--package", "frontdesk-server"]);
    let built = process::run_logged(&mut build, log)?;
    ensure!(built.status.success(), "the server does not build");
    let mut counts = Counts::default();
    for suite in suites(&setup.root)? {
        let ran = process::run_logged(&mut command(setup, &suite)?, log)?;
        let mut of_suite = Counts::from_summary(&ran.text);
        // A suite that ends badly without a word has failed all the same.
        if !ran.status.success() && of_suite.failed == 0 || of_suite.is_empty() {
            of_suite.failed += 1;
        }
        println!("   {suite}: {of_suite}");
        counts += of_suite;
    }
    if counts.failed > 0 {
        println!(
            "   screenshots, page logs and server logs: {}",
            artifacts(&setup.root, "").display()
        );
    }
    Ok(counts)
}

/// The folders under tests/e2e that hold tests.
fn suites(root: &Path) -> Result<Vec<String>> {
    let mut suites = Vec::new();
    for entry in fs::read_dir(root.join("tests/e2e"))? {
        let path = entry?.path();
        if path.is_dir() && !files(&path)?.is_empty() {
            suites.extend(path.file_name().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    suites.sort();
    Ok(suites)
}

/// A suite's test files, in the order of their names.
fn files(suite: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(suite)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.mjs") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

fn artifacts(root: &Path, suite: &str) -> PathBuf {
    root.join("tests/e2e/artifacts").join(suite)
}

/// Node on one suite's files, one after the other, each in a process of its own.
fn command(setup: &Setup, suite: &str) -> Result<Command> {
    let artifacts = artifacts(&setup.root, suite);
    match fs::remove_dir_all(&artifacts) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).context("could not empty the artifacts' folder"),
    }
    let mut node = setup.command(&setup.node);
    node.args(["--test", "--test-concurrency=1", "--test-reporter"])
        .arg(setup.root.join("tests/e2e/lib/reporter.mjs"))
        .arg("--test-reporter-destination=stdout")
        .args(files(&setup.root.join("tests/e2e").join(suite))?)
        .env("FRONTDESK_BIN", setup.server_binary())
        .env("FRONTDESK_CHROMIUM", &setup.chromium)
        .env("FRONTDESK_ARTIFACTS", artifacts);
    Ok(node)
}
