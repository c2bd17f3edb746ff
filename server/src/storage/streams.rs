//! The log of a store.

use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use frontdesk_protocol::{
    ChannelSid, Event, Stream, TaskSid,
    frame::FetchFrom,
    id::AccountSid,
    state::{Message, StreamState, Task},
};
use tokio::sync::mpsc;

use super::{Access, Change, CommitError, Outcome, Party, StoreError};

/// An event with the stream it is in.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The stream.
    pub stream: Stream,
    /// The event. Shared: many connections are about to write it.
    pub event: Arc<Event>,
}

/// What a commit came to: an outcome a change, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// What each change came to.
    pub outcomes: Vec<Outcome>,
}

/// Everything a store made durable, in the order of each stream's positions, after it is durable
/// and after the commits' own callers were answered.
///
/// Taken by the one task that hands it to [`crate::live::Live`].
pub type Feed = mpsc::UnboundedReceiver<Vec<Entry>>;

/// The ends of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The newest position; 0 if nothing has happened yet.
    pub head: u64,
    /// The oldest position still kept.
    pub oldest: u64,
}

/// A piece of a stream.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Events {
    /// The events, without a hole.
    pub items: Vec<Event>,
    /// Whether there are more after them.
    pub more: bool,
}

/// A stream as it stands: everything is of the same instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// The position it is a picture of.
    pub seq: u64,
    /// Channel, members, tasks, channels.
    pub state: StreamState,
    /// The newest messages, oldest first.
    pub items: Vec<Message>,
    /// Whether there are older messages.
    pub more: bool,
}

/// Messages as they stand now, oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MessagePage {
    /// The messages.
    pub items: Vec<Message>,
    /// Whether there are more on the side that was asked for.
    pub more: bool,
}

/// The log. All reads see what was committed before them.
#[async_trait]
pub trait Streams: Send + Sync + 'static {
    /// The random id of this store's positions; another one means that no position from before
    /// means anything.
    fn epoch(&self) -> &str;

    /// Whether commits are taken.
    fn is_open(&self) -> bool;

    /// Does all of `changes` or nothing, durably, before it returns.
    ///
    /// # Errors
    /// [`CommitError::Rejected`] if a change cannot be, [`CommitError::Store`] if the store failed.
    async fn commit(&self, changes: Vec<Change>) -> Result<Committed, CommitError>;

    /// Waits until the store has failed for good and takes nothing any more. The process has to
    /// end: only a fresh start can tell what is on the disk.
    async fn failed(&self);

    /// Stops taking commits, finishes those that were taken, and closes the files.
    async fn close(&self);

    /// The ends of these streams; a stream that is not there is left out.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn heads(&self, streams: &[Stream]) -> Result<BTreeMap<Stream, Head>, StoreError>;

    /// Events after the position `after`: at most `max_items`, and at most `max_bytes` of JSON, one
    /// event excepted.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn events(
        &self,
        stream: &Stream,
        after: u64,
        max_items: usize,
        max_bytes: usize,
    ) -> Result<Events, StoreError>;

    /// The stream as it stands, with its newest `page` messages.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn snapshot(&self, stream: &Stream, page: usize) -> Result<Option<Snapshot>, StoreError>;

    /// A page of messages: at most `limit`, and at most [`frontdesk_protocol::limits::PAGE_BYTES`],
    /// one message excepted.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn messages(
        &self,
        channel: &ChannelSid,
        from: FetchFrom,
        limit: usize,
    ) -> Result<MessagePage, StoreError>;

    /// The message that was said at a position, as it stands now.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn message_at(
        &self,
        channel: &ChannelSid,
        seq: u64,
    ) -> Result<Option<Message>, StoreError> {
        let Some(before) = seq.checked_sub(1) else { return Ok(None) };
        let page = self.messages(channel, FetchFrom::After(before), 1).await?;
        Ok(page.items.into_iter().find(|message| message.seq == seq))
    }

    /// What somebody may do with a stream now. A stream that is not there and one of another
    /// account look the same.
    ///
    /// A guest may follow channels they are in and their own user stream. An agent may also follow
    /// the queue, and every channel with a task in it.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn access(&self, stream: &Stream, party: &Party) -> Result<Access, StoreError>;

    /// The account a channel belongs to.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn channel_account(&self, channel: &ChannelSid)
    -> Result<Option<AccountSid>, StoreError>;

    /// A task and its account.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn task(&self, task: &TaskSid) -> Result<Option<(AccountSid, Task)>, StoreError>;

    /// The newest task about a channel.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn task_of(&self, channel: &ChannelSid) -> Result<Option<Task>, StoreError>;
}
