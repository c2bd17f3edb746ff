//! `frontdesk account`, `flow`, `service` and `key`: identifiers that pages and scripts hold
//! already, taken over from the retired service, and new ones.

use std::io::Read;

use anyhow::{Context, bail, ensure};
use clap::{Args, Subcommand};
use frontdesk_protocol::{
    QueueSid,
    id::{AccountSid, FlowSid, KeySid, Kind, ServiceSid, Sid},
};

use super::{
    folder::Folder,
    list::{self, As, Listed},
};
use crate::{
    auth::secret_text,
    config::Config,
    random::{Random, SystemRandom},
    storage::{
        Account, ApiKey, Flow, IntegrationConfig, Queue, Service, Store, StoreError, Streams,
    },
};

/// A command about something with a SID.
#[derive(Debug)]
pub(super) enum IdCommand {
    Account(AccountCommand),
    Flow(FlowCommand),
    Service(ServiceCommand),
    Key(KeyCommand),
}

#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// Add an account under the SID that it has elsewhere, with a queue
    Adopt {
        /// Its SID: AC and 32 hex digits
        #[arg(long, value_parser = sid::<frontdesk_protocol::id::Account>)]
        account_sid: AccountSid,
        /// Read its auth token from standard input instead of making one
        #[arg(long)]
        auth_token_stdin: bool,
    },
    /// List the accounts
    List(#[command(flatten)] As),
}

