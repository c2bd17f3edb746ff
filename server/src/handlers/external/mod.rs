//! A program of the account's: it hears of the chat from its beginning, and answers over REST.

use frontdesk_protocol::{ChannelSid, id::WebhookSid};
use serde_json::{Map, Value};

use crate::{
    listeners::Event,
    storage::{Change, HookKind, HookMethod, NewWebhook},
};

/// What it hears of.
const HEARS: [Event; 10] = [
    Event::MessageSent,
    Event::MediaMessageSent,
    Event::MessageUpdated,
    Event::MessageRemoved,
    Event::ChannelAdded,
    Event::ChannelUpdated,
    Event::ChannelDestroyed,
    Event::MemberAdded,
    Event::MemberUpdated,
    Event::MemberRemoved,
];

/// Gives the channel a webhook at the address in the flow's settings; `None` if there is none.
#[must_use]
pub fn connect(settings: &Map<String, Value>, channel: &ChannelSid) -> Option<Vec<Change>> {
    let url = settings.get("Integration.Url")?.as_str()?;
    let retries = settings.get("Integration.RetryCount").and_then(Value::as_u64);
    let webhook = NewWebhook {
        sid: webhook_of(channel),
        kind: HookKind::Webhook,
        url: Some(url.to_owned()),
        method: HookMethod::Post,
        filters: HEARS.iter().map(|event| event.name().to_owned()).collect(),
        triggers: Vec::new(),
        flow_sid: None,
        retry_count: retries.and_then(|count| u32::try_from(count).ok()).unwrap_or(3),
    };
    Some(vec![Change::PutWebhook { channel: channel.clone(), webhook: Box::new(webhook) }])
}

/// The webhook that connects a channel: it has the channel's own digits, so that it is found again.
#[must_use]
pub fn webhook_of(channel: &ChannelSid) -> WebhookSid {
    let digits = channel.as_str().get(2..).unwrap_or_default();
    WebhookSid::from_bits(u128::from_str_radix(digits, 16).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use frontdesk_protocol::id::hex32;

    use super::*;

    #[test]
    fn the_webhook_has_the_channels_digits() {
        let channel = ChannelSid::from_bits(0xabc);
        assert_eq!(webhook_of(&channel).as_str()[2..], channel.as_str()[2..]);
        assert!(webhook_of(&channel).as_str().ends_with(&hex32(0xabc)));
    }

    #[test]
    fn without_an_address_nothing_is_connected() {
        assert_eq!(connect(&Map::new(), &ChannelSid::from_bits(1)), None);
    }
}
