//! `cargo xtask bench server` and `bench rest`: builds the server and the load client with
//! optimisation, installs the packages of the servers beside it, and starts the client, which does
//! the rest.

use std::fs;

use anyhow::Result;

use crate::{process, setup::Setup};

/// Idle memory, durable messages and delivery, by websocket.
///
/// # Errors
/// Something does not build, or a server does not start. Never because of a figure.
pub(super) fn server(setup: &Setup, args: &[String]) -> Result<()> {
    run(setup, "server", "server.mjs", args)
}

/// Durable messages, by REST.
///
/// # Errors
/// Something does not build, or a server does not start. Never because of a figure.
pub(super) fn rest(setup: &Setup, args: &[String]) -> Result<()> {
    run(setup, "rest", "rest.mjs", args)
}

fn run(setup: &Setup, load: &str, peers: &str, args: &[String]) -> Result<()> {
    println!("building the server and the load client with optimisation");
    let packages = ["--package", "frontdesk-server", "--package", "frontdesk-bench"];
    process::run(setup.cargo().args(["build", "--release"]).args(packages))?;

    let peer = setup.root.join("tests/bench-peer");
    // Compiles better-sqlite3 where its packager offers no binary: some minutes, once.
    if !peer.join("node_modules/better-sqlite3/build/Release/better_sqlite3.node").exists() {
        println!("installing the packages of the servers beside it");
        process::run(setup.command("npm").arg("ci").current_dir(&peer))?;
    }

    // Beside the build, which is on a disk: a temporary folder may be in memory, where a flush
    // costs nothing.
    let scratch = setup.target.join("bench");
    fs::create_dir_all(&scratch)?;
    let programs = setup.target.join("release");
    let mut bench = setup.command(programs.join("frontdesk-bench"));
    bench.arg(load);
    bench.arg("--server").arg(programs.join("frontdesk"));
    bench.arg("--node").arg(&setup.node);
    bench.arg("--peer").arg(peer.join(peers));
    bench.arg("--scratch").arg(&scratch);
    process::run(bench.args(args))
}
