//! What a visitor's widget asks of the server. No cookie goes along, ever.

use frontdesk_client::{CreateChannel, Failure, effect::TokenWish};
use frontdesk_protocol::{
    ChannelSid, MediaSid,
    id::AccountSid,
    rest::{RefreshRequest, TokenRequest},
    site::SiteConfig,
};

use super::{Ask, read};

fn post(url: &[&str]) -> Ask {
    Ask::new("POST", url).without_cookies()
}

/// `GET /v1/Sites/{site}`: what the widget is told about the site it stands on.
///
/// # Errors
/// 404: no such site. 403, or no answer: this page's Origin is not allowed.
pub async fn site_config(base: &str, site: &str) -> Result<SiteConfig, Failure> {
    read(Ask::new("GET", &[base, "/v1/Sites/", site]).without_cookies().send().await)
}

/// A guest token, new or again. The agents' is [`super::console::token`].
///
/// Refused with 401: the secret is too old, or revoked. 403: the Origin is not allowed. 429: too
/// many.
pub(crate) fn token(base: &str, wish: TokenWish) -> Ask {
    let tokens = |account: &AccountSid, rest: &str, body: &str| {
        post(&[base, "/v1/Accounts/", account.as_str(), "/Tokens", rest]).json(body)
    };
    match wish {
        TokenWish::Fresh { account, site } => {
            let body =
                TokenRequest { products: vec!["flex".into()], continuity: true, site: Some(site) };
            tokens(&account, "", &body.to_json())
        }
        TokenWish::Refresh { account, secret, token } => {
            let body = RefreshRequest { secret: Some(secret), token: Some(token) };
            tokens(&account, "/refresh", &body.to_json())
        }
        TokenWish::Agent => super::console::token(base),
    }
}

/// `POST /v1/WebChannels`: opens the chat. The same key again opens no second one.
///
/// Refused with 400 and `fields`: the form was. 401: the token. 403: the Origin, or the identity.
pub(crate) fn create(base: &str, channel: &CreateChannel) -> Ask {
    post(&[base, "/v1/WebChannels"])
        .header("Authorization", &basic(&channel.token))
        .header("Idempotency-Key", &channel.key)
        .form(&[
            ("FlexFlowSid", channel.flow.as_str()),
            ("Identity", channel.identity.as_str()),
            ("ChatFriendlyName", &channel.name),
            ("CustomerFriendlyName", &channel.name),
            ("PreEngagementData", &channel.data),
        ])
}

/// `POST /v1/WebChannels/{CH}`: ends the chat.
///
/// Refused with 401: the token was. 404: no such chat, or not this guest's.
pub(crate) fn end(base: &str, channel: &ChannelSid, token: &str) -> Ask {
    post(&[base, "/v1/WebChannels/", channel.as_str()])
        .header("Authorization", &basic(token))
        .form(&[("ChatStatus", "inactive")])
}

/// `GET /media/v1/Media/{ME}/Link`: where a file is for the next minutes. For guests and agents.
///
/// Refused with 401: the token was. 404: no such file, or not for this user.
pub(crate) fn link(base: &str, media: &MediaSid, token: &str) -> Ask {
    Ask::new("GET", &[base, "/media/v1/Media/", media.as_str(), "/Link"])
        .without_cookies()
        .header("X-Twilio-Token", token)
}

/// Basic authentication with the user name `token`, as the retired service's widget has it.
fn basic(token: &str) -> String {
    let pair = crate::window().btoa(&["token:", token].concat());
    ["Basic ", &pair.unwrap_or_default()].concat()
}
