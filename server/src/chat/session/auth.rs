//! Who the connection is, and for how long.

use frontdesk_protocol::{
    CloseCode, Millis,
    frame::{Nack, NackCode, ServerFrame},
};

use super::{Effect, Grant, Session, Settings, TokenRefusal};
use crate::storage::Party;

/// A token that was taken, with its end on the clock that never jumps.
#[derive(Debug)]
pub(super) struct Token {
    grant: Grant,
    /// When the client is told; `None` once it was.
    soon_at: Option<Millis>,
    ends_at: Millis,
    /// The end of the grace.
    over_at: Millis,
}

impl Token {
    pub(super) fn new(now: Millis, grant: Grant, settings: &Settings) -> Self {
        let left_ms = grant.exp.since(grant.wall);
        let ends_at = now.plus(left_ms);
        Self {
            soon_at: Some(now.plus(left_ms.saturating_sub(settings.auth_soon_ms))),
            ends_at,
            over_at: ends_at.plus(settings.grace_ms),
            grant,
        }
    }

    pub(super) const fn party(&self) -> &Party {
        &self.grant.party
    }

    pub(super) const fn exp(&self) -> Millis {
        self.grant.exp
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
            return self.close(CloseCode::TokenExpired, "the token has expired");
        }
        if token.soon_at.is_some_and(|at| now >= at) {
            token.soon_at = None;
            let in_ms = token.ends_at.since(now);
            self.send(&ServerFrame::AuthSoon { in_ms });
        }
    }

    /// `auth`: a new token of the same subject.
    pub(super) fn refresh(&mut self, token: String) {
        if self.refreshing {
            return self.refuse_auth(NackCode::Rate, true);
        }
        self.refreshing = true;
        self.effects.push(Effect::Verify { token });
    }

    pub(super) fn refreshed(&mut self, now: Millis, verdict: Result<Grant, TokenRefusal>) {
        match verdict {
            Ok(grant) => {
                let same = self.token.as_ref().is_some_and(|token| *token.party() == grant.party);
                if !same {
                    self.refuse_auth(NackCode::Unauthorized, false);
                    return self.close(CloseCode::TokenRefused, "the token is somebody else's");
                }
                let exp = grant.exp;
                self.token = Some(Token::new(now, grant, &self.settings));
                self.effects.push(Effect::Adopt);
                self.send(&ServerFrame::AuthOk { exp });
            }
            Err(TokenRefusal::Unavailable) => self.refuse_auth(NackCode::Unavailable, true),
            // The token before is still good until its own end.
            Err(TokenRefusal::Expired) => self.refuse_auth(NackCode::Unauthorized, false),
            Err(refusal @ (TokenRefusal::Refused | TokenRefusal::Origin)) => {
                self.refuse_auth(NackCode::Unauthorized, false);
                let (code, reason) = refusal.close();
                self.close(code, reason);
            }
        }
    }

    fn refuse_auth(&mut self, code: NackCode, retry: bool) {
        self.nack(Nack { cid: None, ch: None, code, retry, after: None });
    }
}
