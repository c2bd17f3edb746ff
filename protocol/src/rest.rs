//! What goes over HTTP before the Chat connection: guest tokens, the channel, errors.
//!
//! The shapes are the retired service's, so that its pages work unchanged
//! (`flex-webchat-ui@2.9.4`: tokens and WebChannels), with fields of ours beside them.

use serde::{Deserialize, Serialize};

use crate::{
    id::{ChannelSid, Identity},
    json::{Object, quoted},
    readable,
    sorted::SortedMap,
};

/// Body of `POST /v1/Accounts/{AC}/Tokens`.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TokenRequest {
    /// What the token is for; the retired service's widget sends `["flex"]`.
    #[serde(default)]
    pub products: Vec<String>,
    /// Whether a continuity secret is wanted. The token then lives 15 minutes instead of 6 hours.
    #[serde(default)]
    pub continuity: bool,
    /// The public id of the site, if the page knows it.
    #[serde(default)]
    pub site: Option<String>,
}

/// Body of `POST /v1/Accounts/{AC}/Tokens/refresh`: one of the two.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RefreshRequest {
    /// The continuity secret: works after the token's end too.
    #[serde(default)]
    pub secret: Option<String>,
    /// A token that is still valid, as the retired service's widget sends it. With `secret`, the
    /// last token, which may have expired.
    #[serde(default)]
    pub token: Option<String>,
}

impl TokenRequest {
    /// The body as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let products: Vec<String> = self.products.iter().map(|name| quoted(name)).collect();
        let mut body = Object::new();
        body.list("products", &products).flag("continuity", self.continuity);
        body.text_if("site", self.site.as_deref()).end()
    }
}

impl RefreshRequest {
    /// The body as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut body = Object::new();
        body.text_if("secret", self.secret.as_deref());
        body.text_if("token", self.token.as_deref()).end()
    }
}

/// A guest token.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenAnswer {
    /// The token; opaque to the client.
    pub token: String,
    /// Who it makes the client.
    pub identity: Identity,
    /// The roles it carries; never empty.
    pub roles: Vec<String>,
    /// When it ends: ISO 8601, what `Date.parse` accepts.
    pub expiration: String,
    /// Seconds until then.
    pub ttl: u64,
    /// The continuity secret, if asked for. It rotates at each refresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// The part of the WebChannels answer that a client reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WebChannelAnswer {
    /// The channel that was opened.
    pub sid: ChannelSid,
}

/// Where a file can be had for a while, without a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MediaLink {
    /// The whole address.
    pub url: String,
}

/// An error over HTTP, in the retired service's shape.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Error))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestError {
    /// A number for programs, such as 20404.
    pub code: u32,
    /// A sentence: what is wrong, and what to do.
    pub message: String,
    /// Where to read on.
    pub more_info: String,
    /// The HTTP status again.
    pub status: u16,
    /// For a refused form: what is wrong, by field name.
    #[cfg_attr(feature = "openapi", schema(value_type = std::collections::BTreeMap<String, String>, required = false))]
    #[serde(skip_serializing_if = "SortedMap::is_empty")]
    pub fields: SortedMap<String, String>,
}

readable! {
    TokenAnswer { token, identity, roles, expiration, ttl, secret }
    WebChannelAnswer { sid }
    MediaLink { url }
    RestError { code, message, status; more_info, fields }
}
