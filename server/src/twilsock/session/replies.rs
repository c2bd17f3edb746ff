//! Answers to frames.

use serde_json::{Value, json};

use super::{super::calls::Answer, Session};
use crate::http::bearer::BearerError;

/// How a frame was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Status {
    pub(super) code: u16,
    pub(super) status: &'static str,
    /// The retired service's number for what went wrong.
    pub(super) error: Option<u32>,
}

impl Status {
    pub(super) const OK: Self = Self { code: 200, status: "OK", error: None };

    pub(super) const fn of(error: BearerError) -> Self {
        match error {
            BearerError::Expired => Self { code: 401, status: "UNAUTHORIZED", error: Some(20_104) },
            BearerError::Refused => Self { code: 401, status: "UNAUTHORIZED", error: Some(20_101) },
            BearerError::Origin => Self { code: 403, status: "FORBIDDEN", error: Some(20_403) },
            BearerError::Unavailable => {
                Self { code: 503, status: "SERVICE_UNAVAILABLE", error: Some(20_503) }
            }
        }
    }
}

impl Session {
    /// Answers a frame. `more` is what its header says beside.
    pub(super) fn reply(&mut self, id: &str, status: Status, more: Value, body: Option<&Value>) {
        let mut header = more;
        header["method"] = "reply".into();
        header["id"] = id.into();
        header["status"] = json!({ "code": status.code, "status": status.status });
        if let Some(error) = status.error {
            header["status"]["errorCode"] = error.into();
        }
        self.send(header, body);
    }

    /// Answers a request that a frame carried.
    pub(super) fn reply_with(&mut self, id: &str, answer: &Answer) {
        let status = if answer.status < 300 { "OK" } else { "ERROR" };
        let more = json!({
            "http_status": { "code": answer.status, "status": status },
            "http_headers": {},
        });
        self.reply(id, Status::OK, more, Some(&answer.body));
    }

    /// Says that a request comes too soon.
    pub(super) fn throttle(&mut self, id: &str, after_ms: u64) {
        let mut answer = Answer::error(429, 20_429, "too many requests");
        answer.body["backoff_policy"] = json!({ "reconnect_min_ms": after_ms });
        self.reply_with(id, &answer);
    }
}
