//! Asking a program of the account's before a chat is opened.

use std::collections::BTreeMap;

use frontdesk_protocol::{
    attributes::{self, Attributes},
    form::Form,
    id::AccountSid,
    limits::CHANNEL_ATTRIBUTES_BYTES,
};

use super::{Asker, CreateError, Engagement, Request, request::DATA_BYTES};
use crate::{
    listeners::{Asked, Wish, payload, reply::Changes},
    log::Source,
    storage::Flow,
};

/// What a program makes of a chat that is about to be opened.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// The visitor's name.
    pub(super) name: Option<String>,
    /// The answers of the form.
    pub(super) answers: Option<Attributes>,
    /// What the channel carries beside what we write there.
    pub(super) attributes: Attributes,
}

impl Engagement {
    /// Asks, if it is a guest who wants the chat and the service has a program for it. Whoever opened
    /// a chat with this idempotency key already does not need to be let through again.
    pub(super) async fn before(
        &self,
        account: &AccountSid,
        flow: &Flow,
        form: Option<&Form>,
        request: &Request,
        name: &str,
    ) -> Result<Before, CreateError> {
        let Asker::Guest(_) = &request.asker else { return Ok(Before::default()) };
        let source = Source::Client(request.identity.clone());
        let asker = self.asks.in_service(&source, &flow.service, Wish::WebChannelCreate).await?;
        let Some(asker) = asker else { return Ok(Before::default()) };
        if let Some(key) = &request.idempotency_key
            && self.store().idempotency(account, &request.identity, key).await?.is_some()
        {
            return Ok(Before::default());
        }
        let chat = payload::NewChatFacts {
            flow: &flow.sid,
            identity: &request.identity,
            customer_name: name,
            chat_name: &request.chat_name,
            answers: &request.pre_engagement_data,
        };
        let tell = |place: payload::Place<'_>| payload::web_channel_create(place, chat);
        match self.asks.ask(&asker, &source, tell).await {
            Asked::Go(changes) => Ok(wanted(&changes)),
            Asked::No(errors) => Err(refusal(form, errors)),
            Asked::Down => Err(CreateError::Down),
        }
    }
}

/// What a program wants, as far as it fits.
fn wanted(changes: &Changes) -> Before {
    let fitting = |name: &str, limit_bytes| {
        let object = changes.object(name)?;
        if attributes::fits(&object, limit_bytes) {
            return Some(object);
        }
        tracing::warn!(name, "a program made a chat of what is too long");
        None
    };
    Before {
        name: changes.text("CustomerFriendlyName").map(ToOwned::to_owned),
        answers: fitting("PreEngagementData", DATA_BYTES),
        attributes: fitting("ChannelAttributes", CHANNEL_ATTRIBUTES_BYTES).unwrap_or_default(),
    }
}

/// What is wrong, by field; what is wrong with none of the form's fields is wrong with all of it.
fn refusal(form: Option<&Form>, errors: BTreeMap<String, String>) -> CreateError {
    let is_asked =
        |name: &str| form.is_some_and(|form| form.fields.iter().any(|field| field.name == name));
    let (fields, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
        errors.into_iter().partition(|(name, _)| is_asked(name));
    let message: Vec<String> = others.into_values().collect();
    CreateError::Refused { fields, message: Some(message.join(" ")).filter(|m| !m.is_empty()) }
}
