//! `frontdesk agent`: who answers.

use std::{io::Read, path::Path};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use frontdesk_protocol::{Identity, id::AccountSid};

use super::{
    credentials::Credentials,
    folder::Folder,
    ids::owner,
    list::{self, As},
    setup,
};
use crate::{
    auth::{
        origin::Origin,
        password::{self, Passwords},
        session,
    },
    clock::{Clock, SystemClock},
    config::Config,
    random::{Random, SystemRandom},
    storage::{Store, Streams},
};

#[derive(Debug, Subcommand)]
pub(super) enum AgentCommand {
    /// Add an agent and print their password
    Add(Who),
    /// Give an agent a new password, print it, and sign them out everywhere
    Password(Who),
    /// List the agents
    List(#[command(flatten)] As),
}

#[derive(Debug, Args)]
pub(super) struct Who {
    /// The name to sign in with
    name: String,
    /// Read the password from standard input instead of making one
    #[arg(long)]
    password_stdin: bool,
    /// The account [default: the only one]
    #[arg(long, value_name = "SID", value_parser = super::ids::sid::<frontdesk_protocol::id::Account>)]
    account: Option<AccountSid>,
}

pub(super) async fn run(config: Config, command: AgentCommand) -> anyhow::Result<()> {
    let folder = Folder::existing(&config.data)?;
    let server = Credentials::server(&config, &folder.credentials());
    let store = folder.open_beside().await?;
    let place = Place { store: &store, server: &server, credentials: &folder.credentials() };
    let done = match command {
        AgentCommand::Add(who) => put(place, who, false).await,
        AgentCommand::Password(who) => put(place, who, true).await,
        AgentCommand::List(how) => list(&store, how).await,
    };
    store.close().await;
    done
}

/// Where agents are.
struct Place<'a> {
    store: &'a dyn Store,
    server: &'a Origin,
    credentials: &'a Path,
}

#[expect(clippy::print_stdout, reason = "this is the command's answer")]
async fn put(place: Place<'_>, who: Who, known: bool) -> anyhow::Result<()> {
    let Place { store, server, credentials } = place;
    let account = owner(store, who.account.as_ref()).await?;
    let identity = Identity::parse(&who.name)
        .context("a name is 1 to 256 characters, none of them a control character")?;
    let agent = store.agent(&account, &identity).await?;
    if !known && let Err(why) = super::name(&who.name) {
        bail!("{why}");
    }
    let queue = match (agent, known) {
        (Some(_), false) => bail!(
            "there is an agent {} already; `frontdesk agent password` gives a new password",
            who.name
        ),
        (None, true) => bail!("there is no agent {}; `frontdesk agent list` lists them", who.name),
        (Some(agent), true) => agent.queue,
        (None, false) => {
            let queues = store.queues(&account).await?;
            queues.into_iter().next().context("the account has no queue")?.sid
        }
    };
    let password =
        if who.password_stdin { read_password()? } else { password::generate(SystemRandom.bits()) };
    let passwords = Passwords::new(1, SystemRandom.bits().to_le_bytes());
    let sid = &account;
    setup::add_agent(store, &SystemRandom, &passwords, sid, &queue, &who.name, &password).await?;
    let ended = session::end_all(store, sid, &identity, SystemClock.now()).await?;
    let made = (!who.password_stdin).then_some(password.as_str());
    let written = Credentials::renew_password(credentials, sid, &who.name, made);
    println!("agent     {}", who.name);
    if let Some(password) = made {
        println!("password  {password}");
    }
    println!("console   {server}/console/");
    if known {
        let consoles = if ended == 1 { "console" } else { "consoles" };
        println!("signed out of {ended} {consoles}");
    }
    // Last, because the password above is the agent's already.
    written.context("the password is changed, but not in credentials.json")
}

fn read_password() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().take(1_025).read_to_string(&mut text).context("cannot read the password")?;
    let password = text.trim_end_matches(['\r', '\n']);
    let length = password.chars().count();
    anyhow::ensure!(
        length >= 10 && password.len() <= 1_024,
        "a password has at least 10 characters, and at most 1,024 bytes"
    );
    Ok(password.to_owned())
}

#[expect(clippy::print_stdout, reason = "this is the command's answer")]
async fn list(store: &dyn Store, how: As) -> anyhow::Result<()> {
    print!("{}", how.say(&list::agents(store).await?)?);
    Ok(())
}
