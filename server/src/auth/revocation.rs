//! Which lines of tokens are revoked, at hand at every send.

use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock},
};

use frontdesk_protocol::{CloseCode, Millis, id::KeySid};

use crate::{
    live::Live,
    storage::{Store, StoreError},
};

/// No token is valid longer than a day, so an older revocation has nothing left to stop but a
/// continuity secret, and that is looked up in the store.
const KEPT_MS: u64 = 25 * 3_600_000;

/// How far [`Revocations::look`] looks back: much longer than the time between two looks, because
/// the clock may jump.
const LOOK_BACK_MS: u64 = 600_000;

/// The revoked families. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Revocations {
    revoked: Arc<RwLock<HashSet<u128>>>,
    store: Arc<dyn Store>,
    live: Live,
}

impl std::fmt::Debug for Revocations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Revocations").finish_non_exhaustive()
    }
}

impl Revocations {
    /// Reads those that can still matter.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn load(store: Arc<dyn Store>, live: Live, now: Millis) -> Result<Self, StoreError> {
        let since = Millis(now.0.saturating_sub(KEPT_MS));
        let revoked = store.revoked_families(since).await?.into_iter().collect();
        Ok(Self { revoked: Arc::new(RwLock::new(revoked)), store, live })
    }

    /// Whether a family is revoked.
    #[must_use]
    pub fn is_revoked(&self, family: u128) -> bool {
        self.revoked.read().unwrap_or_else(PoisonError::into_inner).contains(&family)
    }

    /// Revokes a family for good and closes its connections.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed; then it holds until the next start only.
    pub async fn revoke(&self, family: u128, now: Millis) -> Result<(), StoreError> {
        self.revoked.write().unwrap_or_else(PoisonError::into_inner).insert(family);
        self.live.close_family(family, CloseCode::TokenRefused);
        self.store.revoke_family(family, now).await
    }

    /// Gives an API key up for good and closes the connections whose tokens it has signed.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed; then the key is as it was.
    pub async fn give_up(&self, key: &KeySid) -> Result<(), StoreError> {
        self.store.delete_api_key(key).await?;
        self.live.close_key(key, CloseCode::TokenRefused);
        Ok(())
    }

    /// Takes over what commands beside the server have revoked in the last minutes, and the keys
    /// they have given up, and closes those connections.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn look(&self, now: Millis) -> Result<(), StoreError> {
        let since = Millis(now.0.saturating_sub(LOOK_BACK_MS));
        for family in self.store.revoked_families(since).await? {
            let mut revoked = self.revoked.write().unwrap_or_else(PoisonError::into_inner);
            if revoked.insert(family) {
                drop(revoked);
                self.live.close_family(family, CloseCode::TokenRefused);
            }
        }
        for key in self.live.keys() {
            if self.store.api_key(&key).await?.is_none() {
                self.live.close_key(&key, CloseCode::TokenRefused);
            }
        }
        Ok(())
    }
}
