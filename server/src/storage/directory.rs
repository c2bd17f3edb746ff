//! What an installation consists of: accounts, keys, services, flows, sites, agents, users; and
//! what has to be remembered about tokens.

use async_trait::async_trait;
use frontdesk_protocol::{
    ChannelSid, Identity, Millis, QueueSid, UserSid,
    attributes::Attributes,
    form::Form,
    id::{AccountSid, FlowSid, KeySid, ServiceSid},
};
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::auth::origin::Origin;

/// An account: the outermost owner of everything.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its SID.
    pub sid: AccountSid,
    /// Its name, for people.
    pub name: String,
    /// Its password over HTTP, in the clear: it also signs what the account's own servers get.
    pub auth_token: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("sid", &self.sid).finish_non_exhaustive()
    }
}

/// A key with which an account's own server signs access tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its SID.
    pub sid: KeySid,
    /// The account.
    pub account: AccountSid,
    /// Its name, for people.
    pub name: String,
    /// The secret, in the clear: signatures are checked with it.
    pub secret: String,
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiKey").field("sid", &self.sid).finish_non_exhaustive()
    }
}

/// A chat service: what channels and users are kept in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its SID.
    pub sid: ServiceSid,
    /// The account.
    pub account: AccountSid,
    /// Its name, for people.
    pub name: String,
}

/// A queue of tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Its SID; its stream has the same.
    pub sid: QueueSid,
    /// The account.
    pub account: AccountSid,
    /// Its name, for people.
    pub name: String,
}

/// What a flow connects a new chat with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum IntegrationConfig {
    /// A task in a queue, for agents.
    Task {
        /// The queue.
        queue: QueueSid,
    },
    /// A program of the account's, at an address in the flow's settings.
    External,
    /// A Studio flow, named in the flow's settings.
    Studio,
}

/// A Flex flow: decides what handles a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flow {
    /// Its SID.
    pub sid: FlowSid,
    /// The account.
    pub account: AccountSid,
    /// The chat service its channels are kept in.
    pub service: ServiceSid,
    /// Its name, for people.
    pub name: String,
    /// Whether chats may be opened with it.
    pub enabled: bool,
    /// What it connects a chat with.
    pub integration: IntegrationConfig,
}

/// A site's public id: 1 to 64 of `A-Z a-z 0-9 _ -`. It stands in the page and is no secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteId(String);

impl SiteId {
    /// Reads a public id; `None` if it cannot be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len());
        let clean = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
        (fits && clean).then(|| Self(text.to_owned()))
    }

    /// The public id made of 80 of these random bits.
    #[must_use]
    pub fn from_bits(bits: u128) -> Self {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let id = (0..16).map(|i| char::from(LETTERS[(bits >> (5 * i)) as usize & 31])).collect();
        Self(id)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for SiteId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A site: where the widget may stand, and what it looks like there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its public id.
    pub id: SiteId,
    /// The account.
    pub account: AccountSid,
    /// The flow of chats that are opened on it.
    pub flow: FlowSid,
    /// The Origins of its pages, each exact.
    pub origins: Vec<Origin>,
    /// How it looks and what it asks.
    pub profile: Profile,
}

/// What a site's visitors see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The name in the header.
    pub name: String,
    /// Below the name.
    #[serde(default)]
    pub tagline: String,
    /// What the launcher is called.
    #[serde(default)]
    pub label: String,
    /// The brand colour, `#rrggbb`.
    pub brand: String,
    /// What is asked before a chat.
    #[serde(default)]
    pub form: Form,
}

/// Somebody with an identity in an account.
#[derive(Debug, Clone, PartialEq)]
pub struct User {
    /// The SID; the user's stream has the same.
    pub sid: UserSid,
    /// The account.
    pub account: AccountSid,
    /// Who.
    pub identity: Identity,
    /// The name to show.
    pub name: String,
    /// What programs attached.
    pub attributes: Attributes,
}

/// A person who answers, and how they sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct Agent {
    /// The account.
    pub account: AccountSid,
    /// Who; also the name to sign in with.
    pub identity: Identity,
    /// The name to show.
    pub name: String,
    /// Their user.
    pub user: UserSid,
    /// The queue they work on.
    pub queue: QueueSid,
    /// The Argon2id hash of their password, in PHC format.
    pub password_hash: String,
    /// Whether they may sign in.
    pub enabled: bool,
}

impl std::fmt::Debug for Agent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Agent").field("identity", &self.identity).finish_non_exhaustive()
    }
}

/// A signed-in console. The id in the cookie is not kept, only its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the id.
    pub id_hash: [u8; 32],
    /// The account.
    pub account: AccountSid,
    /// Whose.
    pub identity: Identity,
    /// When it ends.
    pub expires: Millis,
}

/// The answer to a request that named an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The account.
    pub account: AccountSid,
    /// Who asked.
    pub identity: Identity,
    /// The key.
    pub key: String,
    /// SHA-256 of what was asked.
    pub content_hash: [u8; 32],
    /// The channel that was opened.
    pub channel: ChannelSid,
}

