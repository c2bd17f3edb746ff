//! What a session asks of the core, one future each.

use std::sync::Arc;

use frontdesk_protocol::{Millis, id::KeySid};

use crate::{
    app::App,
    auth::{access, tokens::Token},
    http::{
        bearer::{self, BearerError},
        origin::RequestOrigin,
    },
    rooms::{Actor, ActorKind},
    storage::StoreError,
    twilsock::{
        calls::{self, Answer, Ask, find},
        feed::{self, Reader},
        objects::Object,
        session::{Effect, Event, Shut, event::Sought},
        sessions::Sessions,
    },
};

/// What came of an errand.
pub(super) enum Done {
    /// An answer for the session.
    Event(Box<Event>),
    /// A token was looked at.
    Verified(Result<Bearer, BearerError>),
    /// A request was answered.
    Answered { number: u64, answer: Box<Answer> },
}

/// Somebody with a token that was proven.
#[derive(Debug)]
pub(super) struct Bearer {
    pub(super) actor: Actor,
    pub(super) family: u128,
    /// What an access token was signed with.
    pub(super) key: Option<KeySid>,
    pub(super) expires: Millis,
}

/// What errands need.
pub(super) struct Errands {
    pub(super) app: Arc<App>,
    pub(super) sessions: Sessions,
    pub(super) from: RequestOrigin,
}

impl Errands {
    pub(super) async fn run(self: Arc<Self>, bearer: Option<Arc<Bearer>>, effect: Effect) -> Done {
        if let Effect::Verify { token } = &effect {
            return Done::Verified(self.verify(token).await);
        }
        let Some(bearer) = bearer else { return nobody() };
        if self.app.revocations.is_revoked(bearer.family) {
            return Done::Event(Box::new(Event::Shut(Shut::Refused)));
        }
        let (app, sessions, actor) = (self.app.as_ref(), &self.sessions, &bearer.actor);
        let event = match effect {
            Effect::Call { number, call } => {
                let root = app.config.origin().to_string();
                let ask = Ask { app, sessions, actor, call: &call, root: &root };
                let answer = Box::new(calls::answer(ask).await);
                return Done::Answered { number, answer };
            }
            Effect::Resolve { correlation, sought } => {
                let mut found = Vec::new();
                for sought in sought {
                    let object = self.resolve(actor, &sought).await;
                    found.push((sought, object));
                }
                Event::Resolved { correlation, found }
            }
            Effect::Feed { number, topic, wishes, refresh } => {
                let reader = Reader { app, sessions, actor };
                let fed = feed::read(reader, &topic, wishes, &refresh).await;
                if let Err(error) = &fed {
                    tracing::error!(%error, "what happened could not be read");
                }
                Event::Fed { number, topic, result: fed.map(Box::new) }
            }
            Effect::Verify { .. }
            | Effect::Adopt
            | Effect::Follow(_)
            | Effect::Unfollow(_)
            | Effect::Ping
            | Effect::Send(_)
            | Effect::Close { .. } => return nobody(),
        };
        Done::Event(Box::new(event))
    }

    async fn verify(&self, text: &str) -> Result<Bearer, BearerError> {
        let minted = access::is_one(text);
        let token = match self.from {
            // A program of the account's, which is on no page.
            RequestOrigin::Nowhere if minted => self.app.identify(text, None).await??,
            RequestOrigin::Nowhere | RequestOrigin::Own(_) | RequestOrigin::Page(_) => {
                bearer::verify(&self.app, text, &self.from).await?
            }
        };
        match token {
            Token::Guest(token) => {
                // Only what an account's own server minted was signed with a key of its.
                let kind = match &token.key {
                    Some(_) => ActorKind::User,
                    None => ActorKind::Visitor,
                };
                Ok(Bearer {
                    actor: Actor { party: token.party, kind },
                    family: token.family,
                    key: token.key,
                    expires: token.expires,
                })
            }
            // Agents have the console, which speaks its own protocol.
            Token::Agent(_) => Err(BearerError::Refused),
        }
    }

    /// The object with a SID, if they may see it.
    async fn resolve(&self, actor: &Actor, sought: &Sought) -> Result<Option<Object>, StoreError> {
        for object in Object::candidates(&sought.sid) {
            let is_kind = object.kind().word() == sought.kind;
            if is_kind && find::may_see(&self.app, &self.sessions, actor, &object).await? {
                return Ok(Some(object));
            }
        }
        Ok(None)
    }
}

/// A session asks for nothing before it has adopted a token; should it, the connection ends.
fn nobody() -> Done {
    Done::Event(Box::new(Event::Shut(Shut::Away)))
}