/// Whose it is.
#[derive(Debug, Args)]
pub(super) struct Owner {
    /// The account [default: the only one]
    #[arg(long, value_name = "SID", value_parser = sid::<frontdesk_protocol::id::Account>)]
    account: Option<AccountSid>,
    /// Its name, for people
    #[arg(long, value_parser = super::name)]
    name: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum FlowCommand {
    /// List the flows
    List(#[command(flatten)] As),
    /// Add a flow that queues chats for agents
    Add {
        /// Its SID, if it has one already: FO and 32 hex digits
        #[arg(long, value_parser = sid::<frontdesk_protocol::id::Flow>)]
        sid: Option<FlowSid>,
        #[command(flatten)]
        owner: Owner,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum ServiceCommand {
    /// List the chat services
    List(#[command(flatten)] As),
    /// Add a chat service
    Add {
        /// Its SID, if it has one already: IS and 32 hex digits
        #[arg(long, value_parser = sid::<frontdesk_protocol::id::Service>)]
        sid: Option<ServiceSid>,
        #[command(flatten)]
        owner: Owner,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// List the keys, without their secrets
    List(#[command(flatten)] As),
    /// Add an API key: it signs access tokens and authenticates over HTTP
    Add {
        /// Its SID, if it has one already: SK and 32 hex digits
        #[arg(long, value_parser = sid::<frontdesk_protocol::id::Key>)]
        sid: Option<KeySid>,
        /// Read its secret from standard input instead of making one
        #[arg(long)]
        secret_stdin: bool,
        #[command(flatten)]
        owner: Owner,
    },
    /// Give a key up: what it signed is refused from now on
    Remove {
        /// Its SID
        #[arg(value_parser = sid::<frontdesk_protocol::id::Key>)]
        sid: KeySid,
    },
}

/// Reads a SID of the kind `K`.
pub(super) fn sid<K: Kind + 'static>(text: &str) -> Result<Sid<K>, String> {
    Sid::parse(text).map_err(|error| error.to_string())
}

pub(super) async fn run(config: Config, command: IdCommand) -> anyhow::Result<()> {
    let store = Folder::existing(&config.data)?.open_beside().await?;
    let done = match command {
        IdCommand::Account(AccountCommand::Adopt { account_sid, auth_token_stdin }) => {
            adopt(&store, account_sid, auth_token_stdin).await
        }
        IdCommand::Flow(FlowCommand::Add { sid, owner }) => add_flow(&store, sid, owner).await,
        IdCommand::Service(ServiceCommand::Add { sid, owner }) => {
            add_service(&store, sid, owner).await
        }
        IdCommand::Key(KeyCommand::Add { sid, secret_stdin, owner }) => {
            add_key(&store, sid, secret_stdin, owner).await
        }
        IdCommand::Key(KeyCommand::Remove { sid }) => remove_key(&store, &sid).await,
        IdCommand::Account(AccountCommand::List(how)) => listed(how, list::accounts(&store).await),
        IdCommand::Flow(FlowCommand::List(how)) => listed(how, list::flows(&store).await),
        IdCommand::Service(ServiceCommand::List(how)) => listed(how, list::services(&store).await),
        IdCommand::Key(KeyCommand::List(how)) => listed(how, list::keys(&store).await),
    };
    store.close().await;
    done.map(|said| print(&said))
}

#[expect(clippy::print_stdout, reason = "this is the command's answer")]
fn print(said: &str) {
    print!("{said}");
}

async fn adopt(store: &dyn Store, sid: AccountSid, given: bool) -> anyhow::Result<String> {
    ensure!(store.account(&sid).await?.is_none(), "there is an account {sid} already");
    let auth_token = if given { read_secret()? } else { format!("{:032x}", SystemRandom.bits()) };
    let name = "Adopted".to_owned();
    store.put_account(Account { sid: sid.clone(), name, auth_token: auth_token.clone() }).await?;
    let queue = QueueSid::from_bits(SystemRandom.bits());
    store.put_queue(Queue { sid: queue, account: sid.clone(), name: "Everyone".into() }).await?;
    let shown = if given { String::new() } else { format!("auth token  {auth_token}\n") };
    Ok(format!("account     {sid}\n{shown}"))
}

fn listed(how: As, things: Result<Vec<impl Listed>, StoreError>) -> anyhow::Result<String> {
    how.say(&things?)
}

async fn add_service(
    store: &dyn Store,
    sid: Option<ServiceSid>,
    owner: Owner,
) -> anyhow::Result<String> {
    let account = self::owner(store, owner.account.as_ref()).await?;
    let sid = sid.unwrap_or_else(|| ServiceSid::from_bits(SystemRandom.bits()));
    ensure!(store.service(&sid).await?.is_none(), "there is a service {sid} already");
    let name = owner.name.unwrap_or_else(|| "Chat".into());
    store.put_service(Service { sid: sid.clone(), account, name }).await?;
    Ok(format!("service  {sid}\n"))
}

async fn add_flow(store: &dyn Store, sid: Option<FlowSid>, owner: Owner) -> anyhow::Result<String> {
    let account = self::owner(store, owner.account.as_ref()).await?;
    let sid = sid.unwrap_or_else(|| FlowSid::from_bits(SystemRandom.bits()));
    ensure!(store.flow(&sid).await?.is_none(), "there is a flow {sid} already");
    let service = store.services(&account).await?.into_iter().next();
    let service =
        service.context("the account has no service; `frontdesk service add` adds one")?.sid;
    let queue = store.queues(&account).await?.into_iter().next();
    let queue = queue.context("the account has no queue")?.sid;
    let integration = IntegrationConfig::Task { queue };
    let name = owner.name.unwrap_or_else(|| "Web chat".into());
    let flow = Flow { sid: sid.clone(), account, service, name, enabled: true, integration };
    store.put_flow(flow).await?;
    Ok(format!("flow  {sid}\n"))
}

async fn add_key(
    store: &dyn Store,
    sid: Option<KeySid>,
    given: bool,
    owner: Owner,
) -> anyhow::Result<String> {
    let account = self::owner(store, owner.account.as_ref()).await?;
    let sid = sid.unwrap_or_else(|| KeySid::from_bits(SystemRandom.bits()));
    ensure!(store.api_key(&sid).await?.is_none(), "there is a key {sid} already");
    let secret = if given { read_secret()? } else { secret_text(&SystemRandom.secret()) };
    let name = owner.name.unwrap_or_else(|| "Key".into());
    store.put_api_key(ApiKey { sid: sid.clone(), account, name, secret: secret.clone() }).await?;
    let shown = if given { String::new() } else { format!("secret  {secret}\n") };
    Ok(format!("key     {sid}\n{shown}"))
}

async fn remove_key(store: &dyn Store, sid: &KeySid) -> anyhow::Result<String> {
    ensure!(store.api_key(sid).await?.is_some(), "there is no key {sid}");
    store.delete_api_key(sid).await?;
    Ok(format!("key     {sid} is removed\n"))
}

/// The account that is named, or the only one there is.
pub(super) async fn owner(
    store: &dyn Store,
    wanted: Option<&AccountSid>,
) -> anyhow::Result<AccountSid> {
    let accounts = store.accounts().await?;
    if let Some(wanted) = wanted {
        let known = accounts.into_iter().find(|account| account.sid == *wanted);
        return Ok(known.with_context(|| format!("there is no account {wanted}"))?.sid);
    }
    match &accounts[..] {
        [only] => Ok(only.sid.clone()),
        [] => bail!("there is no account; start the server once"),
        [..] => bail!("there are several accounts; name one with --account"),
    }
}

/// A secret that somebody has already: one line of standard input.
fn read_secret() -> anyhow::Result<String> {
    let mut text = String::new();
    std::io::stdin().take(1_025).read_to_string(&mut text).context("cannot read the secret")?;
    let secret = text.trim_end_matches(['\r', '\n']);
    let clean = secret.bytes().all(|byte| byte.is_ascii_graphic());
    ensure!(
        (16..=1_024).contains(&secret.len()) && clean,
        "a secret has 16 to 1,024 plain characters and no spaces"
    );
    Ok(secret.to_owned())
}
