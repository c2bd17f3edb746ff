//! Why somebody could not sign in, in words that say what to do.

use frontdesk_client::Failure;
use frontdesk_protocol::Millis;

/// Why the last try to sign in did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginProblem {
    /// Name or password are missing.
    Incomplete,
    /// Name or password are wrong; the server does not say which.
    Wrong,
    /// Too many tries: the next one counts from this moment on, by the console's own clock.
    Throttled {
        /// When.
        until: Millis,
    },
    /// No answer.
    Unreachable,
    /// The server answered with something else; its own words, if it had any.
    Refused(String),
}

/// What a throttled answer without `Retry-After` means.
const DEFAULT_WAIT_MS: u64 = 60_000;

impl LoginProblem {
    /// The problem that a failed request stands for.
    #[must_use]
    pub fn of(failure: &Failure, now: Millis) -> Self {
        match failure.status {
            0 => Self::Unreachable,
            401 => Self::Wrong,
            429 => Self::Throttled {
                until: now.plus(failure.retry_after_ms.unwrap_or(DEFAULT_WAIT_MS)),
            },
            _ => Self::Refused(failure.error.as_ref().map_or_else(
                || format!("The server answered with status {}.", failure.status),
                |error| error.message.clone(),
            )),
        }
    }

    /// The sentence below the form.
    #[must_use]
    pub fn words(&self, now: Millis) -> String {
        match self {
            Self::Incomplete => "Please give your name and your password.".into(),
            Self::Wrong => "Name or password is not right. Please check both.".into(),
            Self::Throttled { until } => match until.since(now).div_ceil(1_000) {
                0 => "You can try again now.".into(),
                seconds if seconds < 100 => {
                    format!("Too many tries. You can try again in {seconds} s.")
                }
                seconds => {
                    format!("Too many tries. You can try again in {} min.", seconds.div_ceil(60))
                }
            },
            Self::Unreachable => {
                "The server does not answer. Check your connection and try again.".into()
            }
            Self::Refused(words) => words.clone(),
        }
    }

    /// Whether trying now is of no use.
    #[must_use]
    pub fn must_wait(&self, now: Millis) -> bool {
        matches!(self, Self::Throttled { until } if now < *until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(status: u16, retry_after_ms: Option<u64>) -> Failure {
        Failure { status, retry_after_ms, error: None }
    }

    #[test]
    fn a_throttled_login_says_when_to_try_again() {
        let problem = LoginProblem::of(&failure(429, Some(30_000)), Millis(1_000));
        assert_eq!(problem.words(Millis(1_001)), "Too many tries. You can try again in 30 s.");
        assert_eq!(problem.words(Millis(30_999)), "Too many tries. You can try again in 1 s.");
        assert!(problem.must_wait(Millis(30_999)));
        assert_eq!(problem.words(Millis(31_000)), "You can try again now.");
        assert!(!problem.must_wait(Millis(31_000)));
        let problem = LoginProblem::of(&failure(429, Some(900_000)), Millis(0));
        assert_eq!(problem.words(Millis(0)), "Too many tries. You can try again in 15 min.");
    }

    #[test]
    fn each_failure_has_its_words() {
        let of = |status| LoginProblem::of(&failure(status, None), Millis(0));
        assert_eq!(of(0), LoginProblem::Unreachable);
        assert_eq!(of(401), LoginProblem::Wrong);
        assert_eq!(of(503), LoginProblem::Refused("The server answered with status 503.".into()));
        assert_eq!(of(429), LoginProblem::Throttled { until: Millis(60_000) });
    }
}
