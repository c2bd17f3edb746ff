//! What is asked for when a chat is to begin, and what comes of it.

use std::collections::BTreeMap;

use frontdesk_protocol::{
    ChannelSid, Identity, Millis,
    attributes::{self, Attributes},
    form::FieldError,
    id::{AccountSid, FlowSid},
    limits::CHANNEL_ATTRIBUTES_BYTES,
};
use serde_json::json;

use super::visitor::NAME_CHARS;
use crate::{
    auth::{origin::Origin, sha256, tokens::GuestToken},
    storage::StoreError,
};

/// Longest idempotency key, in bytes.
const KEY_BYTES: usize = 256;
/// Longest answers, in bytes: there has to be room for what stands beside them among the channel's
/// attributes.
pub(super) const DATA_BYTES: usize = CHANNEL_ATTRIBUTES_BYTES - 2_048;
/// Who asks for a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asker {
    /// A guest, for themselves.
    Guest(Box<GuestToken>),
    /// A program of the account's, for anybody.
    Account(AccountSid),
}

/// A chat is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// By whom.
    pub asker: Asker,
    /// The Origin of the page, if a browser sent one.
    pub origin: Option<Origin>,
    /// With which flow.
    pub flow: FlowSid,
    /// For whom.
    pub identity: Identity,
    /// The name of the chat.
    pub chat_name: String,
    /// Its name for programs; made if there is none.
    pub unique_name: Option<String>,
    /// The name of the visitor.
    pub customer_name: String,
    /// The answers of the form, flat by field name, with where the page stands.
    pub pre_engagement_data: Attributes,
    /// Names the request: the same key and content open one channel.
    pub idempotency_key: Option<String>,
}

/// A chat has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its channel.
    pub channel: ChannelSid,
    /// When.
    pub created: Millis,
    /// Whether an earlier request with the same key had opened it.
    pub replayed: bool,
}

/// Why there is no new chat. Nothing half-made is left behind.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CreateError {
    /// No such flow in the account.
    #[error("there is no such flow")]
    UnknownFlow,
    /// The flow opens no chats.
    #[error("the flow is disabled")]
    FlowDisabled,
    /// Nothing here runs what the flow connects a chat with.
    #[error("nothing here runs the flow's integration")]
    NoHandler,
    /// The token's site is gone.
    #[error("the site is not there any more")]
    UnknownSite,
    /// The page's Origin is none of the account's sites with this flow, or not the token's.
    #[error("the origin is not allowed")]
    OriginRefused {
        /// Which.
        origin: Option<Origin>,
    },
    /// A guest asked for somebody else.
    #[error("the identity is not the token's")]
    OtherIdentity,
    /// Answers are wrong.
    #[error("the form was refused")]
    Form {
        /// What, by field name.
        fields: BTreeMap<String, FieldError>,
    },
    /// A program of the account's was asked, and refuses.
    #[error("the chat was refused")]
    Refused {
        /// Why, by field name.
        fields: BTreeMap<String, String>,
        /// Why, if it is no field's fault.
        message: Option<String>,
    },
    /// A program of the account's has to be asked, and did not answer.
    #[error("whoever has to be asked did not answer")]
    Down,
    /// Another channel of the service has the name for programs.
    #[error("another channel has this name for programs")]
    NameTaken,
    /// Name, data or key are too long.
    #[error("{0} is too long")]
    TooLong(&'static str),
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Request {
    /// Refuses what is longer than it may be.
    pub(super) fn check_lengths(&self) -> Result<(), CreateError> {
        let too_long = |what| Err(CreateError::TooLong(what));
        if self.chat_name.chars().take(NAME_CHARS + 1).count() > NAME_CHARS {
            return too_long("ChatFriendlyName");
        }
        if self.idempotency_key.as_ref().is_some_and(|key| key.len() > KEY_BYTES) {
            return too_long("Idempotency-Key");
        }
        if !attributes::fits(&self.pre_engagement_data, DATA_BYTES) {
            return too_long("PreEngagementData");
        }
        Ok(())
    }

    /// Names what is asked for: the same content has the same hash.
    pub(super) fn content_hash(&self) -> [u8; 32] {
        let content = json!([
            self.flow,
            self.identity,
            self.chat_name,
            self.customer_name,
            self.unique_name,
            self.pre_engagement_data,
        ]);
        sha256(content.to_string().as_bytes())
    }
}
