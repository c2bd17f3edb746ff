//! API keys as programs keep books of them.

use async_trait::async_trait;
use frontdesk_protocol::{
    Millis,
    id::{AccountSid, KeySid},
};

use super::{ApiKey, StoreError};

/// An API key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its place in lists.
    pub n: u64,
    /// The key.
    pub key: ApiKey,
    /// When it was made.
    pub created: Millis,
    /// When it was last changed.
    pub updated: Millis,
}

/// Books of the API keys. They are made by [`super::Directory::put_api_key`].
#[async_trait]
#[expect(missing_docs, reason = "each is a plain look-up of the type it names")]
pub trait Keys: Send + Sync + 'static {
    async fn key_record(&self, sid: &KeySid) -> Result<Option<KeyRecord>, StoreError>;
    /// An account's keys in the order they were made: at most `most` after the one at `after`; 0 is
    /// the beginning.
    async fn key_list(
        &self,
        account: &AccountSid,
        after: u64,
        most: usize,
    ) -> Result<Vec<KeyRecord>, StoreError>;
    /// Gives a key that is there another name.
    async fn rename_api_key(&self, sid: &KeySid, name: String) -> Result<(), StoreError>;
    /// Gives a key up for good.
    async fn delete_api_key(&self, sid: &KeySid) -> Result<(), StoreError>;
}
