//! Flows and engagements as programs keep books of them.
//!
//! Every list is in the order things were made, as in [`super::Chats`].

use async_trait::async_trait;
use frontdesk_protocol::{
    ChannelSid, Identity, Millis, TaskSid,
    id::{AccountSid, FlowSid},
};
use serde_json::{Map, Value};

use super::{Flow, StoreError};

/// The settings that say at which address a flow takes chats: no two enabled flows of an account
/// may have both the same. A flow without the second is found by its SID alone.
pub const FLOW_ADDRESS: [&str; 2] = ["ChannelType", "ContactIdentity"];

/// A flow.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowRecord {
    /// Its place in lists.
    pub n: u64,
    /// The flow.
    pub flow: Flow,
    /// What was set, by the names of its parameters; what was not is not there.
    pub settings: Map<String, Value>,
    /// When it was made.
    pub created: Millis,
    /// When it was last changed.
    pub updated: Millis,
}

/// How a chat was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEngagement {
    /// Its channel.
    pub channel: ChannelSid,
    /// The account.
    pub account: AccountSid,
    /// With which flow.
    pub flow: FlowSid,
    /// For whom.
    pub identity: Identity,
    /// The task about it, if people are to answer.
    pub task: Option<TaskSid>,
}

/// A chat that was opened with a flow, as long as its channel is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngagementRecord {
    /// Its place in lists.
    pub n: u64,
    /// How it was opened.
    pub engagement: NewEngagement,
    /// When its channel was opened.
    pub created: Millis,
    /// When its channel was last changed.
    pub updated: Millis,
}

/// Books of the Flex API. A list gives at most `most` items after the item `after`; 0 is the
/// beginning.
#[async_trait]
#[expect(missing_docs, reason = "each is a plain look-up or list of the type it names")]
pub trait Flex: Send + Sync + 'static {
    async fn flow_record(&self, sid: &FlowSid) -> Result<Option<FlowRecord>, StoreError>;
    /// An account's flows: of this name, or all.
    async fn flow_list(
        &self,
        account: &AccountSid,
        name: Option<&str>,
        after: u64,
        most: usize,
    ) -> Result<Vec<FlowRecord>, StoreError>;
    /// Makes or replaces a flow with its settings: `false` if it is enabled and another enabled one
    /// of the account has its [`FLOW_ADDRESS`].
    async fn put_flow_settings(
        &self,
        flow: Flow,
        settings: Map<String, Value>,
    ) -> Result<bool, StoreError>;
    /// Removes a flow: `false` if a site uses it.
    async fn delete_flow(&self, sid: &FlowSid) -> Result<bool, StoreError>;
    async fn engagement(
        &self,
        channel: &ChannelSid,
    ) -> Result<Option<EngagementRecord>, StoreError>;
    async fn engagements(
        &self,
        account: &AccountSid,
        after: u64,
        most: usize,
    ) -> Result<Vec<EngagementRecord>, StoreError>;
    /// Forgets how a chat was opened; the chat stays.
    async fn delete_engagement(&self, channel: &ChannelSid) -> Result<(), StoreError>;
}
