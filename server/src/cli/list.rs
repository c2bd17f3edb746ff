//! What the `list` commands print: enough to find a thing again, and never a secret.

use anyhow::Context;
use clap::Args;
use frontdesk_protocol::id::{AccountSid, FlowSid, KeySid, ServiceSid};
use serde::Serialize;

use super::site::embed_tag;
use crate::{
    auth::origin::Origin,
    storage::{Account, IntegrationConfig, KeyRecord, Site, Store, StoreError},
};

/// More than there are of anything that is listed in pieces.
pub(super) const ALL: usize = 100_000;

/// How a list is wanted.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct As {
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// One thing of a list. Its fields' names are a promise to scripts.
pub(super) trait Listed: Serialize {
    /// How people read it, lines and all.
    fn text(&self) -> String;
}

impl As {
    /// As people read it.
    pub(super) const TEXT: Self = Self { json: false };

    /// The list as it is printed.
    pub(super) fn say<T: Listed>(self, things: &[T]) -> anyhow::Result<String> {
        if self.json {
            let text = serde_json::to_string_pretty(things).context("a list is plain JSON")?;
            return Ok(text + "\n");
        }
        Ok(things.iter().map(Listed::text).collect())
    }
}

#[derive(Serialize)]
struct AccountLine {
    account_sid: AccountSid,
    name: String,
}

#[derive(Serialize)]
struct KeyLine {
    api_key_sid: KeySid,
    name: String,
    account_sid: AccountSid,
}

#[derive(Serialize)]
struct ServiceLine {
    service_sid: ServiceSid,
    name: String,
    account_sid: AccountSid,
}

#[derive(Serialize)]
struct FlowLine {
    flex_flow_sid: FlowSid,
    name: String,
    account_sid: AccountSid,
    service_sid: ServiceSid,
    enabled: bool,
    /// `task`, `external` or `studio`.
    integration: &'static str,
}

#[derive(Serialize)]
struct AgentLine {
    /// What they sign in with.
    name: String,
    /// What visitors read.
    display_name: String,
    account_sid: AccountSid,
    enabled: bool,
}

#[derive(Serialize)]
struct SiteLine {
    site_id: String,
    name: String,
    account_sid: AccountSid,
    flex_flow_sid: FlowSid,
    origins: Vec<String>,
    tag: String,
}

impl Listed for AccountLine {
    fn text(&self) -> String {
        format!("{}  {}\n", self.account_sid, self.name)
    }
}

impl Listed for KeyLine {
    fn text(&self) -> String {
        format!("{}  {}\n    of    {}\n", self.api_key_sid, self.name, self.account_sid)
    }
}

impl Listed for ServiceLine {
    fn text(&self) -> String {
        format!("{}  {}\n    of    {}\n", self.service_sid, self.name, self.account_sid)
    }
}

impl Listed for FlowLine {
    fn text(&self) -> String {
        let state = if self.enabled { "" } else { "  (disabled)" };
        let Self { flex_flow_sid, name, account_sid, service_sid, integration, .. } = self;
        format!(
            "{flex_flow_sid}  {name}{state}\n    of    {account_sid}\n    to    {integration}, in \
             {service_sid}\n"
        )
    }
}

impl Listed for AgentLine {
    fn text(&self) -> String {
        let state = if self.enabled { "" } else { "  (disabled)" };
        format!("{}  {}{state}\n", self.name, self.display_name)
    }
}

impl Listed for SiteLine {
    fn text(&self) -> String {
        let on: String =
            self.origins.iter().map(|origin| format!("    on    {origin}\n")).collect();
        let (id, name, flow, tag) = (&self.site_id, &self.name, &self.flex_flow_sid, &self.tag);
        format!("{id}  {name}\n{on}    flow  {flow}\n    tag   {tag}\n")
    }
}

/// Every account.
pub(super) async fn accounts(store: &dyn Store) -> Result<Vec<impl Listed>, StoreError> {
    let line = |Account { sid, name, .. }: Account| AccountLine { account_sid: sid, name };
    Ok(store.accounts().await?.into_iter().map(line).collect::<Vec<_>>())
}

/// Every account's keys.
pub(super) async fn keys(store: &dyn Store) -> Result<Vec<impl Listed>, StoreError> {
    let mut lines = Vec::new();
    for Account { sid, .. } in store.accounts().await? {
        lines.extend(store.key_list(&sid, 0, ALL).await?.into_iter().map(
            |KeyRecord { key, .. }| KeyLine {
                api_key_sid: key.sid,
                name: key.name,
                account_sid: key.account,
            },
        ));
    }
    Ok(lines)
}

/// Every account's services.
pub(super) async fn services(store: &dyn Store) -> Result<Vec<impl Listed>, StoreError> {
    let mut lines = Vec::new();
    for Account { sid, .. } in store.accounts().await? {
        lines.extend(store.services(&sid).await?.into_iter().map(|service| ServiceLine {
            service_sid: service.sid,
            name: service.name,
            account_sid: service.account,
        }));
    }
    Ok(lines)
}

/// Every account's flows.
pub(super) async fn flows(store: &dyn Store) -> Result<Vec<impl Listed>, StoreError> {
    let mut lines = Vec::new();
    for Account { sid, .. } in store.accounts().await? {
        lines.extend(store.flows(&sid).await?.into_iter().map(|flow| FlowLine {
            flex_flow_sid: flow.sid,
            name: flow.name,
            account_sid: flow.account,
            service_sid: flow.service,
            enabled: flow.enabled,
            integration: match flow.integration {
                IntegrationConfig::Task { .. } => "task",
                IntegrationConfig::External => "external",
                IntegrationConfig::Studio => "studio",
            },
        }));
    }
    Ok(lines)
}

/// Every account's agents.
pub(super) async fn agents(store: &dyn Store) -> Result<Vec<impl Listed>, StoreError> {
    let mut lines = Vec::new();
    for Account { sid, .. } in store.accounts().await? {
        lines.extend(store.agents(&sid).await?.into_iter().map(|agent| AgentLine {
            name: agent.identity.to_string(),
            display_name: agent.name,
            account_sid: agent.account,
            enabled: agent.enabled,
        }));
    }
    Ok(lines)
}

/// Sites with their tags, as they stand on pages of this server.
pub(super) fn sites(server: &Origin, sites: Vec<Site>) -> Vec<impl Listed> {
    let line = |site: Site| SiteLine {
        tag: embed_tag(server, &site.id),
        site_id: site.id.to_string(),
        name: site.profile.name,
        account_sid: site.account,
        flex_flow_sid: site.flow,
        origins: site.origins.iter().map(ToString::to_string).collect(),
    };
    sites.into_iter().map(line).collect()
}
