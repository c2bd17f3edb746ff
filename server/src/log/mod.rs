//! The log: the only way anything is said or changed.
//!
//! The order is the contract: validate, authorise, limit, commit, acknowledge, tell others. The
//! first three happen here and, as far as they must hold at the instant itself, inside the store's
//! transaction. Telling others is not done by whoever spoke: the store's feed hands what is durable
//! to [`crate::live::Live`], in order, so that nothing can be sent that the store did not
//! acknowledge.

mod asking;
mod refusal;
mod source;

use std::sync::Arc;

use frontdesk_protocol::{
    Body, ChannelSid, Cid, MediaSid, MessageSid, Stream,
    attributes::{self, Attributes},
    limits::MESSAGE_ATTRIBUTES_BYTES,
};
use tokio::sync::Notify;

pub use refusal::Refusal;
pub use source::Source;

use self::asking::Checked;
use crate::{
    clock::Clock,
    limits::Spans,
    listeners::{Asks, Wish, rewired},
    random::Random,
    storage::{
        Access, Change, CommitError, Committed, Mark, Outcome, Party, PartyKind, Rejection, Said,
        Speaker, Store, StoreError,
    },
};

/// Most writes of programs to one channel, and to one service, within [`ACTIONS_SPAN_MS`]: the
/// retired service's 30 a second, over a sliding window of five.
const ACTIONS: usize = 150;
const ACTIONS_SPAN_MS: u64 = 5_000;

/// What somebody wants to say.
#[derive(Debug, Clone, PartialEq)]
pub struct Say {
    /// Where.
    pub channel: ChannelSid,
    /// The sender's own id of it.
    pub cid: Option<Cid>,
    /// The text, not checked yet. Beside a file it may be empty.
    pub body: String,
    /// The file beside it, not checked yet.
    pub media: Option<MediaSid>,
    /// What programs attach, not checked yet.
    pub attributes: Attributes,
}

/// Appends to streams. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Log {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    guests: Spans<Party>,
    asks: Asks,
    programs: Spans<String>,
    erased: Arc<Notify>,
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").finish_non_exhaustive()
    }
}

