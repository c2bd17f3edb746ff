//! Which hooks there are, without asking the store each time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use frontdesk_protocol::{
    ChannelSid,
    id::{AccountSid, ServiceSid},
};

use super::hooks::ServiceHooks;
use crate::storage::{NewWebhook, Store, StoreError, WEBHOOKS_PER_CHANNEL};

/// Most channels, and most services, whose hooks are known at a time.
const KNOWN: usize = 4_096;
/// Most services of an account that are looked at, one page after another.
const PAGE: usize = 1_000;

/// Who hears of what. Cheap to clone; all clones are the same.
///
/// Where nobody has a hook, nothing is read for a message. Where somebody has one, a channel's hooks
/// are read once, and again after they were changed: whoever changes hooks says so.
#[derive(Clone)]
pub struct Listeners {
    pub(super) store: Arc<dyn Store>,
    known: Arc<Mutex<Known>>,
}

/// The hooks that what happens in a channel is told to.
#[derive(Debug, Clone)]
pub(super) struct ChannelHooks {
    pub(super) service: Arc<ServiceHooks>,
    pub(super) webhooks: Vec<NewWebhook>,
}

#[derive(Debug, Default)]
struct Known {
    /// How often something was changed. What was read before a change is not kept after it.
    changes: u64,
    /// Whether there is any hook at all.
    any: Option<bool>,
    services: HashMap<ServiceSid, Arc<ServiceHooks>>,
    channels: HashMap<ChannelSid, Arc<ChannelHooks>>,
}

impl std::fmt::Debug for Listeners {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listeners").finish_non_exhaustive()
    }
}

impl Listeners {
    /// The hooks in a store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, known: Arc::default() }
    }

    /// A service's settings were changed.
    pub fn service_changed(&self) {
        let mut known = self.known();
        let changes = known.changes + 1;
        *known = Known { changes, ..Known::default() };
    }

    /// A channel's webhooks were changed.
    pub(super) fn channel_changed(&self, channel: &ChannelSid) {
        let mut known = self.known();
        known.changes += 1;
        known.any = None;
        known.channels.remove(channel);
    }

    /// Whether there is any hook at all.
    pub(super) async fn is_any(&self) -> Result<bool, StoreError> {
        let (any, before) = {
            let known = self.known();
            (known.any, known.changes)
        };
        if let Some(any) = any {
            return Ok(any);
        }
        let any = self.look().await?;
        let mut known = self.known();
        if known.changes == before {
            known.any = Some(any);
        }
        Ok(any)
    }

    async fn look(&self) -> Result<bool, StoreError> {
        if self.store.has_webhooks().await? {
            return Ok(true);
        }
        for account in self.store.accounts().await? {
            let hooks = self.of_account(&account.sid).await?;
            if hooks.iter().any(|hooks| hooks.is_some()) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The hooks of all services of an account.
    pub(super) async fn of_account(
        &self,
        account: &AccountSid,
    ) -> Result<Vec<Arc<ServiceHooks>>, StoreError> {
        let mut all = Vec::new();
        let mut after = 0;
        loop {
            let page = self.store.service_list(account, after, PAGE).await?;
            all.extend(page.iter().map(|record| Arc::new(ServiceHooks::of(record))));
            match page.last().filter(|_| page.len() == PAGE) {
                Some(last) => after = last.n,
                None => return Ok(all),
            }
        }
    }

    /// The hooks of a service, if it is there.
    pub(super) async fn of_service(
        &self,
        service: &ServiceSid,
    ) -> Result<Option<Arc<ServiceHooks>>, StoreError> {
        let before = {
            let known = self.known();
            if let Some(hooks) = known.services.get(service) {
                return Ok(Some(Arc::clone(hooks)));
            }
            known.changes
        };
        let Some(record) = self.store.service(service).await? else { return Ok(None) };
        let hooks = Arc::new(ServiceHooks::of(&record));
        let mut known = self.known();
        if known.changes == before {
            make_room(&mut known.services);
            known.services.insert(service.clone(), Arc::clone(&hooks));
        }
        Ok(Some(hooks))
    }

    /// The hooks of a channel, if it is there.
    pub(super) async fn of_channel(
        &self,
        channel: &ChannelSid,
    ) -> Result<Option<Arc<ChannelHooks>>, StoreError> {
        let before = {
            let known = self.known();
            if let Some(hooks) = known.channels.get(channel) {
                return Ok(Some(Arc::clone(hooks)));
            }
            known.changes
        };
        let Some(record) = self.store.channel(channel).await? else { return Ok(None) };
        let Some(service) = self.of_service(&record.service).await? else { return Ok(None) };
        let webhooks = self.store.webhooks(channel, 0, WEBHOOKS_PER_CHANNEL).await?;
        let webhooks = webhooks.into_iter().map(|record| record.webhook).collect();
        let hooks = Arc::new(ChannelHooks { service, webhooks });
        let mut known = self.known();
        if known.changes == before {
            make_room(&mut known.channels);
            known.channels.insert(channel.clone(), Arc::clone(&hooks));
        }
        Ok(Some(hooks))
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_room<K, V>(map: &mut HashMap<K, V>) {
    if map.len() >= KNOWN {
        map.clear();
    }
}
