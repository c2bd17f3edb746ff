//! Who is told of what happens, and what they were not told yet.
//!
//! A [`super::Change::Enqueue`] puts a [`NewDelivery`] into the queue in the transaction of what it
//! tells of: nothing done is without its delivery, and nothing is delivered that was not done. The
//! queue has **lanes**: what is for one target and of one name goes out one after the other, in the
//! order it came in. Who gives up on a delivery buries it: it is dead, its lane goes on, and it is
//! kept for the owner to see.

use async_trait::async_trait;
use frontdesk_protocol::{
    ChannelSid, MessageSid, Millis,
    id::{AccountSid, WebhookSid, hex32},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::StoreError;

/// Most webhooks of one channel, as of the retired service.
pub const WEBHOOKS_PER_CHANNEL: usize = 5;

/// How an address is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum HookMethod {
    /// The fields stand in the address.
    Get,
    /// The fields are a form.
    Post,
}

/// What a channel's webhook is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HookKind {
    /// Tells an address of events.
    Webhook,
    /// Tells an address of messages with certain words.
    Trigger,
    /// Starts a Studio flow.
    Studio,
}

/// A webhook of a channel, as it is put there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWebhook {
    /// Its SID.
    pub sid: WebhookSid,
    /// What it is.
    pub kind: HookKind,
    /// The address it tells.
    pub url: Option<String>,
    /// How.
    pub method: HookMethod,
    /// The events it tells of.
    pub filters: Vec<String>,
    /// The words it goes by.
    pub triggers: Vec<String>,
    /// The Studio flow.
    pub flow_sid: Option<String>,
    /// How often it is tried again, as a program set it.
    pub retry_count: u32,
}

/// A webhook of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRecord {
    /// Its place in lists.
    pub n: u64,
    /// The channel.
    pub channel: ChannelSid,
    /// The webhook.
    pub webhook: NewWebhook,
    /// When it was made.
    pub created: Millis,
    /// When it was last changed.
    pub updated: Millis,
}

/// What is known only once the commit is done, or when it goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stamp {
    /// The number of the message; left out if there is none.
    Index,
    /// When it happened.
    Time,
    /// How often it was tried before.
    Retries,
}

/// Something to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDelivery {
    /// The same in every attempt: whoever gets it twice knows by it. See [`delivery_name`].
    pub id: u128,
    /// The account, whose token signs it.
    pub account: AccountSid,
    /// Who gets it: one receiver of one account. If they do not answer, all that is for them waits.
    pub target: String,
    /// The address.
    pub url: String,
    /// How it is called.
    pub method: HookMethod,
    /// The SID of the channel or user it is about. What is for one target and of one lane goes out
    /// in order; what waits is dropped when the channel or user of that SID is removed.
    pub lane: String,
    /// What happened, by its name on the wire.
    pub event: String,
    /// What is told, by name.
    pub fields: Vec<(String, String)>,
    /// What is told and was written by people: it is left out once [`Self::message`] is taken back.
    pub text: Vec<(String, String)>,
    /// The names of fields that get what is known later.
    pub stamps: Vec<(String, Stamp)>,
    /// The message that [`Self::text`] is of.
    pub message: Option<MessageSid>,
}

/// A delivery's id as receivers see it: `EV` and 32 hex digits.
#[must_use]
pub fn delivery_name(id: u128) -> String {
    ["EV", &hex32(id)].concat()
}

/// Something to be told, with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its place in the queue.
    pub n: u64,
    /// What is to be told.
    pub what: NewDelivery,
    /// The number of the message.
    pub index: Option<u64>,
    /// When it happened.
    pub ts: Millis,
    /// When it came into the queue.
    pub enqueued: Millis,
    /// How often it was tried.
    pub attempts: u32,
}

/// The first delivery of a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The delivery.
    pub n: u64,
    /// Its id.
    pub id: u128,
    /// The lane.
    pub lane: u64,
    /// Who gets it.
    pub target: String,
    /// Whose it is.
    pub account: AccountSid,
    /// When it came into the queue.
    pub enqueued: Millis,
    /// How often it was tried.
    pub attempts: u32,
}

