//! `frontdesk webhook`: what was not delivered. What it tells is not shown.

use anyhow::{Context, bail};
use clap::Subcommand;
use frontdesk_protocol::id::AccountSid;
use serde::Serialize;

use super::{
    folder::Folder,
    list::{As, Listed},
};
use crate::{
    config::Config,
    hooks::address::Address,
    http::time,
    storage::{DeadDelivery, Hooks, Streams, delivery_name, sqlite::SqliteStore},
};

/// How many are read at a time.
const PAGE: usize = 500;

#[derive(Debug, Subcommand)]
pub(super) enum WebhookCommand {
    /// Deliveries that were given up
    #[command(subcommand)]
    Dead(DeadCommand),
}

#[derive(Debug, Subcommand)]
pub(super) enum DeadCommand {
    /// List them: id, since when, event, channel or user, address, why
    List(#[command(flatten)] As),
    /// Deliver them again, from the beginning; a running server begins within ten seconds
    Retry {
        /// Only this one
        id: Option<String>,
    },
    /// Forget them
    Drop {
        /// Only this one
        id: Option<String>,
    },
}

pub(super) async fn run(config: Config, command: WebhookCommand) -> anyhow::Result<()> {
    let WebhookCommand::Dead(command) = command;
    let folder = Folder::existing(&config.data)?;
    let store = folder.open_beside().await?;
    let done = dead(&store, command).await;
    store.close().await;
    done
}

#[expect(clippy::print_stdout, reason = "this is the command's answer")]
async fn dead(store: &SqliteStore, command: DeadCommand) -> anyhow::Result<()> {
    match command {
        DeadCommand::List(how) => {
            let lines: Vec<_> = all(store, None).await?.into_iter().map(line).collect();
            print!("{}", how.say(&lines)?);
        }
        DeadCommand::Retry { id } => {
            let mut count = 0_usize;
            for delivery in all(store, id).await? {
                count += usize::from(store.retry_delivery(delivery.id).await?);
            }
            println!("{count} will be delivered again");
        }
        DeadCommand::Drop { id } => {
            let deliveries = all(store, id).await?;
            for delivery in &deliveries {
                store.drop_delivery(delivery.id).await?;
            }
            println!("{} forgotten", deliveries.len());
        }
    }
    Ok(())
}

/// The dead of this id, or all of them.
async fn all(store: &SqliteStore, id: Option<String>) -> anyhow::Result<Vec<DeadDelivery>> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = store.dead_deliveries(after, PAGE).await.context("the queue is not readable")?;
        let Some(last) = page.last() else { break };
        after = last.n;
        all.extend(page);
    }
    if let Some(id) = id {
        all.retain(|delivery| delivery_name(delivery.id) == id);
        if all.is_empty() {
            bail!("there is no dead delivery {id}; `frontdesk webhook dead list` lists them");
        }
    }
    Ok(all)
}

#[derive(Serialize)]
struct DeadLine {
    id: String,
    account_sid: AccountSid,
    /// Since when it is dead: ISO 8601.
    died: String,
    event: String,
    /// The SID of the channel or user.
    about: String,
    /// Without its query, where secrets stand.
    url: String,
    attempts: u32,
    error: String,
}

impl Listed for DeadLine {
    fn text(&self) -> String {
        let Self { id, died, event, about, url, attempts, error, .. } = self;
        let times = if *attempts == 1 { "attempt" } else { "attempts" };
        format!("{id}  {died}  {event}  {about}  {url}  {attempts} {times}  {error}\n")
    }
}

fn line(delivery: DeadDelivery) -> DeadLine {
    let url = Address::parse(&delivery.url).map_or_else(|_| "?".into(), |address| address.url);
    DeadLine {
        id: delivery_name(delivery.id),
        account_sid: delivery.account,
        died: time::iso(delivery.died),
        event: delivery.event,
        about: delivery.lane,
        url: url.split('?').next().unwrap_or_default().to_owned(),
        attempts: delivery.attempts,
        error: delivery.error,
    }
}
