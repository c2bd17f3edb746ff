//! Frontdesk's chores as one program: `cargo xtask` lists them.
//!
//! One file a command. Programs and caches come from what `make setup` found
//! ([`setup`]); every command a chore starts goes through [`process`].

mod bench;
mod dev;
mod dist;
mod e2e;
mod process;
mod setup;
mod size;
mod test;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// Frontdesk's chores.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the widget, the console and the loader into ./dist, compressed.
    Dist,
    /// Measure what a visitor downloads; fails over budget.
    Size,
    /// Run one end-to-end suite, or `all`; without a name, list them.
    E2e {
        /// A folder under tests/e2e, or `all`.
        name: Option<String>,
    },
    /// Run one benchmark; without a name, list them.
    Bench {
        /// The benchmark's name.
        name: Option<String>,
        /// What the benchmark itself takes.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Run every check there is, as CI does.
    Test {
        /// Only these stages (a wrong name lists them).
        stages: Vec<String>,
    },
    /// Run the server and `trunk serve` with reload, until Ctrl-C.
    Dev {
        /// The server's port; the widget's page is on the next one.
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// List the commands.
    Help,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().command {
        None | Some(Command::Help) => list_commands(),
        Some(Command::Dist) => dist::run(),
        Some(Command::Size) => size::run(),
        Some(Command::E2e { name }) => e2e::run(name.as_deref()),
        Some(Command::Bench { name, args }) => bench::run(name.as_deref(), &args),
        Some(Command::Test { stages }) => test::run(&stages),
        Some(Command::Dev { port }) => dev::run(port),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn list_commands() -> anyhow::Result<()> {
    Cli::command().print_help()?;
    Ok(())
}
