//! Where everything durable is: streams of events, the state they fold into, and the directory.
//!
//! [`Store`] is seven traits: [`Streams`], the log, [`Directory`], what an installation consists of,
//! [`Chats`], [`Flex`], [`Keys`] and [`MediaBooks`], the books that programs read, and [`Hooks`], who is told of what
//! happens and what they were not told yet. A store never knows HTTP, and nothing above it knows SQL.
//! SQLite is the default; every store runs the same contract tests.
//!
//! The rule of the log: a [`Change`] becomes its events, its positions and the new state of the
//! tables in one transaction, which is durable before [`Streams::commit`] returns. A fold of
//! [`fold`] over a stream's events and the tables always agree.

mod change;
mod chats;
mod directory;
mod error;
mod flex;
pub mod fold;
mod hooks;
mod keys;
mod media;
mod party;
mod roles;
pub mod sqlite;
mod streams;

pub use change::{AttributesChange, Author, Change, Mark, NewMember, Outcome, Said, Speaker};
pub use chats::{
    ChannelRecord, ChannelType, Chats, InviteRecord, MemberRecord, Membership, MessageRecord,
    Order, RoleRecord, RoleType, ServiceRecord, UserRecord, system,
};
pub use directory::{
    Account, Agent, ApiKey, Directory, Family, FamilySecret, Flow, Idempotency, IntegrationConfig,
    Profile, Queue, Service, Session, SigningKey, Site, SiteId, User,
};
pub use error::{CommitError, Rejection, StoreError};
pub use flex::{EngagementRecord, FLOW_ADDRESS, Flex, FlowRecord, NewEngagement};
pub use hooks::{
    DeadDelivery, Delivery, Due, HookKind, HookMethod, Hooks, Look, NewDelivery, NewWebhook,
    QueueCounts, Settled, Stamp, WEBHOOKS_PER_CHANNEL, Waiting, WebhookRecord, delivery_name,
};
pub use keys::{KeyRecord, Keys};
pub use media::{LEAST_BYTES, MediaBooks, MediaQuota, MediaRecord, NewMedia, SaidIn};
pub use party::{Access, Party, PartyKind};
pub use roles::DefaultRole;
pub use streams::{Committed, Entry, Events, Feed, Head, MessagePage, Snapshot, Streams};

/// Everything a store does.
pub trait Store: Streams + Directory + Chats + Flex + Keys + Hooks + MediaBooks {}
impl<T: Streams + Directory + Chats + Flex + Keys + Hooks + MediaBooks> Store for T {}
