//! Load on the running server, and on another one beside it, by the same client.
//!
//! `cargo xtask bench server` and `cargo xtask bench rest` build both and start this. Traffic stays
//! within 127.0.0.0/8, the number of messages and the time are bounded, and no figure makes it
//! fail: what falls short is printed as such.
//!
//! * [`load`] holds the three measurements of `server`, [`wire`] what is said on either server's
//!   websocket, [`report`] its table.
//! * [`rest`] is messages by REST, with all that belongs to it.
//! * [`ours`] and [`peer`] start the two servers.
//!
//! Load is an open loop where latency is asked for: each message has a moment at which it is due,
//! and its latency counts from there, whether or not the sender could write it then. A server that
//! stalls is so charged for everything that should have happened meanwhile.

#![expect(clippy::disallowed_methods, reason = "a bench measures time, and runs for some")]

mod board;
mod disk;
mod http;
mod load;
mod ours;
mod peer;
mod program;
mod report;
mod rest;
mod socket;
mod table;
mod target;
mod wire;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result};
use clap::{Parser, ValueEnum};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::{load::Plan, report::Report};

/// Load on the running server, and on another one beside it.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench NAME --")]
struct Cli {
    /// Which load.
    #[arg(value_enum)]
    what: What,
    /// The server's program, built with optimisation.
    #[arg(long, value_name = "FILE")]
    server: PathBuf,
    /// Node, for the other server.
    #[arg(long, value_name = "FILE")]
    node: PathBuf,
    /// The other server.
    #[arg(long, value_name = "FILE")]
    peer: PathBuf,
    /// Where the databases are put: a real disk, not memory.
    #[arg(long, value_name = "FOLDER")]
    scratch: PathBuf,
    /// Idle connections, of the load `server`.
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(500..=20_000))]
    connections: u32,
    /// Seconds of each load.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(2..=60))]
    seconds: u32,
    /// Leave out the other server.
    #[arg(long)]
    alone: bool,
}

/// The loads there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Idle connections, durable messages and delivery, by websocket.
    Server,
    /// Durable messages, by REST.
    Rest,
}

/// Descriptors that are not connections: files, pipes, the runtime.
const SPARE_DESCRIPTORS: u64 = 200;

// One thread: the client shares the machine with the server it measures.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let cli = Cli::parse();
    let scratch = tempfile::tempdir_in(&cli.scratch)
        .with_context(|| format!("no folder could be made in {}", cli.scratch.display()))?;
    let fdatasync = disk::fdatasync_ms(scratch.path())?;
    println!("one fdatasync of 4 KiB here: {fdatasync:.2} ms (median of 200)");
    match cli.what {
        What::Server => server(&cli, scratch.path(), fdatasync).await,
        What::Rest => {
            let lasts = Duration::from_secs(cli.seconds.into());
            let ours = rest::ours(&cli.server, scratch.path(), lasts).await?;
            let peer = if cli.alone {
                None
            } else {
                Some(rest::peer(&cli.node, &cli.peer, scratch.path(), lasts).await?)
            };
            rest::print(&ours, peer.as_ref(), lasts, fdatasync);
            Ok(())
        }
    }
}

async fn server(cli: &Cli, scratch: &Path, fdatasync: f64) -> Result<()> {
    let descriptors = raise_descriptors(u64::from(cli.connections) + SPARE_DESCRIPTORS);
    let fits = descriptors.saturating_sub(SPARE_DESCRIPTORS);
    let connections = usize::try_from(fits.min(u64::from(cli.connections)))?;
    if connections < cli.connections as usize {
        println!("only {descriptors} descriptors are allowed here: {connections} connections");
    }
    let plan = Plan::new(connections, cli.seconds);
    let ours = ours::measure(&cli.server, scratch, &plan).await?;
    let peer = if cli.alone {
        None
    } else {
        Some(peer::measure(&cli.node, &cli.peer, scratch, &plan).await?)
    };
    Report { plan: &plan, fdatasync_ms: fdatasync, ours, peer }.print();
    Ok(())
}

/// Raises the limit of open files as far as needed and allowed; gives what it is now.
fn raise_descriptors(wanted: u64) -> u64 {
    let now = getrlimit(Resource::Nofile);
    let current = now.current.unwrap_or(u64::MAX);
    if current >= wanted {
        return current;
    }
    let maximum = now.maximum.map(|maximum| maximum.max(wanted));
    for maximum in [maximum, now.maximum] {
        let raised = maximum.map_or(wanted, |maximum| maximum.min(wanted));
        let limit = Rlimit { current: Some(raised), maximum };
        if setrlimit(Resource::Nofile, limit).is_ok() {
            return raised;
        }
    }
    current
}