/// A guest's line of tokens, from the first on: it begins to be kept when the form is posted.
///
/// The secrets of a generation are valid until one of the next is first used, at most a day; one
/// that is older ends the family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// Its random id.
    pub id: u128,
    /// The account.
    pub account: AccountSid,
    /// Whose.
    pub identity: Identity,
    /// The generation of its newest used secret.
    pub generation: u32,
    /// When that generation was first used.
    pub advanced: Millis,
    /// When it was revoked.
    pub revoked: Option<Millis>,
    /// SHA-256 of the secret it begins with, when it is made; not given when it is read.
    pub first_secret: Option<[u8; 32]>,
}

/// A continuity secret, as far as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FamilySecret {
    /// The family.
    pub family: u128,
    /// Its generation in the family.
    pub generation: u32,
}

/// A key that signs our own tokens.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Its id, in the token's header.
    pub kid: String,
    /// Which tokens: a profile's name.
    pub profile: String,
    /// 256 random bits.
    pub secret: [u8; 32],
    /// When it was made.
    pub created: Millis,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// The directory. A `put_` makes or replaces.
#[async_trait]
#[expect(missing_docs, reason = "each is a plain look-up or replacement of the type it names")]
pub trait Directory: Send + Sync + 'static {
    async fn put_account(&self, account: Account) -> Result<(), StoreError>;
    async fn account(&self, sid: &AccountSid) -> Result<Option<Account>, StoreError>;
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;
    async fn put_api_key(&self, key: ApiKey) -> Result<(), StoreError>;
    async fn api_key(&self, sid: &KeySid) -> Result<Option<ApiKey>, StoreError>;
    async fn put_service(&self, service: Service) -> Result<(), StoreError>;
    async fn services(&self, account: &AccountSid) -> Result<Vec<Service>, StoreError>;
    async fn put_queue(&self, queue: Queue) -> Result<(), StoreError>;
    async fn queues(&self, account: &AccountSid) -> Result<Vec<Queue>, StoreError>;
    async fn put_flow(&self, flow: Flow) -> Result<(), StoreError>;
    async fn flow(&self, sid: &FlowSid) -> Result<Option<Flow>, StoreError>;
    async fn flows(&self, account: &AccountSid) -> Result<Vec<Flow>, StoreError>;
    async fn put_site(&self, site: Site) -> Result<(), StoreError>;
    async fn site(&self, id: &SiteId) -> Result<Option<Site>, StoreError>;
    async fn sites(&self, account: &AccountSid) -> Result<Vec<Site>, StoreError>;
    async fn put_agent(&self, agent: Agent) -> Result<(), StoreError>;
    async fn agent(
        &self,
        account: &AccountSid,
        identity: &Identity,
    ) -> Result<Option<Agent>, StoreError>;
    /// The agents of all accounts with this name to sign in with.
    async fn agents_named(&self, identity: &Identity) -> Result<Vec<Agent>, StoreError>;
    async fn agents(&self, account: &AccountSid) -> Result<Vec<Agent>, StoreError>;
    async fn put_user(&self, user: User) -> Result<(), StoreError>;
    async fn user(
        &self,
        account: &AccountSid,
        identity: &Identity,
    ) -> Result<Option<User>, StoreError>;
    async fn put_session(&self, session: Session) -> Result<(), StoreError>;
    async fn session(&self, id_hash: &[u8; 32]) -> Result<Option<Session>, StoreError>;
    async fn delete_session(&self, id_hash: &[u8; 32]) -> Result<(), StoreError>;
    /// The sessions of an agent, those that have ended and are not forgotten yet among them.
    async fn sessions_of(
        &self,
        account: &AccountSid,
        identity: &Identity,
    ) -> Result<Vec<Session>, StoreError>;
    /// Forgets sessions that ended before `now`.
    async fn delete_expired_sessions(&self, now: Millis) -> Result<(), StoreError>;
    async fn idempotency(
        &self,
        account: &AccountSid,
        identity: &Identity,
        key: &str,
    ) -> Result<Option<Idempotency>, StoreError>;
    /// Forgets the answers about chats that were opened before `before`.
    async fn forget_idempotency(&self, before: Millis) -> Result<(), StoreError>;
    async fn family(&self, id: u128) -> Result<Option<Family>, StoreError>;
    async fn family_secret(&self, hash: &[u8; 32]) -> Result<Option<FamilySecret>, StoreError>;
    /// In one transaction: moves the family on to `generation` if it is behind it, and keeps a new
    /// secret of the generation after that. `false` if the family is revoked, unknown, or has
    /// eight secrets of that generation already.
    async fn rotate_family(
        &self,
        id: u128,
        generation: u32,
        new_secret: [u8; 32],
        now: Millis,
    ) -> Result<bool, StoreError>;
    /// Revokes a family for good.
    async fn revoke_family(&self, id: u128, now: Millis) -> Result<(), StoreError>;
    /// The families revoked at or after `since`.
    async fn revoked_families(&self, since: Millis) -> Result<Vec<u128>, StoreError>;
    async fn put_signing_key(&self, key: SigningKey) -> Result<(), StoreError>;
    async fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError>;
}
