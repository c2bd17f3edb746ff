//! Files beside messages, as a store knows them: whose they are and where they were said. The files
//! themselves are [`crate::media`]'s.

use async_trait::async_trait;
use frontdesk_protocol::{
    ChannelSid, Identity, Media, MediaSid, MessageSid, Millis,
    id::{AccountSid, ServiceSid},
};

use super::StoreError;

/// A file that was brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMedia {
    /// What is known of it.
    pub media: Media,
    /// The account.
    pub account: AccountSid,
    /// The chat service it was brought to.
    pub service: ServiceSid,
    /// Who brought it; `None` is the account itself.
    pub owner: Option<Identity>,
}

/// How much there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaQuota {
    /// Bytes of the account in all.
    pub account_bytes: u64,
    /// Bytes of the owner since a moment, if that is limited.
    pub owner_bytes: Option<(Millis, u64)>,
}

/// Where a file was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidIn {
    /// The channel.
    pub channel: ChannelSid,
    /// The message.
    pub message: MessageSid,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaRecord {
    /// What was brought.
    pub brought: NewMedia,
    /// When.
    pub created: Millis,
    /// Where it was said; `None` if it was not yet.
    pub said: Option<SaidIn>,
}

/// Books of files. Each file counts as at least [`LEAST_BYTES`].
#[async_trait]
pub trait MediaBooks: Send + Sync + 'static {
    /// Takes a file into the books: `false` if that would be more than the quota. Its bytes have to
    /// be durable by then.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn put_media(&self, media: NewMedia, quota: MediaQuota) -> Result<bool, StoreError>;

    /// A file.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn media(&self, sid: &MediaSid) -> Result<Option<MediaRecord>, StoreError>;

    /// The file beside a message.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn media_of(
        &self,
        channel: &ChannelSid,
        message: &MessageSid,
    ) -> Result<Option<MediaRecord>, StoreError>;

    /// How many bytes an account has.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn media_bytes(&self, account: &AccountSid) -> Result<u64, StoreError>;

    /// How many bytes somebody brought since a moment, of what is still there.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn media_bytes_of(
        &self,
        account: &AccountSid,
        owner: &Identity,
        since: Millis,
    ) -> Result<u64, StoreError>;

    /// Those of these files that are in the books.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn known_media(&self, sids: &[MediaSid]) -> Result<Vec<MediaSid>, StoreError>;

    /// Erases files that were brought before a moment and never said.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn erase_unsaid_media(&self, before: Millis) -> Result<(), StoreError>;

    /// Files that were erased and may still be on the disk, at most `most`.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn erased_media(&self, most: usize) -> Result<Vec<MediaSid>, StoreError>;

    /// These are off the disk.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn forget_erased_media(&self, sids: Vec<MediaSid>) -> Result<(), StoreError>;
}

/// A file counts as at least so many bytes: a block of the disk, so that tiny files are not free.
pub const LEAST_BYTES: u64 = 4_096;
