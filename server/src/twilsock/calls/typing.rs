//! Somebody writes.

use frontdesk_protocol::ChannelSid;
use serde_json::json;

use super::{Answer, Ask};
use crate::rooms::RoomError;

/// Seconds for which a client need not say it again.
const SECONDS: u64 = 5;

/// `POST /v1/typing`: a form with `ChannelSid`.
pub(super) async fn typing(ask: Ask<'_>) -> Result<Answer, Answer> {
    let mut form = form_urlencoded::parse(ask.call.body.as_bytes());
    let sid = form.find(|(name, _)| name == "ChannelSid");
    let sid = sid.and_then(|(_, text)| ChannelSid::parse(&text).ok());
    let sid = sid.ok_or_else(|| Answer::bad("ChannelSid is not valid"))?;
    let stream = sid.clone().into();
    if !ask.app.log.may_type(&ask.actor.party, &stream).await? {
        return Err(RoomError::NoChannel.into());
    }
    let body = json!({ "typing_timeout": SECONDS });
    Ok(Answer { typing: Some(sid), ..Answer::ok(body) })
}