impl Log {
    /// The log of a store. `guests` limits what one guest says, over all their connections; `asks`
    /// knows which programs are asked before, and told after.
    #[must_use]
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        guests: Spans<Party>,
        asks: Asks,
    ) -> Self {
        let programs = Spans::new(ACTIONS, ACTIONS_SPAN_MS);
        Self { store, clock, random, guests, programs, asks, erased: Arc::default() }
    }

    /// The store below, to read from.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Says something. Durable when it returns.
    ///
    /// # Errors
    /// [`Refusal`]: it knows its `nack`.
    pub async fn say(&self, party: &Party, say: Say) -> Result<Said, Refusal> {
        let body = match &say.media {
            Some(_) if say.body.is_empty() => String::new(),
            Some(_) | None => Body::parse(&say.body)?.into_string(),
        };
        check_attributes(&say.attributes)?;
        match party.kind {
            PartyKind::Guest => self
                .guests
                .take(party.clone(), self.clock.now())
                .map_err(|after_ms| Refusal::Rate { after_ms })?,
            PartyKind::Agent => {}
        }
        let Say { channel, cid, attributes, media, .. } = say;
        let say = Checked { channel, cid, body, attributes, media, submitted: None };
        let source = Source::Client(party.identity.clone());
        match self.asks.in_channel(&source, &say.channel, Wish::MessageSend).await {
            Ok(None) => self.say_now(party, say).await,
            Ok(Some(asker)) => self.say_if_allowed(party, asker, say).await,
            Err(error) => {
                tracing::error!(%error, "hooks could not be read");
                Err(Refusal::Unavailable)
            }
        }
    }

    async fn say_now(&self, party: &Party, say: Checked) -> Result<Said, Refusal> {
        let channel = say.channel.clone();
        let change = Change::Say {
            channel: say.channel,
            author: Speaker::Member(party.clone()),
            sid: MessageSid::from_bits(self.random.bits()),
            cid: say.cid,
            body: say.body,
            media: say.media,
            attributes: say.attributes,
            submitted: say.submitted,
        };
        match self.change(party, &channel, change).await? {
            Outcome::Said(said) => Ok(said),
            Outcome::Event { .. } | Outcome::Quiet => Err(Refusal::Unavailable),
        }
    }

    /// Moves one of a member's own marks forward. Going nowhere is no error.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn mark(
        &self,
        party: &Party,
        channel: &ChannelSid,
        mark: Mark,
        upto: u64,
    ) -> Result<(), Refusal> {
        let (channel_sid, party_) = (channel.clone(), party.clone());
        let change = Change::Move { channel: channel_sid, party: party_, mark, upto };
        self.change(party, channel, change).await.map(|_| ())
    }

    /// Whether somebody may tell others that they write: members of a chat may.
    ///
    /// # Errors
    /// [`StoreError`] if the store failed.
    pub async fn may_type(&self, party: &Party, stream: &Stream) -> Result<bool, StoreError> {
        Ok(matches!(self.store.access(stream, party).await?, Access::Member(_)))
    }

    /// Counts a program's write to a channel or a service: 30 a second, over five seconds.
    ///
    /// # Errors
    /// The milliseconds to wait.
    pub fn pace(&self, of: &str) -> Result<(), u64> {
        self.programs.take(of.to_owned(), self.clock.now())
    }

    /// Commits changes that were weighed elsewhere in the core, on behalf of `source`, with the
    /// deliveries to whoever hears of them.
    ///
    /// # Errors
    /// [`CommitError`].
    pub async fn commit(
        &self,
        source: &Source,
        mut changes: Vec<Change>,
    ) -> Result<Committed, CommitError> {
        let erases = changes
            .iter()
            .any(|change| matches!(change, Change::Redact { .. } | Change::RemoveChannel { .. }));
        let rewired = rewired(&changes);
        let listeners = self.asks.listeners();
        let deliveries = listeners.tell(source, &changes, self.random.as_ref()).await?;
        changes.extend(deliveries);
        let committed = self.store.commit(changes).await;
        listeners.committed(&rewired);
        if erases && committed.is_ok() {
            self.erased.notify_one();
        }
        committed
    }

    /// Waits until something was erased, since this was last asked. For the one job that takes the
    /// files of it off the disk.
    pub async fn erased(&self) {
        self.erased.notified().await;
    }

    async fn change(
        &self,
        party: &Party,
        channel: &ChannelSid,
        change: Change,
    ) -> Result<Outcome, Refusal> {
        let source = Source::Client(party.identity.clone());
        match self.commit(&source, vec![change]).await {
            Ok(committed) => committed.outcomes.into_iter().next().ok_or(Refusal::Unavailable),
            Err(CommitError::Store(error)) => {
                tracing::error!(%error, "a change was not stored");
                Err(Refusal::Unavailable)
            }
            Err(CommitError::Rejected { reason, .. }) => {
                Err(self.refusal(party, channel, &reason).await)
            }
        }
    }

    /// What is told: somebody who may look is told that they may not speak; to anybody else the
    /// channel is not there.
    async fn refusal(&self, party: &Party, channel: &ChannelSid, reason: &Rejection) -> Refusal {
        match reason {
            Rejection::NotMember | Rejection::NotAuthor => {
                let stream = Stream::Channel(channel.clone());
                match self.store.access(&stream, party).await {
                    Ok(access) if access.can_read() => Refusal::Forbidden,
                    Ok(_) => Refusal::NotFound,
                    Err(_) => Refusal::Unavailable,
                }
            }
            Rejection::Ended => Refusal::Ended,
            Rejection::Conflict => Refusal::Conflict,
            Rejection::NotFound
            | Rejection::Exists
            | Rejection::Full
            | Rejection::TaskTaken { .. }
            | Rejection::TaskClosed
            | Rejection::Answered { .. }
            | Rejection::KeyReused => Refusal::NotFound,
        }
    }
}

fn check_attributes(attributes: &Attributes) -> Result<(), Refusal> {
    if attributes::fits(attributes, MESSAGE_ATTRIBUTES_BYTES) {
        Ok(())
    } else {
        Err(Refusal::AttributesTooLong)
    }
}
