//! Benchmarks, listed in [`BENCHES`].

mod load;

use anyhow::{Result, bail};

use crate::setup::Setup;

/// One benchmark that `cargo xtask bench NAME` runs.
struct Bench {
    name: &'static str,
    /// One line for the list.
    about: &'static str,
    run: fn(&Setup, &[String]) -> Result<()>,
}

/// Every benchmark there is.
const BENCHES: &[Bench] = &[
    Bench {
        name: "server",
        about: "idle memory, durable messages and delivery, beside a socket.io server",
        run: load::server,
    },
    Bench {
        name: "rest",
        about: "durable messages by REST, beside a server of Node's own http",
        run: load::rest,
    },
];

/// Runs the benchmark of that name, or lists them.
///
/// # Errors
/// There is no such benchmark, or it failed.
pub(crate) fn run(name: Option<&str>, args: &[String]) -> Result<()> {
    let Some(name) = name else {
        println!("Benchmarks (cargo xtask bench NAME):");
        for bench in BENCHES {
            println!("  {:<12} {}", bench.name, bench.about);
        }
        return Ok(());
    };
    match BENCHES.iter().find(|bench| bench.name == name) {
        Some(bench) => (bench.run)(&Setup::load()?, args),
        None => bail!("no benchmark is called `{name}`; `cargo xtask bench` lists them"),
    }
}
