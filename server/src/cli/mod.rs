//! The command line: [`run`] is all that the binary does.

mod agent;
mod backup;
mod complaint;
mod credentials;
mod folder;
mod ids;
mod list;
mod serve;
mod setup;
mod site;
mod webhook;

use std::{net::SocketAddr, path::PathBuf};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};

pub use complaint::complaint;

use crate::{
    auth::origin::Origin,
    config::{self, Config},
    telemetry,
};

/// A website chat that you run alone.
#[derive(Debug, Parser)]
#[command(name = "frontdesk", version, about)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
struct Common {
    /// The data folder [default: data]
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// A configuration file; every setting may also be given as FRONTDESK_NAME
    #[arg(long, global = true, value_name = "FILE", env = "FRONTDESK_CONFIG")]
    config: Option<PathBuf>,
    /// How browsers reach this server, such as https://chat.example.com
    #[arg(long, global = true, value_name = "ORIGIN", value_parser = origin)]
    public_url: Option<Origin>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server
    Serve(ServeArgs),
    /// Sites: where the widget may stand
    #[command(subcommand)]
    Site(site::SiteCommand),
    /// Agents: who answers
    #[command(subcommand)]
    Agent(agent::AgentCommand),
    /// Accounts
    #[command(subcommand)]
    Account(ids::AccountCommand),
    /// Flows: what handles a chat
    #[command(subcommand)]
    Flow(ids::FlowCommand),
    /// Chat services
    #[command(subcommand)]
    Service(ids::ServiceCommand),
    /// API keys
    #[command(subcommand)]
    Key(ids::KeyCommand),
    /// Webhooks: what was not delivered
    #[command(subcommand)]
    Webhook(webhook::WebhookCommand),
    /// Write everything to one file; the server may be running
    Backup {
        /// A file that is not there yet
        file: PathBuf,
    },
    /// Put a backup in the place of the data; the server must be stopped
    Restore {
        /// What `frontdesk backup` wrote
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
struct ServeArgs {
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// The certificate chain, PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Its private key, PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Show a demo page at /
    #[arg(long)]
    demo: bool,
}

/// A name for people: something to read, without spaces around it.
fn name(text: &str) -> Result<String, String> {
    let fits = !text.is_empty() && text.trim() == text && text.chars().count() <= 256;
    if fits && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err("a name is 1 to 256 characters, without spaces around it or control characters".into())
    }
}

fn origin(text: &str) -> Result<Origin, String> {
    Origin::parse_lenient(text).map_err(|error| error.to_string())
}

/// Reads the command line and does what it says.
///
/// # Errors
/// A sentence for the person at the terminal.
pub fn run() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let config = configure(&cli)?;
    telemetry::start(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve(_) => serve::run(config).await,
            Command::Site(command) => site::run(config, command).await,
            Command::Agent(command) => agent::run(config, command).await,
            Command::Account(command) => ids::run(config, ids::IdCommand::Account(command)).await,
            Command::Flow(command) => ids::run(config, ids::IdCommand::Flow(command)).await,
            Command::Service(command) => ids::run(config, ids::IdCommand::Service(command)).await,
            Command::Key(command) => ids::run(config, ids::IdCommand::Key(command)).await,
            Command::Webhook(command) => webhook::run(config, command).await,
            Command::Backup { file } => backup::backup(config, &file).await,
            Command::Restore { file } => backup::restore(config, &file).await,
        }
    })
}

/// Defaults, then the file, then the environment, then the command line.
fn configure(cli: &Cli) -> anyhow::Result<Config> {
    let mut config = Config::default();
    if let Some(path) = &cli.common.config {
        config::from_file(&mut config, path)?;
    }
    config::from_env(&mut config, std::env::vars())?;
    let Common { data, config: _, public_url } = &cli.common;
    if let Some(data) = data {
        config.data.clone_from(data);
    }
    if public_url.is_some() {
        config.public_url.clone_from(public_url);
    }
    if let Command::Serve(args) = &cli.command {
        config.listen = args.listen.unwrap_or(config.listen);
        config.demo |= args.demo;
        if args.tls_cert.is_some() {
            config.tls_cert.clone_from(&args.tls_cert);
            config.tls_key.clone_from(&args.tls_key);
        }
    }
    anyhow::ensure!(
        config.tls_cert.is_some() == config.tls_key.is_some(),
        "`tls_cert` and `tls_key` are given together or not at all"
    );
    Ok(config)
}
