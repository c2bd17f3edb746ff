//! The token: got once, kept fresh, and got again when it was refused.

use frontdesk_protocol::{Identity, Millis, rest::TokenAnswer};

use crate::{
    effect::TokenWish,
    http::RequestId,
    profile::{GuestProfile, Profile},
    session::Session,
};

/// How long an answer may take.
pub(crate) const ANSWER_MS: u64 = 15_000;

/// A token that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) token: String,
    pub(crate) secret: Option<String>,
    pub(crate) identity: Identity,
    /// When it ends, by the caller's clock.
    pub(crate) expires: Millis,
}

/// The token machine.
#[derive(Debug, Clone, Default)]
pub(crate) struct Token {
    held: Option<Held>,
    /// The server said that the held one is of no use.
    is_spent: bool,
    asked: Option<RequestId>,
    /// Refused once since the last welcome: a second refusal is final.
    is_doubted: bool,
}

impl Token {
    pub(crate) const fn held(&self) -> Option<&Held> {
        self.held.as_ref()
    }

    /// The token, if it can be used now. One that has ended by our clock is worth a new one.
    pub(crate) fn usable(&self, now: Millis) -> Option<&Held> {
        self.held.as_ref().filter(|held| !self.is_spent && now < held.expires)
    }

    pub(crate) const fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// Takes up what was on disk, or what another tab got.
    pub(crate) fn restore(&mut self, session: &Session, now: Millis, wall: Millis) {
        let is_new = self.held.as_ref().is_none_or(|held| held.token != session.token);
        if is_new {
            self.held = Some(Held {
                token: session.token.clone(),
                secret: session.secret.clone(),
                identity: session.identity.clone(),
                expires: now.plus(session.expires.since(wall)),
            });
            self.is_spent = false;
        }
    }

    /// Asks for a token: the same guest again if there is a secret, else a new one.
    pub(crate) fn ask(&mut self, profile: &Profile, request: RequestId) -> TokenWish {
        self.asked = Some(request);
        match profile {
            Profile::Agent { .. } => TokenWish::Agent,
            Profile::Guest(guest) => self.guest_wish(guest),
        }
    }

    fn guest_wish(&self, guest: &GuestProfile) -> TokenWish {
        let secret = self.held.as_ref().and_then(|held| held.secret.clone().zip(Some(&held.token)));
        match secret {
            Some((secret, token)) => {
                TokenWish::Refresh { account: guest.account.clone(), secret, token: token.clone() }
            }
            None => TokenWish::Fresh { account: guest.account.clone(), site: guest.site.clone() },
        }
    }

    /// Whether this answers what is asked; from then on nothing is.
    pub(crate) fn answered(&mut self, request: RequestId) -> bool {
        let is_ours = self.asked == Some(request);
        if is_ours {
            self.asked = None;
        }
        is_ours
    }

    /// Nobody answered.
    pub(crate) const fn give_up_asking(&mut self) {
        self.asked = None;
    }

    /// A token came. A refresh that brings no new secret leaves the old one valid.
    pub(crate) fn take(&mut self, answer: TokenAnswer, now: Millis) {
        let secret = answer.secret.or_else(|| self.held.take().and_then(|held| held.secret));
        self.held = Some(Held {
            token: answer.token,
            secret,
            identity: answer.identity,
            expires: now.plus(answer.ttl.saturating_mul(1_000)),
        });
        self.is_spent = false;
    }

    /// The server says that the token has ended: a new one is due.
    pub(crate) const fn expire(&mut self) {
        self.is_spent = true;
    }

    /// The server refused the token. True if a new one is worth a try.
    pub(crate) const fn refuse(&mut self) -> bool {
        self.is_spent = true;
        !std::mem::replace(&mut self.is_doubted, true)
    }

    /// The server took the token.
    pub(crate) const fn welcome(&mut self) {
        self.is_doubted = false;
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_protocol::{
        form::Form,
        id::{AccountSid, FlowSid},
    };

    use super::*;

    fn guest() -> Profile {
        Profile::Guest(Box::new(GuestProfile {
            account: AccountSid::from_bits(1),
            flow: FlowSid::from_bits(1),
            site: "site".into(),
            form: Form::default(),
            default_name: String::new(),
        }))
    }

    fn answer(token: &str, secret: Option<&str>) -> TokenAnswer {
        TokenAnswer {
            token: token.into(),
            identity: Identity::parse("guest").unwrap(),
            roles: Vec::new(),
            expiration: String::new(),
            ttl: 900,
            secret: secret.map(str::to_owned),
        }
    }

    #[test]
    fn a_guest_is_new_once_and_then_comes_back_by_the_secret() {
        let mut token = Token::default();
        assert!(matches!(token.ask(&guest(), RequestId(1)), TokenWish::Fresh { .. }));
        assert!(!token.answered(RequestId(9)), "an answer to something else");
        assert!(token.answered(RequestId(1)) && !token.is_asked());
        token.take(answer("t1", Some("s1")), Millis(0));
        token.take(answer("t2", None), Millis(0));
        let TokenWish::Refresh { secret, token, .. } = token.ask(&guest(), RequestId(2)) else {
            panic!("a refresh");
        };
        assert_eq!((secret.as_str(), token.as_str()), ("s1", "t2"), "the old secret still holds");
    }

    #[test]
    fn a_token_is_usable_until_it_ends_or_is_refused() {
        let mut token = Token::default();
        token.take(answer("t1", None), Millis(1_000));
        assert!(token.usable(Millis(900_999)).is_some() && token.usable(Millis(901_000)).is_none());
        token.expire();
        assert!(token.usable(Millis(1_000)).is_none() && token.held().is_some());
    }

    #[test]
    fn a_second_refusal_in_a_row_is_final() {
        let mut token = Token::default();
        assert!(token.refuse() && !token.refuse());
        token.welcome();
        assert!(token.refuse());
    }
}
