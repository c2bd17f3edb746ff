//! `frontdesk site`: where the widget may stand.

use anyhow::{Context, bail};
use clap::Subcommand;
use frontdesk_protocol::id::{AccountSid, FlowSid};

use super::{
    credentials::Credentials,
    folder::Folder,
    ids::owner,
    list::{self, ALL, As},
    setup::profile,
};
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
        #[arg(long, required_unless_present = "site", value_parser = super::origin)]
        origin: Vec<Origin>,
        /// The flow of chats that are opened there [default: the account's oldest enabled one]
        #[arg(long, value_name = "SID", value_parser = super::ids::sid::<frontdesk_protocol::id::Flow>)]
        flow: Option<FlowSid>,
        /// What visitors read at the top [default: the host's name]
        #[arg(long, value_parser = super::name)]
        name: Option<String>,
        /// Make another site where there is one with this Origin
        #[arg(long, conflicts_with = "site")]
        new: bool,
        /// Add the Origin to this site, or give it the name or the flow, instead of making a new one
        #[arg(long, value_name = "SITE_ID")]
        site: Option<String>,
        /// The account of a new site [default: the only one]
        #[arg(long, value_name = "SID", value_parser = super::ids::sid::<frontdesk_protocol::id::Account>)]
        account: Option<AccountSid>,
    },
    /// List the sites
    List(#[command(flatten)] As),
}

pub(super) async fn run(config: Config, command: SiteCommand) -> anyhow::Result<()> {
    let folder = Folder::existing(&config.data)?;
    let server = Credentials::server(&config, &folder.credentials());
    let store = folder.open_beside().await?;
    let done = match command {
        SiteCommand::Add { origin, flow, name, site: None, new, account } => {
            add(&store, account.as_ref(), flow, origin, name, new).await
        }
        SiteCommand::Add { origin, flow, name, site: Some(id), new: _, account: _ } => {
            extend(&store, &id, flow, origin, name).await
        }
        SiteCommand::List(how) => all(&store).await.map(|sites| (how, sites)),
    };
    let said = done.and_then(|(how, sites)| how.say(&list::sites(&server, sites)));
    store.close().await;
    said.map(|said| print(&said))
}

async fn add(
    store: &dyn Store,
    account: Option<&AccountSid>,
    flow: Option<FlowSid>,
    origins: Vec<Origin>,
    name: Option<String>,
    new: bool,
) -> anyhow::Result<(As, Vec<Site>)> {
    let account = owner(store, account).await?;
    if !new {
        let known = known(store, &account, &origins).await?;
        if !known.is_empty() {
            complain("there is a site with this Origin already; --new makes another one");
            return Ok((As::TEXT, known));
        }
    }
    let flow = match flow {
        Some(sid) => of_account(store, &account, sid).await?,
        None => oldest(store, &account).await?,
    };
    let host = || {
        let origin = origins.first().map_or("", Origin::as_str);
        origin.split_once("://").map_or(origin, |(_, host)| host).to_owned()
    };
    let site = Site {
        id: SiteId::from_bits(SystemRandom.bits()),
        account,
        flow,
        profile: profile(&name.unwrap_or_else(host)),
        origins,
    };
    store.put_site(site.clone()).await?;
    Ok((As::TEXT, vec![site]))
}

/// The account's oldest flow that opens chats.
async fn oldest(store: &dyn Store, account: &AccountSid) -> anyhow::Result<FlowSid> {
    let flows = store.flow_list(account, None, 0, ALL).await?;
    let open = flows.into_iter().map(|record| record.flow).find(|flow| flow.enabled);
    Ok(open.context("the account has no enabled flow; name one with --flow")?.sid)
}

/// A flow, if it is the account's.
async fn of_account(
    store: &dyn Store,
    account: &AccountSid,
    sid: FlowSid,
) -> anyhow::Result<FlowSid> {
    let flow = store.flow(&sid).await?.filter(|flow| flow.account == *account);
    let what = || format!("there is no flow {sid}; `frontdesk flow list` lists them");
    Ok(flow.with_context(what)?.sid)
}

/// The account's sites that have all of these Origins.
///
/// # Errors
/// A site has some of them: whether the others belong to it, only its owner can say.
async fn known(
    store: &dyn Store,
    account: &AccountSid,
    origins: &[Origin],
) -> anyhow::Result<Vec<Site>> {
    let sites = store.sites(account).await?;
    let has = |site: &Site, origin: &Origin| site.origins.contains(origin);
    let (all, others): (Vec<_>, Vec<_>) =
        sites.into_iter().partition(|site| origins.iter().all(|origin| has(site, origin)));
    if all.is_empty()
        && let Some((site, origin)) = others
            .iter()
            .find_map(|site| Some((site, origins.iter().find(|origin| has(site, origin))?)))
    {
        bail!(
            "the site {} has {origin} already; --site {} adds the others to it, --new makes \
             another site with all of them",
            site.id,
            site.id
        );
    }
    Ok(all)
}

async fn extend(
    store: &dyn Store,
    id: &str,
    flow: Option<FlowSid>,
    origins: Vec<Origin>,
    name: Option<String>,
) -> anyhow::Result<(As, Vec<Site>)> {
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
    if let Some(sid) = flow {
        site.flow = of_account(store, &site.account, sid).await?;
    }
    store.put_site(site.clone()).await?;
    Ok((As::TEXT, vec![site]))
}

async fn all(store: &dyn Store) -> anyhow::Result<Vec<Site>> {
    let mut sites = Vec::new();
    for account in store.accounts().await? {
        sites.extend(store.sites(&account.sid).await?);
    }
    Ok(sites)
}

#[expect(clippy::print_stdout, reason = "this is the command's answer")]
fn print(said: &str) {
    print!("{said}");
}

#[expect(clippy::print_stderr, reason = "this is for the person at the terminal")]
fn complain(words: &str) {
    eprintln!("{words}");
}

/// What stands in a page.
pub(super) fn embed_tag(server: &Origin, site: &SiteId) -> String {
    format!(r#"<script async src="{server}/frontdesk.js?site={site}"></script>"#)
}
