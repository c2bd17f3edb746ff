//! Signing in to the console, and being signed in.

use std::{net::IpAddr, sync::Arc};

use frontdesk_protocol::{Identity, Millis, id::AccountSid};

use super::{
    password::Passwords, revocation::Revocations, secret_text, sha256, tokens::AgentToken,
    tokens::Tokens,
};
use crate::{
    clock::Clock,
    limits::LoginThrottle,
    random::Random,
    storage::{Agent, Party, PartyKind, Session, Store, StoreError},
};

/// Longest password that is looked at, in bytes.
const PASSWORD_BYTES: usize = 1_024;

/// Why somebody is not signed in.
#[derive(Debug, Clone, thiserror::Error)]
pub enum LoginError {
    /// The name or the password is wrong; which one is not told.
    #[error("the name or the password is wrong")]
    Wrong,
    /// Too many attempts.
    #[error("too many attempts; try again in {after_ms} ms")]
    TooMany {
        /// Milliseconds until the next may be made.
        after_ms: u64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Somebody is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub agent: Agent,
    /// Until when.
    pub expires: Millis,
    /// Names the session: the family of its tokens.
    pub family: u128,
}

/// The sessions of consoles.
#[derive(Clone)]
pub struct Sessions {
    store: Arc<dyn Store>,
    tokens: Arc<Tokens>,
    revocations: Revocations,
    passwords: Passwords,
    throttle: LoginThrottle,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    lifetimes: SessionLifetimes,
}

/// How long sessions and their tokens live.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLifetimes {
    /// A session, in milliseconds.
    pub session_ms: u64,
    /// A token for the Chat connection, in milliseconds.
    pub token_ms: u64,
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sessions").field("lifetimes", &self.lifetimes).finish_non_exhaustive()
    }
}

impl Sessions {
    /// All parts it stands on.
    #[must_use]
    #[expect(clippy::too_many_arguments, reason = "each is one part, named where it is called")]
    pub fn new(
        store: Arc<dyn Store>,
        tokens: Arc<Tokens>,
        revocations: Revocations,
        passwords: Passwords,
        throttle: LoginThrottle,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        lifetimes: SessionLifetimes,
    ) -> Self {
        Self { store, tokens, revocations, passwords, throttle, clock, random, lifetimes }
    }

    /// Signs somebody in: the session's id, for the cookie, and the session.
    ///
    /// The id is new each time, so that nobody can have planted it.
    ///
    /// # Errors
    /// [`LoginError`]; an unknown name and a wrong password look the same and take as long.
    pub async fn login(
        &self,
        name: &str,
        password: &str,
        address: IpAddr,
    ) -> Result<(String, SignedIn), LoginError> {
        let now = self.clock.now();
        self.throttle
            .take(now, name, address)
            .map_err(|after_ms| LoginError::TooMany { after_ms })?;
        if password.len() > PASSWORD_BYTES {
            return Err(LoginError::Wrong);
        }
        let agents = match Identity::parse(name) {
            Some(identity) => self.store.agents_named(&identity).await?,
            None => Vec::new(),
        };
        // Names are unique in an account; of several accounts, the first whose password it is.
        let mut found = None;
        if agents.is_empty() {
            self.passwords.verify(password.to_owned(), None).await;
        }
        for agent in agents.into_iter().filter(|agent| found.is_none() && agent.enabled) {
            let hash = Some(agent.password_hash.clone());
            if self.passwords.verify(password.to_owned(), hash).await {
                found = Some(agent);
                break;
            }
        }
        let agent = found.ok_or(LoginError::Wrong)?;
        self.throttle.succeeded(name, address);
        let id = secret_text(&self.random.secret());
        let session = Session {
            id_hash: sha256(id.as_bytes()),
            account: agent.account.clone(),
            identity: agent.identity.clone(),
            expires: now.plus(self.lifetimes.session_ms),
        };
        let signed_in =
            SignedIn { agent, expires: session.expires, family: family_of(&session.id_hash) };
        self.store.delete_expired_sessions(now).await?;
        self.store.put_session(session).await?;
        if !self.is_unchanged(&signed_in.agent).await? {
            // Their password changed while the old one was checked. Whoever changed it has ended
            // the sessions that were there before this one.
            self.logout(&id).await?;
            return Err(LoginError::Wrong);
        }
        Ok((id, signed_in))
    }

    async fn is_unchanged(&self, agent: &Agent) -> Result<bool, StoreError> {
        let now = self.store.agent(&agent.account, &agent.identity).await?;
        Ok(now.is_some_and(|now| now.enabled && now.password_hash == agent.password_hash))
    }

    /// Who is signed in with this id; `None` if nobody is, or not any more.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn find(&self, id: &str) -> Result<Option<SignedIn>, StoreError> {
        let id_hash = sha256(id.as_bytes());
        let now = self.clock.now();
        let Some(session) = self.store.session(&id_hash).await? else { return Ok(None) };
        if now >= session.expires {
            return Ok(None);
        }
        let agent = self.store.agent(&session.account, &session.identity).await?;
        let family = family_of(&id_hash);
        Ok(agent.filter(|agent| agent.enabled).map(|agent| SignedIn {
            agent,
            expires: session.expires,
            family,
        }))
    }

    /// A token for the Chat connection, and when it ends.
    #[must_use]
    pub fn token(&self, signed_in: &SignedIn) -> (String, Millis) {
        let now = self.clock.now();
        let expires = now.plus(self.lifetimes.token_ms).min(signed_in.expires);
        let agent = &signed_in.agent;
        let token = AgentToken {
            party: Party {
                account: agent.account.clone(),
                identity: agent.identity.clone(),
                kind: PartyKind::Agent,
            },
            queue: agent.queue.clone(),
            family: signed_in.family,
            expires,
        };
        (self.tokens.sign_agent(now, &token), expires)
    }

    /// Signs out: the session is gone, its tokens are revoked, its connections are closed.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn logout(&self, id: &str) -> Result<(), StoreError> {
        let id_hash = sha256(id.as_bytes());
        self.store.delete_session(&id_hash).await?;
        self.revocations.revoke(family_of(&id_hash), self.clock.now()).await
    }
}

/// Ends all sessions of an agent, and says how many. For commands beside a server: it sees at once
/// that the sessions are gone, and when it next looks that their tokens are revoked.
///
/// # Errors
/// [`StoreError`] if the store failed; the same again ends the rest.
pub async fn end_all(
    store: &dyn Store,
    account: &AccountSid,
    identity: &Identity,
    now: Millis,
) -> Result<usize, StoreError> {
    let sessions = store.sessions_of(account, identity).await?;
    for session in &sessions {
        // In this order: a session that is gone can not be found again to revoke its tokens.
        store.revoke_family(family_of(&session.id_hash), now).await?;
        store.delete_session(&session.id_hash).await?;
    }
    Ok(sessions.len())
}

fn family_of(id_hash: &[u8; 32]) -> u128 {
    let mut bits = [0; 16];
    bits.copy_from_slice(&id_hash[..16]);
    u128::from_be_bytes(bits)
}
