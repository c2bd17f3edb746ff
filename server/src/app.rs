//! The whole server, as every front is given it.

mod staffed;

use std::{sync::Arc, time::Duration};

use frontdesk_protocol::Millis;

use crate::{
    auth::{
        access,
        continuity::{Guests, Lifetimes},
        origin::Origin,
        password::Passwords,
        revocation::Revocations,
        session::{SessionLifetimes, Sessions},
        tokens::{NoKey, Token, TokenError, Tokens},
    },
    clock::Clock,
    config::Config,
    engagement::Engagement,
    hooks::{Caller, guard::Guard},
    lifecycle::{Lifecycle, Phase},
    limits::{Keyed, LoginThrottle, Rate, Spans},
    listeners::{Asks, Listeners, Programs},
    live::{
        Live,
        registry::{Caps, Registry},
    },
    log::Log,
    media::{Library, Limits, Links, MediaStore, Parts},
    random::Random,
    rooms::Rooms,
    storage::{Feed, Store, StoreError},
};

/// Everything the fronts stand on. Cheap to clone; all clones are the same.
#[derive(Debug, Clone)]
pub struct App {
    /// What can be set.
    pub config: Arc<Config>,
    /// The only way anything is said or changed.
    pub log: Log,
    /// Who is connected here.
    pub live: Live,
    /// How many are connected here.
    pub registry: Registry,
    /// Who hears of what.
    pub listeners: Listeners,
    /// Asks programs before something is done.
    pub asks: Asks,
    /// Calls webhooks.
    pub caller: Caller,
    /// Opens and ends chats.
    pub engagement: Engagement,
    /// Changes channels for people, as their roles allow.
    pub rooms: Rooms,
    /// Files beside messages.
    pub media: Library,
    /// Makes and reads tokens.
    pub tokens: Arc<Tokens>,
    /// Guest tokens and their continuity.
    pub guests: Guests,
    /// Which tokens are revoked.
    pub revocations: Revocations,
    /// Agents' passwords.
    pub passwords: Passwords,
    /// Who is signed in to the console.
    pub sessions: Sessions,
    /// Token requests, by address.
    pub token_requests: Keyed<std::net::IpAddr>,
    /// New chats, by address.
    pub new_chats: Keyed<std::net::IpAddr>,
    /// Whether the server runs, or is about to stop.
    pub lifecycle: Lifecycle,
    edges: Edges,
}

/// The edges to the world, and the store.
#[derive(Clone)]
pub struct Edges {
    /// Everything durable.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bits.
    pub random: Arc<dyn Random>,
    /// Files beside messages.
    pub media: Arc<dyn MediaStore>,
}

impl std::fmt::Debug for Edges {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edges").finish_non_exhaustive()
    }
}

