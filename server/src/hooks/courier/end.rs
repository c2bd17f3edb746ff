//! How an attempt ended, and what is made of it.

use http::StatusCode;

use crate::hooks::post::{Answered, CallError};

/// Longest reason that is kept.
const REASON_CHARS: usize = 200;

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The receiver took it.
    Taken,
    /// There was nothing to send any more: it was dropped meanwhile.
    Gone,
    /// The receiver answers, and does not want it: the same again cannot help.
    Refused {
        /// Why, without what was told.
        error: String,
    },
    /// The same again can help.
    Failed {
        /// Why, without what was told.
        error: String,
        /// How long the receiver wants to be left alone.
        asked_ms: Option<u64>,
    },
}

impl End {
    /// What a call came to. A receiver that is overloaded or broken is asked again; one that refuses
    /// is not, because what it cannot take would hold up all that comes after it.
    #[must_use]
    pub fn of(called: &Result<Answered, CallError>) -> Self {
        match called {
            Ok(answer) if answer.status.is_success() => Self::Taken,
            Ok(answer) => {
                let error = format!("status {}", answer.status.as_u16());
                if comes_again(answer.status) {
                    let asked = answer.retry_after;
                    let asked_ms =
                        asked.map(|asked| u64::try_from(asked.as_millis()).unwrap_or(u64::MAX));
                    Self::Failed { error, asked_ms }
                } else {
                    Self::Refused { error }
                }
            }
            Err(error) => {
                let text = error.to_string().chars().take(REASON_CHARS).collect();
                if error.is_temporary() {
                    Self::Failed { error: text, asked_ms: None }
                } else {
                    Self::Refused { error: text }
                }
            }
        }
    }
}

fn comes_again(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS
        )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::hooks::{address::BadAddress, guard::Denied};

    fn answered(status: u16, retry_after: Option<u64>) -> End {
        End::of(&Ok(Answered {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: retry_after.map(Duration::from_secs),
            body: Vec::new(),
            whole: true,
        }))
    }

    #[test]
    fn a_status_says_whether_it_comes_again() {
        for status in [200, 201, 202, 204, 299] {
            assert_eq!(answered(status, None), End::Taken, "{status}");
        }
        for status in [301, 302, 304, 307, 308, 400, 401, 403, 404, 410, 413, 422] {
            let error = format!("status {status}");
            assert_eq!(answered(status, Some(5)), End::Refused { error }, "{status}");
        }
        for status in [408, 425, 429, 500, 502, 503, 504, 599] {
            let error = format!("status {status}");
            let asked_ms = Some(5_000);
            assert_eq!(answered(status, Some(5)), End::Failed { error, asked_ms }, "{status}");
        }
        let failed = answered(503, Some(u64::MAX));
        assert!(matches!(failed, End::Failed { asked_ms: Some(u64::MAX), .. }));
    }

    #[test]
    fn an_address_that_is_none_never_gets_better_and_a_private_one_may() {
        assert!(matches!(End::of(&Err(BadAddress::Scheme.into())), End::Refused { .. }));
        assert!(matches!(End::of(&Err(Denied.into())), End::Failed { asked_ms: None, .. }));
        assert!(matches!(End::of(&Err(CallError::TimedOut)), End::Failed { .. }));
    }
}
