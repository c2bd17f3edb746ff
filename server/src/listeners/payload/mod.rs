//! What a hook is told, field by field: pure functions, one an event. The names are the retired
//! service's; dates are ISO 8601.
//!
//! A message's number and the moment of a change are known by the store alone, in the transaction
//! that makes it, and how often it was tried only when it goes out: such fields are [`Stamp`]s.

mod channel;
mod member;
mod message;
#[cfg(test)]
mod tests;
mod user;
mod wish;

use frontdesk_protocol::{
    attributes::Attributes,
    id::{AccountSid, ServiceSid},
};
use serde_json::Value;

pub use channel::{ChannelFacts, channel_added, channel_destroyed, channel_updated};
pub use member::{MemberFacts, member_added, member_removed, member_updated};
pub use message::{
    MessageFacts, Spoken, media_message_sent, message_removed, message_sent, message_updated,
};
pub use user::{UserFacts, user_added, user_updated};
pub use wish::{
    ChannelWish, NewChatFacts, channel_add, channel_destroy, channel_update, member_add,
    member_remove, message_remove, message_send, message_update, user_update, web_channel_create,
};

use crate::{log::Source, storage::Stamp};

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// By name.
    pub fields: Vec<(String, String)>,
    /// The same, of what a message says: it is left out once the message is taken back.
    pub text: Vec<(String, String)>,
    /// What is filled in later.
    pub stamps: Vec<(String, Stamp)>,
}

impl Told {
    fn field(mut self, name: &str, value: impl ToString) -> Self {
        self.fields.push((name.into(), value.to_string()));
        self
    }

    fn field_if(self, name: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.field(name, value),
            None => self,
        }
    }

    fn said(mut self, body: &str, attributes: &Attributes) -> Self {
        self.text.push(("Body".into(), body.into()));
        self.text.push(("Attributes".into(), json(attributes)));
        self
    }

    fn stamp(mut self, name: &str, stamp: Stamp) -> Self {
        self.stamps.push((name.into(), stamp));
        self
    }
}

/// What every hook is told: in which service, and on whose behalf.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The account.
    pub account: &'a AccountSid,
    /// The service.
    pub service: &'a ServiceSid,
    /// Who is behind it.
    pub source: &'a Source,
}

impl Place<'_> {
    /// What all hooks begin with; how often it was tried is for the caller to add.
    fn begin(&self, name: &str) -> Told {
        let source = match self.source {
            Source::Client(_) => "SDK",
            Source::Program { .. } | Source::Server => "API",
        };
        Told::default()
            .field("EventType", name)
            .field("AccountSid", self.account)
            .field("InstanceSid", self.service)
            .field("Source", source)
            .field_if("ClientIdentity", self.source.identity())
    }

    fn event(&self, event: super::Event) -> Told {
        self.begin(event.name()).stamp("RetryCount", Stamp::Retries)
    }
}

/// Attributes are a JSON object as text.
fn json(attributes: &Attributes) -> String {
    Value::Object(attributes.clone()).to_string()
}
