//! Who the connection is, and for how long.

use frontdesk_protocol::Millis;
use serde_json::json;

use super::{Effect, Grant, Phase, Session, Settings, Shut, replies::Status};
use crate::{http::bearer::BearerError, storage::Party};

/// A token that was taken, with its end on the clock that never jumps.
#[derive(Debug)]
pub(super) struct Token {
    party: Party,
    /// When the client is told; `None` once it was.
    soon_at: Option<Millis>,
    /// The end of the grace.
    over_at: Millis,
}

impl Token {
    fn new(now: Millis, grant: Grant, settings: &Settings) -> Self {
        let left_ms = grant.exp.since(grant.wall);
        Self {
            party: grant.party,
            soon_at: Some(now.plus(left_ms.saturating_sub(settings.soon_ms))),
            over_at: now.plus(left_ms).plus(settings.grace_ms),
        }
    }

    /// When [`Session::token_tick`] has something to do.
    pub(super) fn deadline(&self) -> Millis {
        self.soon_at.unwrap_or(self.over_at)
    }
}

impl Session {
    pub(super) fn token_tick(&mut self, now: Millis) {
        let Some(token) = &mut self.token else { return };
        if now >= token.over_at {
            return self.shut(Shut::Expired);
        }
        if token.soon_at.is_some_and(|at| now >= at) {
            token.soon_at = None;
            let id = self.next_id();
            let kind = "token_about_to_expire";
            let header = json!({ "method": "client_update", "id": id, "client_update_type": kind });
            self.send(header, None);
        }
    }

    /// `update`: a new token of the same party.
    pub(super) fn update_token(&mut self, id: String, token: String) {
        if self.updating.is_some() {
            let status = Status { code: 429, status: "TOO_MANY_REQUESTS", error: None };
            return self.reply(&id, status, json!({}), None);
        }
        self.updating = Some(id);
        self.effects.push(Effect::Verify { token });
    }

    pub(super) fn verified(&mut self, now: Millis, verdict: Result<Grant, BearerError>) {
        match std::mem::replace(&mut self.phase, Phase::Open) {
            Phase::Verifying { id, continuation, .. } => match verdict {
                Ok(grant) => self.welcome(now, &id, continuation.as_deref(), grant),
                Err(error) => self.refuse(&id, error),
            },
            phase @ (Phase::Open | Phase::Waiting { .. } | Phase::Closed) => {
                self.phase = phase;
                if let Some(id) = self.updating.take() {
                    self.renewed(now, &id, verdict);
                }
            }
        }
    }

    fn welcome(&mut self, now: Millis, id: &str, continuation: Option<&str>, grant: Grant) {
        let storage_id = self.settings.storage_id(&grant.party);
        // It says whose connections go on, and is good for nothing else.
        let token = format!("CT{storage_id}");
        let reissued = continuation != Some(token.as_str());
        let reason = if continuation.is_some() { "EXPIRED" } else { "MISSING" };
        let more = json!({
            "continuation_token": token,
            "continuation_token_status": {
                "reissued": reissued,
                "reissue_reason": reissued.then_some(reason),
                "reissue_message": "",
            },
            "offline_storage": { "ip_messaging": { "storage_id": storage_id } },
            "init_registrations": [],
            "capabilities": ["client_update", "offline_storage", "telemetry.v1"],
            "debug_info": {},
        });
        self.token = Some(Token::new(now, grant, &self.settings));
        self.effects.push(Effect::Adopt);
        self.heart.start(now, self.settings.heartbeat_ms);
        self.reply(id, Status::OK, more, None);
    }

    fn renewed(&mut self, now: Millis, id: &str, verdict: Result<Grant, BearerError>) {
        match verdict {
            Ok(grant) if self.token.as_ref().is_some_and(|token| token.party == grant.party) => {
                self.token = Some(Token::new(now, grant, &self.settings));
                self.effects.push(Effect::Adopt);
                self.reply(id, Status::OK, json!({}), None);
            }
            Ok(_) => self.refuse(id, BearerError::Refused),
            // The token before is still good until its own end.
            Err(error @ BearerError::Unavailable) => {
                self.reply(id, Status::of(error), json!({}), None);
            }
            Err(error) => self.refuse(id, error),
        }
    }

    /// Says that a token is not taken, and ends the connection.
    pub(super) fn refuse(&mut self, id: &str, error: BearerError) {
        self.reply(id, Status::of(error), json!({}), None);
        let shut = match error {
            BearerError::Expired => Shut::Expired,
            BearerError::Refused | BearerError::Origin => Shut::Refused,
            BearerError::Unavailable => Shut::Away,
        };
        self.close(shut, true);
    }
}
