//! Asking an account's program before something is done.

use std::sync::Arc;

use async_trait::async_trait;
use frontdesk_protocol::{
    ChannelSid, Cid, Identity,
    id::{AccountSid, RoleSid, ServiceSid},
};

use super::{
    Listeners, Wish,
    hooks::ServiceHooks,
    payload::{Place, Told},
    reply::{Changes, Reply},
    turns::Turns,
};
use crate::{
    log::Source,
    random::Random,
    storage::{HookMethod, StoreError},
};

/// A question to a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The same however often it is asked.
    pub id: u128,
    /// The account, whose auth token signs it.
    pub account: AccountSid,
    /// Where.
    pub url: String,
    /// How.
    pub method: HookMethod,
    /// What is asked, by name.
    pub fields: Vec<(String, String)>,
}

/// The way to the programs. It waits a few seconds at most.
#[async_trait]
pub trait Oracle: Send + Sync + 'static {
    /// The status and the body of an answer; `None` if there was none in time.
    async fn ask(&self, question: &Question) -> Option<(u16, Vec<u8>)>;
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// Go on, with these changes.
    Go(Changes),
    /// The program refuses; by field name, why.
    No(std::collections::BTreeMap<String, String>),
    /// Nobody answered, and it is set that nothing is done then.
    Down,
}

/// Asks before something is done. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Asks {
    listeners: Listeners,
    oracle: Arc<dyn Oracle>,
    random: Arc<dyn Random>,
    /// Whether nothing is done if nobody answers.
    refuses_when_down: bool,
    messages: Turns<(ChannelSid, Identity, Cid)>,
    chats: Turns<(AccountSid, Identity, String)>,
}

impl std::fmt::Debug for Asks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asks").finish_non_exhaustive()
    }
}

/// A program that wants to be asked about something.
#[derive(Debug, Clone)]
pub struct Asker {
    wish: Wish,
    hooks: Arc<ServiceHooks>,
    url: String,
}

impl Asks {
    /// The questions of these hooks.
    #[must_use]
    pub fn new(
        listeners: Listeners,
        oracle: Arc<dyn Oracle>,
        random: Arc<dyn Random>,
        refuses_when_down: bool,
    ) -> Self {
        let (messages, chats) = (Turns::default(), Turns::default());
        Self { listeners, oracle, random, refuses_when_down, messages, chats }
    }

    /// Who wants to be asked about something in a channel, if anybody does.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be found out.
    pub async fn in_channel(
        &self,
        source: &Source,
        channel: &ChannelSid,
        wish: Wish,
    ) -> Result<Option<Asker>, StoreError> {
        if !source.asks() || !self.listeners.is_any().await? {
            return Ok(None);
        }
        let hooks = self.listeners.of_channel(channel).await?;
        Ok(hooks.and_then(|hooks| asker(Arc::clone(&hooks.service), wish)))
    }

    /// Who wants to be asked about something in a service, if anybody does.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be found out.
    pub async fn in_service(
        &self,
        source: &Source,
        service: &ServiceSid,
        wish: Wish,
    ) -> Result<Option<Asker>, StoreError> {
        if !source.asks() || !self.listeners.is_any().await? {
            return Ok(None);
        }
        let hooks = self.listeners.of_service(service).await?;
        Ok(hooks.and_then(|hooks| asker(hooks, wish)))
    }

    /// Who wants to be asked about something of an account's users, which are those of all its
    /// services: one after the other is asked.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be found out.
    pub async fn in_account(
        &self,
        source: &Source,
        account: &AccountSid,
        wish: Wish,
    ) -> Result<Vec<Asker>, StoreError> {
        if !source.asks() || !self.listeners.is_any().await? {
            return Ok(Vec::new());
        }
        let all = self.listeners.of_account(account).await?;
        Ok(all.into_iter().filter_map(|hooks| asker(hooks, wish)).collect())
    }

    /// Asks. `tell` says what about.
    pub async fn ask(
        &self,
        asker: &Asker,
        source: &Source,
        tell: impl FnOnce(Place<'_>) -> Told,
    ) -> Asked {
        let Asker { wish, hooks, url } = asker;
        let place = Place { account: &hooks.account, service: &hooks.service, source };
        let Told { mut fields, text, .. } = tell(place);
        fields.extend(text);
        let id = self.random.bits();
        for attempt in 0..=hooks.retries {
            let mut fields = fields.clone();
            fields.push(("RetryCount".into(), attempt.to_string()));
            let (account, url, method) = (hooks.account.clone(), url.clone(), hooks.method);
            let question = Question { id, account, url, method, fields };
            let Some((status, body)) = self.oracle.ask(&question).await else { continue };
            match Reply::read(status, &body) {
                Reply::Go(changes) => return Asked::Go(changes),
                Reply::No(errors) => return Asked::No(errors),
                Reply::Unclear => {
                    let (event, service) = (wish.name(), &hooks.service);
                    tracing::warn!(event, %service, status, "a program that was asked failed");
                    // It is there, and its answer would be the same.
                    if status < 500 {
                        break;
                    }
                }
            }
        }
        if self.refuses_when_down { Asked::Down } else { Asked::Go(Changes::default()) }
    }

    /// Who hears of what.
    pub(crate) const fn listeners(&self) -> &Listeners {
        &self.listeners
    }

    /// Waits until nobody else asks about this message.
    pub(crate) async fn message(&self, channel: ChannelSid, who: Identity, cid: Cid) -> impl Drop {
        self.messages.take((channel, who, cid)).await
    }

    /// Waits until nobody else asks about the chat of this idempotency key.
    pub(crate) async fn chat(&self, account: AccountSid, who: Identity, key: String) -> impl Drop {
        self.chats.take((account, who, key)).await
    }
}

impl Asker {
    /// The role of a user who has none of their own.
    #[must_use]
    pub fn user_role(&self) -> &RoleSid {
        &self.hooks.user_role
    }

    /// The role of a member who has none of their own.
    #[must_use]
    pub fn member_role(&self) -> &RoleSid {
        &self.hooks.member_role
    }
}

fn asker(hooks: Arc<ServiceHooks>, wish: Wish) -> Option<Asker> {
    let url = hooks.asks(wish)?.to_owned();
    Some(Asker { wish, hooks, url })
}
