//! What a session asks of the core, one future each.

use std::sync::Arc;

use frontdesk_protocol::{
    CloseCode, Stream,
    frame::NackCode,
    limits::{PAGE_BYTES, PAGE_ITEMS, SNAPSHOT_ITEMS},
    state::StreamState,
};

use crate::{
    app::App,
    auth::tokens::Token,
    chat::session::{Effect, Event, Refused, TokenRefusal, Unreadable},
    http::{
        bearer::{self, BearerError},
        origin::RequestOrigin,
    },
    log::Say,
    storage::{Head, Party, Snapshot, StoreError},
};

/// What came of an errand.
pub(super) enum Done {
    /// An answer for the session. Boxed: few of them wait at a time, and then they are large.
    Event(Box<Event>),
    /// A token was looked at.
    Verified(Result<Arc<Token>, TokenRefusal>),
    /// The others may be told.
    MayType { stream: Stream, on: bool },
    /// They may not.
    MayNotType,
}

/// What errands need.
pub(super) struct Errands {
    pub(super) app: Arc<App>,
    pub(super) from: RequestOrigin,
}

impl Errands {
    pub(super) async fn run(self: Arc<Self>, token: Option<Arc<Token>>, effect: Effect) -> Done {
        if let Effect::Verify { token } = &effect {
            return Done::Verified(self.verify(token).await.map(Arc::new));
        }
        let Some(token) = token else { return nobody() };
        let party = token.party();
        let event = match effect {
            Effect::Follow { ticket, stream } => {
                let head = self.head(party, &stream).await;
                Event::Followed { ticket, stream, head }
            }
            Effect::ReadSnapshot { ticket, stream } => {
                let read = self.app.store().snapshot(&stream, SNAPSHOT_ITEMS).await;
                let snapshot = match read {
                    Ok(snapshot) => {
                        let snapshot = Box::new(snapshot.unwrap_or_else(nothing_yet));
                        self.still(party, &stream, snapshot).await
                    }
                    Err(error) => Err(failed(&error)),
                };
                Event::SnapshotRead { ticket, stream, snapshot }
            }
            Effect::ReadEvents { ticket, stream, after } => {
                let read = self.app.store().events(&stream, after, PAGE_ITEMS, PAGE_BYTES).await;
                let events = match read {
                    Ok(events) => self.still(party, &stream, events).await,
                    Err(error) => Err(failed(&error)),
                };
                Event::EventsRead { ticket, stream, events }
            }
            Effect::ReadPage { channel, from, limit } => {
                let page = match self.app.store().messages(&channel, from, limit).await {
                    Ok(page) => self.still(party, &Stream::Channel(channel), page).await,
                    Err(error) => Err(failed(&error)),
                };
                Event::PageRead(page)
            }
            Effect::Say { channel, cid, body, attributes } => {
                if self.app.revocations.is_revoked(token.family()) {
                    let code = NackCode::Unauthorized;
                    Event::Committed(Err(Refused { code, retry: false, after: None }))
                } else {
                    let body = body.into_string();
                    let say = Say { channel, cid: Some(cid), body, media: None, attributes };
                    Event::Committed(self.app.log.say(party, say).await.map_err(|refusal| {
                        let (code, retry) = (refusal.code(), refusal.is_temporary());
                        Refused { code, retry, after: refusal.after_ms() }
                    }))
                }
            }
            Effect::Move { channel, mark, seq } => {
                // A mark that cannot be moved is sent again by itself, or not worth a word.
                let _ = self.app.log.mark(party, &channel, mark, seq).await;
                Event::Marked
            }
            Effect::Type { channel, on } => {
                let stream = Stream::Channel(channel);
                return match self.app.log.may_type(party, &stream).await {
                    Ok(true) => Done::MayType { stream, on },
                    Ok(false) | Err(_) => Done::MayNotType,
                };
            }
            Effect::Recheck { streams } => {
                if self.app.revocations.is_revoked(token.family()) {
                    Event::Rechecked(Err(TokenRefusal::Refused))
                } else {
                    let heads = self.app.store().heads(&streams).await;
                    let heads = heads.map_err(|_| TokenRefusal::Unavailable);
                    Event::Rechecked(heads.map(|heads| {
                        heads.into_iter().map(|(stream, head)| (stream, head.head)).collect()
                    }))
                }
            }
            Effect::Verify { .. }
            | Effect::Adopt
            | Effect::Unfollow { .. }
            | Effect::Send(_)
            | Effect::Close { .. } => return nobody(),
        };
        Done::Event(Box::new(event))
    }

    /// Whether the token is good, and from this Origin.
    async fn verify(&self, text: &str) -> Result<Token, TokenRefusal> {
        bearer::verify(&self.app, text, &self.from).await.map_err(|error| match error {
            BearerError::Expired => TokenRefusal::Expired,
            BearerError::Refused => TokenRefusal::Refused,
            BearerError::Origin => TokenRefusal::Origin,
            BearerError::Unavailable => TokenRefusal::Unavailable,
        })
    }

    async fn head(&self, party: &Party, stream: &Stream) -> Result<Head, Unreadable> {
        let store = self.app.store();
        let access = store.access(stream, party).await.map_err(|error| failed(&error))?;
        if !access.can_read() {
            return Err(Unreadable::NotFound);
        }
        let heads = store.heads(std::slice::from_ref(stream)).await;
        let heads = heads.map_err(|error| failed(&error))?;
        Ok(heads.get(stream).copied().unwrap_or(Head { head: 0, oldest: 1 }))
    }

    /// What was read, if they may still read it. Asked after the read: who may now could then.
    async fn still<T>(&self, party: &Party, stream: &Stream, read: T) -> Result<T, Unreadable> {
        match self.app.store().access(stream, party).await {
            Ok(access) if access.can_read() => Ok(read),
            Ok(_) => Err(Unreadable::NotFound),
            Err(error) => Err(failed(&error)),
        }
    }
}

/// A stream that somebody may follow and in which nothing has happened.
fn nothing_yet() -> Snapshot {
    Snapshot { seq: 0, state: StreamState::default(), items: Vec::new(), more: false }
}

fn failed(error: &StoreError) -> Unreadable {
    tracing::error!(%error, "a stream could not be read");
    Unreadable::Unavailable
}

/// A session asks for nothing before it has adopted a token; should it, the connection ends.
fn nobody() -> Done {
    let (code, reason) = (CloseCode::TryLater, "out of step");
    Done::Event(Box::new(Event::Shut { code, reason }))
}