/// Why the server cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The store has no signing key: it was not set up.
    #[error(transparent)]
    NoKey(#[from] NoKey),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// Puts the server together on a store that was set up, and begins to hand out its feed.
    ///
    /// # Errors
    /// [`AppError`].
    pub async fn new(config: Config, edges: Edges, feed: Feed) -> Result<Self, AppError> {
        let Edges { store, clock, random, media } = edges.clone();
        let live = Live::new();
        tokio::spawn(live.clone().pump(feed));
        let keys = store.signing_keys().await?;
        let tokens = Arc::new(Tokens::new(&keys)?);
        let revocations = Revocations::load(store.clone(), live.clone(), clock.now()).await?;
        let guests = Guests::new(
            store.clone(),
            tokens.clone(),
            revocations.clone(),
            clock.clone(),
            random.clone(),
            Lifetimes {
                continued_ms: config.guest_token_seconds * 1_000,
                plain_ms: config.plain_guest_token_seconds * 1_000,
            },
        );
        let mut salt = [0; 16];
        random.fill(&mut salt);
        let passwords = Passwords::new(2, salt);
        let sessions = Sessions::new(
            store.clone(),
            tokens.clone(),
            revocations.clone(),
            passwords.clone(),
            LoginThrottle::new(
                Rate {
                    per_second: config.agent_logins_per_second,
                    burst: config.agent_logins_burst,
                },
                Rate { per_second: config.logins_per_second, burst: config.logins_burst },
            ),
            clock.clone(),
            random.clone(),
            SessionLifetimes {
                session_ms: config.session_seconds * 1_000,
                token_ms: config.agent_token_seconds * 1_000,
            },
        );
        let caps = Caps {
            total: config.max_connections,
            unknown_per_address: config.max_unknown_per_address,
            known_per_address: config.max_known_per_address,
            per_guest: config.max_per_guest,
            per_agent: config.max_per_agent,
        };
        let parts = Parts {
            store: store.clone(),
            files: media,
            clock: clock.clone(),
            random: random.clone(),
            links: Links::of(&keys),
        };
        let limits = Limits {
            file_bytes: config.media_max_bytes,
            guest_bytes_per_day: config.media_guest_bytes_per_day,
            account_bytes: config.media_account_bytes,
            types: config.media_types.clone(),
        };
        let per_guest = Spans::new(config.messages_per_minute, 60_000);
        let caller = Caller::new(Guard::new(config.webhook_private.clone()), clock.clone());
        let timeout = Duration::from_millis(config.webhook_timeout_ms);
        let programs = Programs::new(caller.clone(), store.clone(), timeout);
        let listeners = Listeners::new(store.clone());
        let asks = Asks::new(
            listeners.clone(),
            Arc::new(programs),
            random.clone(),
            config.webhook_down_refuses,
        );
        let log = Log::new(store, clock, random.clone(), per_guest, asks.clone());
        let token_rate = Rate { per_second: config.tokens_per_second, burst: config.tokens_burst };
        let chat_rate = Rate { per_second: config.chats_per_second, burst: config.chats_burst };
        let engagement = Engagement::new(log.clone(), random.clone(), asks.clone());
        Ok(Self {
            registry: Registry::new(caps, live.clone()),
            caller,
            rooms: Rooms::new(log.clone(), engagement.clone(), random, asks.clone()),
            engagement,
            asks,
            listeners,
            token_requests: Keyed::new(token_rate),
            new_chats: Keyed::new(chat_rate),
            media: Library::new(parts, limits),
            lifecycle: Lifecycle::default(),
            config: Arc::new(config),
            log,
            live,
            tokens,
            guests,
            revocations,
            passwords,
            sessions,
            edges,
        })
    }

    /// Everything durable.
    #[must_use]
    pub fn store(&self) -> &dyn Store {
        self.edges.store.as_ref()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.edges.clock.now()
    }

    /// Random bits.
    #[must_use]
    pub fn random(&self) -> &dyn Random {
        self.edges.random.as_ref()
    }

    /// Whether requests are taken: the server is not about to stop, and its store takes commits.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.lifecycle.phase() == Phase::Running && self.store().is_open()
    }

    /// Who a token makes its bearer on a page of this Origin: one of ours, or an access token that
    /// the account's own server minted.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed; in it, [`TokenError`].
    pub async fn identify(
        &self,
        token: &str,
        origin: Option<&Origin>,
    ) -> Result<Result<Token, TokenError>, StoreError> {
        if !access::is_one(token) {
            return Ok(self.authenticate(token));
        }
        let token = access::verify(self.store(), self.now(), token, origin).await?;
        Ok(token.and_then(|token| {
            let revoked = self.revocations.is_revoked(token.family);
            if revoked { Err(TokenError::Refused) } else { Ok(Token::Guest(token)) }
        }))
    }

    /// Who a token makes its bearer: it is ours, has not ended and is not revoked.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn authenticate(&self, token: &str) -> Result<Token, TokenError> {
        let token = self.tokens.verify(self.now(), token)?;
        if self.revocations.is_revoked(token.family()) {
            return Err(TokenError::Refused);
        }
        Ok(token)
    }
}
