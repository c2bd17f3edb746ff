//! Saying something that a program wants to be asked about.
//!
//! Whoever gives up waiting for the answer (a connection that broke) may say the same again at once.
//! Each message is therefore worked on by a task of its own, one at a time: the second finds what
//! the first came to, and no message is said and refused at once.

use frontdesk_protocol::{Body, limits::MESSAGE_ATTRIBUTES_BYTES};

use super::{Log, Refusal, Source};
use crate::{
    listeners::{Asked, Asker, payload, reply::Changes},
    storage::{Access, Party, Said},
};
use frontdesk_protocol::{
    ChannelSid, Cid, MediaSid, Stream,
    attributes::{self, Attributes},
    state::Status,
};

/// What somebody wants to say; it was checked.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    pub(super) channel: ChannelSid,
    pub(super) cid: Option<Cid>,
    pub(super) body: String,
    pub(super) attributes: Attributes,
    /// The file beside it.
    pub(super) media: Option<MediaSid>,
    /// What it was before a program changed it.
    pub(super) submitted: Option<(String, Attributes)>,
}

impl Log {
    /// Asks, and says what may be said.
    pub(super) async fn say_if_allowed(
        &self,
        party: &Party,
        asker: Asker,
        say: Checked,
    ) -> Result<Said, Refusal> {
        let (log, party) = (self.clone(), party.clone());
        let said = tokio::spawn(async move { log.ask_and_say(&party, &asker, say).await });
        said.await.unwrap_or(Err(Refusal::Unavailable))
    }

    async fn ask_and_say(
        &self,
        party: &Party,
        asker: &Asker,
        say: Checked,
    ) -> Result<Said, Refusal> {
        let identity = party.identity.clone();
        let _turn = match say.cid {
            Some(cid) => Some(self.asks.message(say.channel.clone(), identity, cid).await),
            None => None,
        };
        if !self.is_worth_asking(party, &say).await? {
            // The store has the answer: the first position, or why not.
            return self.say_now(party, say).await;
        }
        let source = Source::Client(party.identity.clone());
        let (channel, from) = (&say.channel, &party.identity);
        let (body, attributes) = (&say.body, &say.attributes);
        let tell = |place: payload::Place<'_>| {
            payload::message_send(place, channel, from, body, attributes)
        };
        match self.asks.ask(asker, &source, tell).await {
            Asked::Go(changes) => self.say_now(party, changed(say, &changes)).await,
            Asked::No(_) => Err(Refusal::Refused),
            Asked::Down => Err(Refusal::Unavailable),
        }
    }

    /// Whether it is new, and may be said as far as the store is asked.
    async fn is_worth_asking(&self, party: &Party, say: &Checked) -> Result<bool, Refusal> {
        let unavailable = |error| {
            tracing::error!(%error, "a message could not be looked up");
            Refusal::Unavailable
        };
        if let Some(cid) = say.cid {
            let said = self.store.is_said(&say.channel, &party.identity, cid).await;
            if said.map_err(unavailable)? {
                return Ok(false);
            }
        }
        let stream = Stream::Channel(say.channel.clone());
        let access = self.store.access(&stream, party).await.map_err(unavailable)?;
        if !matches!(access, Access::Member(_)) {
            return Ok(false);
        }
        let channel = self.store.channel(&say.channel).await.map_err(unavailable)?;
        Ok(channel.is_some_and(|channel| channel.status == Status::Active))
    }
}

/// What a program makes of a message. A text or attributes that no message may have are left as
/// they were; so is the author, who comes from the token.
fn changed(say: Checked, changes: &Changes) -> Checked {
    let body = changes.text("Body").map(Body::parse);
    let attributes = changes.object("Attributes");
    let fits = |attributes: &Attributes| attributes::fits(attributes, MESSAGE_ATTRIBUTES_BYTES);
    let is_wrong = matches!(body, Some(Err(_))) || attributes.as_ref().is_some_and(|a| !fits(a));
    if is_wrong {
        tracing::warn!(channel = %say.channel, "a program made a message of what can be none");
    }
    let body = body.and_then(Result::ok).map(Body::into_string);
    let attributes = attributes.filter(fits);
    if body.is_none() && attributes.is_none() {
        return say;
    }
    Checked {
        body: body.unwrap_or_else(|| say.body.clone()),
        attributes: attributes.unwrap_or_else(|| say.attributes.clone()),
        media: say.media,
        submitted: Some((say.body, say.attributes)),
        channel: say.channel,
        cid: say.cid,
    }
}
