//! `frontdesk site`: where the widget may stand.

use anyhow::{Context, bail};
use clap::Subcommand;
use frontdesk_protocol::id::AccountSid;

use super::{credentials::Credentials, folder::Folder, ids::owner, setup::profile};
use crate::{
    auth::origin::Origin,
    config::Config,
    random::{Random, SystemRandom},
    storage::{Site, SiteId, Store, Streams},
};

#[derive(Debug, Subcommand)]
pub(super) enum SiteCommand {
    /// Add a site, or another Origin to one, and print the tag for its pages
    Add {
        /// Where the pages are: https://example.com, without a path
        #[arg(long, required = true, value_parser = super::origin)]
        origin: Vec<Origin>,
        /// What visitors read at the top [default: the host's name]
        #[arg(long)]
        name: Option<String>,
        /// Add the Origin to this site instead of making a new one
        #[arg(long, value_name = "SITE_ID")]
        site: Option<String>,
        /// The account of a new site [default: the only one]
        #[arg(long, value_name = "SID", value_parser = super::ids::sid::<frontdesk_protocol::id::Account>)]
        account: Option<AccountSid>,
    },
    /// List the sites
    List,
}

pub(super) async fn run(config: Config, command: SiteCommand) -> anyhow::Result<()> {
    let folder = Folder::existing(&config.data)?;
    let server = Credentials::server(&config, &folder.credentials());
    let store = folder.open_beside().await?;
    let done = match command {
        SiteCommand::Add { origin, name, site: None, account } => {
            add(&store, account.as_ref(), origin, name).await
        }
        SiteCommand::Add { origin, name, site: Some(id), account: _ } => {
            extend(&store, &id, origin, name).await
        }
        SiteCommand::List => list(&store).await,
    };
    let printed = done.map(|sites| print(&server, &sites));
    store.close().await;
    printed
}

async fn add(
    store: &dyn Store,
    account: Option<&AccountSid>,
    origins: Vec<Origin>,
    name: Option<String>,
) -> anyhow::Result<Vec<Site>> {
    let account = owner(store, account).await?;
    let flows = store.flows(&account).await?;
    let flow = flows.into_iter().next().context("the account has no flow")?;
    for known in store.sites(&account).await? {
        if let Some(origin) = origins.iter().find(|origin| known.origins.contains(origin)) {
            tracing::warn!(%origin, site = %known.id, "another site has this origin too");
        }
    }
    let host = || {
        let origin = origins.first().map_or("", Origin::as_str);
        origin.split_once("://").map_or(origin, |(_, host)| host).to_owned()
    };
    let site = Site {
        id: SiteId::from_bits(SystemRandom.bits()),
        account,
        flow: flow.sid,
        profile: profile(&name.unwrap_or_else(host)),
        origins,
    };
    store.put_site(site.clone()).await?;
    Ok(vec![site])
}

async fn extend(
    store: &dyn Store,
    id: &str,
    origins: Vec<Origin>,
    name: Option<String>,
) -> anyhow::Result<Vec<Site>> {
    let found = match SiteId::parse(id) {
        Some(id) => store.site(&id).await?,
        None => None,
    };
    let Some(mut site) = found else {
        bail!("there is no site {id}; `frontdesk site list` lists them");
    };
    for origin in origins {
        if !site.origins.contains(&origin) {
            site.origins.push(origin);
        }
    }
    if let Some(name) = name {
        site.profile.name = name;
    }
    store.put_site(site.clone()).await?;
    Ok(vec![site])
}

async fn list(store: &dyn Store) -> anyhow::Result<Vec<Site>> {
    let mut sites = Vec::new();
    for account in store.accounts().await? {
        sites.extend(store.sites(&account.sid).await?);
    }
    Ok(sites)
}

#[expect(clippy::print_stdout, reason = "this is the command's answer")]
fn print(server: &Origin, sites: &[Site]) {
    for site in sites {
        println!("{}  {}", site.id, site.profile.name);
        for origin in &site.origins {
            println!("    on    {origin}");
        }
        println!("    tag   {}", embed_tag(server, &site.id));
    }
}

/// What stands in a page.
pub(super) fn embed_tag(server: &Origin, site: &SiteId) -> String {
    format!(r#"<script async src="{server}/frontdesk.js?site={site}"></script>"#)
}
