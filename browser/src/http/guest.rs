//! What a visitor's widget asks of the server. No cookie goes along, ever.

use frontdesk_client::{CreateChannel, Failure, effect::TokenWish};
use frontdesk_protocol::{
    ChannelSid,
    id::AccountSid,
    rest::{RefreshRequest, TokenAnswer, TokenRequest, WebChannelAnswer},
    site::SiteConfig,
};
use gloo_net::http::{Method, RequestBuilder};
use serde::Serialize;
use web_sys::RequestCredentials;

use super::{Content, ask, form, tell};

fn request(method: Method, base: &str, path: &str) -> RequestBuilder {
    RequestBuilder::new(&format!("{base}{path}"))
        .method(method)
        .credentials(RequestCredentials::Omit)
}

fn json(value: &impl Serialize) -> Content {
    Content::Json(serde_json::to_string(value).expect("requests have only string keys"))
}

/// `GET /v1/Sites/{site}`: what the widget is told about the site it stands on.
///
/// # Errors
/// 404: no such site. 403, or no answer: this page's Origin is not allowed.
pub async fn site_config(base: &str, site: &str) -> Result<SiteConfig, Failure> {
    ask(request(Method::GET, base, &format!("/v1/Sites/{site}")), Content::Empty).await
}

/// A guest token, new or again. The agents' is [`super::console::token`].
///
/// # Errors
/// 401: the secret is too old, or revoked. 403: the Origin is not allowed. 429: too many.
pub(crate) async fn token(base: &str, wish: TokenWish) -> Result<TokenAnswer, Failure> {
    let tokens = |account: &AccountSid, rest: &str| {
        request(Method::POST, base, &format!("/v1/Accounts/{account}/Tokens{rest}"))
    };
    match wish {
        TokenWish::Fresh { account, site } => {
            let body =
                TokenRequest { products: vec!["flex".into()], continuity: true, site: Some(site) };
            ask(tokens(&account, ""), json(&body)).await
        }
        TokenWish::Refresh { account, secret, token } => {
            let body = RefreshRequest { secret: Some(secret), token: Some(token) };
            ask(tokens(&account, "/refresh"), json(&body)).await
        }
        TokenWish::Agent => super::console::token(base).await,
    }
}

/// `POST /v1/WebChannels`: opens the chat. The same key again opens no second one.
///
/// # Errors
/// 400 with `fields`: the form was refused. 401: the token was. 403: the Origin, or the identity.
pub(crate) async fn create(
    base: &str,
    channel: CreateChannel,
) -> Result<WebChannelAnswer, Failure> {
    let request = request(Method::POST, base, "/v1/WebChannels")
        .header("Authorization", &basic(&channel.token))
        .header("Idempotency-Key", &channel.key);
    let pairs = form(&[
        ("FlexFlowSid", channel.flow.as_str()),
        ("Identity", channel.identity.as_str()),
        ("ChatFriendlyName", &channel.name),
        ("CustomerFriendlyName", &channel.name),
        ("PreEngagementData", &channel.data),
    ]);
    ask(request, pairs).await
}

/// `POST /v1/WebChannels/{CH}`: ends the chat.
///
/// # Errors
/// 401: the token was refused. 404: no such chat, or not this guest's.
pub(crate) async fn end(base: &str, channel: &ChannelSid, token: &str) -> Result<(), Failure> {
    let request = request(Method::POST, base, &format!("/v1/WebChannels/{channel}"))
        .header("Authorization", &basic(token));
    tell(request, form(&[("ChatStatus", "inactive")])).await
}

/// Basic authentication with the user name `token`, as the retired service's widget has it.
fn basic(token: &str) -> String {
    let pair = crate::window().btoa(&format!("token:{token}"));
    format!("Basic {}", pair.unwrap_or_default())
}
