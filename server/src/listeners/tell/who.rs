//! Who hears of something.

use std::sync::Arc;

use frontdesk_protocol::{
    ChannelSid,
    id::{AccountSid, ServiceSid},
};

use super::Teller;
use crate::{
    listeners::{
        Event,
        book::ChannelHooks,
        hooks::{ServiceHooks, webhook_hears},
    },
    storage::{Change, HookMethod, StoreError},
};

/// Where something in a service is told; at least one place.
pub(super) struct Hearers {
    pub(super) service: Arc<ServiceHooks>,
    pub(super) places: Vec<(String, HookMethod)>,
}

impl Teller<'_> {
    /// Who hears of something in a channel, if anybody does. `body` is what is said.
    pub(super) async fn hearers(
        &self,
        channel: &ChannelSid,
        event: Event,
        body: Option<&str>,
    ) -> Result<Option<Hearers>, StoreError> {
        let Some(hooks) = self.hooks(channel).await? else { return Ok(None) };
        let service = hooks.service.hears(event).map(|url| (url, hooks.service.method));
        let own = hooks.webhooks.iter().filter_map(|webhook| {
            webhook_hears(webhook, event, body).map(|url| (url, webhook.method))
        });
        let places = service.into_iter().chain(own);
        let places: Vec<_> = places.map(|(url, method)| (url.to_owned(), method)).collect();
        let service = Arc::clone(&hooks.service);
        Ok((!places.is_empty()).then_some(Hearers { service, places }))
    }

    /// The services of an account that hear of something about its users.
    pub(super) async fn hearers_of_users(
        &self,
        account: &AccountSid,
        event: Event,
    ) -> Result<Vec<Hearers>, StoreError> {
        let all = self.listeners.of_account(account).await?;
        let hearing = all.into_iter().filter_map(|service| {
            let places = vec![(service.hears(event)?.to_owned(), service.method)];
            Some(Hearers { service, places })
        });
        Ok(hearing.collect())
    }

    /// The hooks of a channel, with those that this commit gives it.
    async fn hooks(&self, channel: &ChannelSid) -> Result<Option<Arc<ChannelHooks>>, StoreError> {
        let known = match self.service_of_new(channel) {
            Some(service) => {
                let service = self.listeners.of_service(service).await?;
                service.map(|service| Arc::new(ChannelHooks { service, webhooks: Vec::new() }))
            }
            None => self.listeners.of_channel(channel).await?,
        };
        let Some(mut known) = known else { return Ok(None) };
        for change in self.changes {
            let Change::PutWebhook { channel: at, webhook } = change else { continue };
            if at == channel {
                let hooks = Arc::make_mut(&mut known);
                hooks.webhooks.retain(|known| known.sid != webhook.sid);
                hooks.webhooks.push((**webhook).clone());
            }
        }
        Ok(Some(known))
    }

    /// The service of a channel that this commit opens.
    fn service_of_new(&self, channel: &ChannelSid) -> Option<&ServiceSid> {
        self.changes.iter().find_map(|change| {
            let Change::OpenChannel { sid, service, .. } = change else { return None };
            (sid == channel).then_some(service)
        })
    }
}
