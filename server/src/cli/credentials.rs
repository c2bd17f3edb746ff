//! `credentials.json`: what the first start made, for the owner's scripts.

use std::path::Path;

use anyhow::Context;
use frontdesk_protocol::id::{AccountSid, FlowSid, KeySid, ServiceSid};
use serde::{Deserialize, Serialize};

use super::folder::write_private;
use crate::{
    auth::{origin::Origin, password, secret_text},
    config::Config,
    random::Random,
    storage::SiteId,
};

/// The file's content. Its keys are a promise to scripts.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Credentials {
    pub(super) account_sid: AccountSid,
    pub(super) auth_token: String,
    pub(super) api_key_sid: KeySid,
    pub(super) api_key_secret: String,
    pub(super) service_sid: ServiceSid,
    pub(super) flex_flow_sid: FlowSid,
    pub(super) studio_flow_sid: Option<String>,
    pub(super) site_id: String,
    pub(super) agent: AgentCredentials,
    pub(super) public_url: String,
}

/// The first agent.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct AgentCredentials {
    pub(super) name: String,
    /// Empty once the agent has one that a person chose: that is nobody's to read.
    pub(super) password: String,
}

impl Credentials {
    pub(super) fn generate(random: &dyn Random, origin: &Origin) -> Self {
        Self {
            account_sid: AccountSid::from_bits(random.bits()),
            // The retired service's auth tokens are 32 hex digits; its tools check for that.
            auth_token: format!("{:032x}", random.bits()),
            api_key_sid: KeySid::from_bits(random.bits()),
            api_key_secret: secret_text(&random.secret()),
            service_sid: ServiceSid::from_bits(random.bits()),
            flex_flow_sid: FlowSid::from_bits(random.bits()),
            studio_flow_sid: None,
            site_id: SiteId::from_bits(random.bits()).to_string(),
            agent: AgentCredentials {
                name: "agent".into(),
                password: password::generate(random.bits()),
            },
            public_url: origin.to_string(),
        }
    }

    /// Where the server is reached: as configured, else as it was when it last started.
    pub(super) fn server(config: &Config, path: &Path) -> Origin {
        let known = || {
            let made = Self::read(path).ok().flatten()?;
            Origin::parse(&made.public_url).ok()
        };
        config.public_url.clone().or_else(known).unwrap_or_else(|| config.origin())
    }

    /// What the file says; `None` if it is not there.
    pub(super) fn read(path: &Path) -> anyhow::Result<Option<Self>> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", path.display()));
            }
        };
        let credentials = serde_json::from_str(&text)
            .with_context(|| format!("{} is not what this program wrote", path.display()))?;
        Ok(Some(credentials))
    }

    /// Puts a new password of the file's agent in the place of the old one: what this program made,
    /// or `None` for one that a person chose. Other agents' passwords are in no file.
    ///
    /// # Errors
    /// The file cannot be read or written; the old password stays in it.
    pub(super) fn renew_password(
        path: &Path,
        account: &AccountSid,
        name: &str,
        made: Option<&str>,
    ) -> anyhow::Result<()> {
        let Some(mut known) = Self::read(path)? else { return Ok(()) };
        if known.account_sid != *account || known.agent.name != name {
            return Ok(());
        }
        known.agent.password = made.unwrap_or_default().to_owned();
        known.write(path)
    }

    pub(super) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(self).context("credentials are plain JSON")?;
        write_private(path, &format!("{text}\n"))
            .with_context(|| format!("cannot write {}", path.display()))
    }
}
