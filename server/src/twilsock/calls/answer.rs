//! What a request is answered, and refusals with the codes of the retired service.

use frontdesk_protocol::ChannelSid;
use serde_json::{Value, json};

use crate::{
    rooms::RoomError,
    storage::StoreError,
    twilsock::objects::{Object, Touch},
};

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The status of HTTP.
    pub status: u16,
    /// JSON.
    pub body: Value,
    /// What happened that no stream tells of.
    pub touched: Vec<Touch>,
    /// The object that was read, and the number of the newest event that it had then.
    pub read: Option<Box<(Object, u64)>>,
    /// Where the others are to be told that somebody writes.
    pub typing: Option<ChannelSid>,
}

impl Answer {
    pub(in crate::twilsock) const fn new(status: u16, body: Value) -> Self {
        Self { status, body, touched: Vec::new(), read: None, typing: None }
    }

    pub(super) const fn ok(body: Value) -> Self {
        Self::new(200, body)
    }

    pub(in crate::twilsock) fn error(status: u16, code: u32, message: &str) -> Self {
        let more_info = format!("https://www.twilio.com/docs/errors/{code}");
        let (status_, code_) = (status, code);
        let body = json!({
            "status": status_, "code": code_, "message": message, "more_info": more_info,
        });
        Self::new(status, body)
    }

    pub(in crate::twilsock) fn bad(message: &str) -> Self {
        Self::error(400, 20_001, message)
    }
}

impl From<StoreError> for Answer {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a request was not answered");
        Self::error(503, 20_503, "the server cannot answer now")
    }
}

/// The status of HTTP and the code of a refusal.
pub(super) const fn code(error: &RoomError) -> (u16, u32) {
    match error {
        RoomError::NoChannel => (404, 50_300),
        RoomError::NoMessage => (404, 50_500),
        RoomError::NoMember => (404, 50_400),
        RoomError::NoUser => (404, 50_200),
        RoomError::NoInvite => (404, 50_600),
        RoomError::NotMember => (403, 50_400),
        RoomError::Forbidden => (403, 50_107),
        RoomError::NameTaken => (409, 50_307),
        RoomError::InAlready => (409, 50_404),
        RoomError::Full => (403, 50_403),
        RoomError::Ended | RoomError::Conflict => (409, 20_409),
        RoomError::Body(frontdesk_protocol::BodyError::TooLong { .. }) => (400, 50_504),
        RoomError::Body(_) => (400, 20_001),
        RoomError::AttributesTooLong => (400, 50_303),
        RoomError::Rate { .. } => (429, 50_063),
        RoomError::Unavailable => (503, 20_503),
    }
}

impl From<RoomError> for Answer {
    fn from(error: RoomError) -> Self {
        let (status, number) = code(&error);
        Self::error(status, number, &error.to_string())
    }
}
