//! Ending a chat: asked until it is answered. The end itself comes by the channel's log.

use frontdesk_protocol::ChannelSid;

use crate::http::{Failure, RequestId};

/// How long an answer may take.
pub(crate) const ANSWER_MS: u64 = 15_000;
/// Tries in a row after which the user is told.
const TRIES: u32 = 5;

/// The wish to end a chat.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ending {
    channel: Option<ChannelSid>,
    asked: Option<RequestId>,
    tries: u32,
    /// The server has agreed; the log will tell.
    is_agreed: bool,
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An answer to something that is no longer asked.
    Stale,
    /// The server will end it.
    Done,
    /// Again after a pause; the tries so far, and at least so many milliseconds.
    Again(u32, u64),
    /// A new token, then again.
    NewToken(u32),
    /// It cannot be ended.
    Failed,
}

impl Ending {
    /// The user wants the end. False if it is wanted already.
    pub(crate) fn begin(&mut self, channel: ChannelSid) -> bool {
        if self.channel.as_ref() == Some(&channel) {
            return false;
        }
        *self = Self { channel: Some(channel), ..Self::default() };
        true
    }

    /// Whether the end is wanted and has not come.
    pub(crate) const fn is_wanted(&self) -> bool {
        self.channel.is_some()
    }

    /// The chat to ask the end of, if nothing is on its way.
    pub(crate) fn ask(&mut self, request: RequestId) -> Option<ChannelSid> {
        if self.asked.is_some() || self.is_agreed {
            return None;
        }
        let channel = self.channel.clone()?;
        self.asked = Some(request);
        Some(channel)
    }

    /// The answer is here.
    pub(crate) fn answered(&mut self, request: RequestId, result: &Result<(), Failure>) -> Outcome {
        if self.asked != Some(request) {
            return Outcome::Stale;
        }
        match result {
            Ok(()) => {
                self.asked = None;
                self.is_agreed = true;
                Outcome::Done
            }
            Err(failure) => self.failed(failure),
        }
    }

    /// No answer came in time.
    pub(crate) fn timed_out(&mut self) -> Outcome {
        if self.asked.is_some() { self.failed(&Failure::unreachable()) } else { Outcome::Stale }
    }

    fn failed(&mut self, failure: &Failure) -> Outcome {
        self.asked = None;
        self.tries += 1;
        if self.tries < TRIES {
            if failure.is_temporary() {
                return Outcome::Again(self.tries, failure.retry_after_ms.unwrap_or(0));
            }
            if failure.status == 401 {
                return Outcome::NewToken(self.tries);
            }
        }
        self.forget();
        Outcome::Failed
    }

    /// The chat has ended, or is gone.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16) -> Result<(), Failure> {
        Err(Failure { status, retry_after_ms: None, error: None })
    }

    fn asked() -> Ending {
        let mut ending = Ending::default();
        assert!(ending.begin(ChannelSid::from_bits(1)) && !ending.begin(ChannelSid::from_bits(1)));
        assert!(ending.ask(RequestId(1)).is_some() && ending.ask(RequestId(2)).is_none());
        ending
    }

    #[test]
    fn each_answer_means_something() {
        let check = |result, expected| {
            assert_eq!(asked().answered(RequestId(1), &result), expected);
        };
        check(Ok(()), Outcome::Done);
        check(failure(503), Outcome::Again(1, 0));
        check(failure(401), Outcome::NewToken(1));
        check(failure(404), Outcome::Failed);
        assert_eq!(asked().answered(RequestId(9), &Ok(())), Outcome::Stale);
        assert_eq!(asked().timed_out(), Outcome::Again(1, 0));
        assert_eq!(Ending::default().timed_out(), Outcome::Stale);
    }

    #[test]
    fn what_the_server_agreed_to_is_not_asked_again() {
        let mut ending = asked();
        ending.answered(RequestId(1), &Ok(()));
        assert!(ending.is_wanted() && ending.ask(RequestId(2)).is_none());
    }

    #[test]
    fn the_fifth_failure_is_told() {
        let mut ending = asked();
        for n in 2..6 {
            assert!(matches!(ending.timed_out(), Outcome::Again(..)));
            ending.ask(RequestId(n));
        }
        assert_eq!(ending.timed_out(), Outcome::Failed);
        assert!(!ending.is_wanted());
    }
}