/// Which deliveries are asked for: those that are due, but for these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The time.
    pub now: Millis,
    /// Lanes that are under way already.
    pub lanes: Vec<u64>,
    /// Targets that take nothing now.
    pub targets: Vec<String>,
    /// Accounts that may send nothing now.
    pub accounts: Vec<AccountSid>,
    /// Most of one target.
    pub each: usize,
    /// Most of all.
    pub most: usize,
}

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Due {
    /// The first of each lane, the lane that has waited longest first.
    pub waiting: Vec<Waiting>,
    /// When the next one of the targets that were not left out is due.
    pub next: Option<Millis>,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It was taken: nothing of it is kept.
    Done,
    /// It is tried again.
    Again {
        /// When.
        at: Millis,
        /// Why it was not taken, without what it tells.
        error: String,
    },
    /// It is not tried again: its lane goes on without it.
    Dead {
        /// Why, without what it tells.
        error: String,
    },
}

/// A delivery that is not tried any more, without what it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadDelivery {
    /// Its place in lists.
    pub n: u64,
    /// Its id: see [`delivery_name`].
    pub id: u128,
    /// Whose it was.
    pub account: AccountSid,
    /// The address.
    pub url: String,
    /// The channel or user it is about.
    pub lane: String,
    /// What happened.
    pub event: String,
    /// When it came into the queue.
    pub enqueued: Millis,
    /// When it was given up.
    pub died: Millis,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it was given up.
    pub error: String,
}

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueCounts {
    /// To be delivered.
    pub waiting: u64,
    /// Given up.
    pub dead: u64,
}

/// The queue of deliveries, and the books of channels' webhooks.
#[async_trait]
pub trait Hooks: Send + Sync + 'static {
    /// Waits until a commit has put something into the queue since this last returned.
    async fn enqueued(&self);

    /// What is due.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn due(&self, look: Look) -> Result<Due, StoreError>;

    /// A delivery that waits; `None` if it does not any more.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn delivery(&self, n: u64) -> Result<Option<Delivery>, StoreError>;

    /// Says how an attempt ended. One that does not wait any more stays as it is.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn settle(&self, n: u64, how: Settled) -> Result<(), StoreError>;

    /// Makes due what waits for a target: it takes deliveries again.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn hasten(&self, target: &str) -> Result<(), StoreError>;

    /// Buries what came into the queue before `before`: whether there was anything. It also makes
    /// due what waits for longer than anything is made to wait, because the clock jumped.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn bury_old(&self, before: Millis) -> Result<bool, StoreError>;

    /// Forgets what died before `before`.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn forget_dead(&self, before: Millis) -> Result<(), StoreError>;

    /// At most `most` of the dead after number `after`.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn dead_deliveries(
        &self,
        after: u64,
        most: usize,
    ) -> Result<Vec<DeadDelivery>, StoreError>;

    /// Puts a dead one back into the queue, as if it came in now, with the same id: `false` if there
    /// is none.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn retry_delivery(&self, id: u128) -> Result<bool, StoreError>;

    /// Forgets a dead one.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn drop_delivery(&self, id: u128) -> Result<(), StoreError>;

    /// How many there are.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn queue_counts(&self) -> Result<QueueCounts, StoreError>;

    /// A webhook of a channel.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn webhook(
        &self,
        channel: &ChannelSid,
        sid: &WebhookSid,
    ) -> Result<Option<WebhookRecord>, StoreError>;

    /// Whether any channel has a webhook.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn has_webhooks(&self) -> Result<bool, StoreError>;

    /// A channel's webhooks in the order they were made: at most `most`, after number `after`.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    async fn webhooks(
        &self,
        channel: &ChannelSid,
        after: u64,
        most: usize,
    ) -> Result<Vec<WebhookRecord>, StoreError>;
}
