//! `cargo xtask bench server`: builds the server and the load client with optimisation, installs
//! the socket.io server's packages, and starts the client, which does the rest.

use std::fs;

use anyhow::Result;

use crate::{process, setup::Setup};

/// Builds, installs, measures.
///
/// # Errors
/// Something does not build, or a server does not start. Never because of a figure.
pub(crate) fn run(setup: &Setup, args: &[String]) -> Result<()> {
    println!("building the server and the load client with optimisation");
    let packages = ["--package", "frontdesk-server", "--package", "frontdesk-bench"];
    process::run(setup.cargo().args(["build", "--release"]).args(packages))?;

    let peer = setup.root.join("tests/bench-peer");
    // Compiles better-sqlite3 where its packager offers no binary: some minutes, once.
    if !peer.join("node_modules/better-sqlite3/build/Release/better_sqlite3.node").exists() {
        println!("installing the socket.io server's packages");
        process::run(setup.command("npm").arg("ci").current_dir(&peer))?;
    }

    // Beside the build, which is on a disk: a temporary folder may be in memory, where a flush
    // costs nothing.
    let scratch = setup.target.join("bench");
    fs::create_dir_all(&scratch)?;
    let programs = setup.target.join("release");
    let mut bench = setup.command(programs.join("frontdesk-bench"));
    bench.arg("--server").arg(programs.join("frontdesk"));
    bench.arg("--node").arg(&setup.node);
    bench.arg("--peer").arg(peer.join("server.mjs"));
    bench.arg("--scratch").arg(&scratch);
    process::run(bench.args(args))
}
