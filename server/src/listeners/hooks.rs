//! What a service and a channel want to hear. Pure.

use frontdesk_protocol::id::{AccountSid, RoleSid, ServiceSid};
use serde_json::Value;

use super::{Event, Wish};
use crate::storage::{DefaultRole, HookKind, HookMethod, NewWebhook, ServiceRecord};

/// The hooks of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceHooks {
    /// The account.
    pub account: AccountSid,
    /// The service.
    pub service: ServiceSid,
    /// Where programs are asked.
    before: Option<String>,
    /// Where they are told.
    after: Option<String>,
    /// How both are called.
    pub method: HookMethod,
    /// How often a program that does not answer is asked again.
    pub retries: u32,
    /// What both hear of.
    filters: Vec<String>,
    /// The role of a user who has none of their own.
    pub user_role: RoleSid,
    /// The role of a member who has none of their own.
    pub member_role: RoleSid,
}

impl ServiceHooks {
    /// The hooks that a service's settings ask for. An address that is empty is none, and without
    /// filters nothing is heard.
    #[must_use]
    pub fn of(record: &ServiceRecord) -> Self {
        let set = |name: &str| record.settings.get(name);
        let url = |name| set(name).and_then(Value::as_str).filter(|url| !url.is_empty());
        let texts = |value: &Value| {
            let texts = value.as_array()?.iter().filter_map(Value::as_str);
            Some(texts.map(ToOwned::to_owned).collect())
        };
        let get = set("WebhookMethod").and_then(Value::as_str) == Some("GET");
        let retries = set("PreWebhookRetryCount").and_then(Value::as_u64);
        Self {
            account: record.service.account.clone(),
            service: record.service.sid.clone(),
            before: url("PreWebhookUrl").map(ToOwned::to_owned),
            after: url("PostWebhookUrl").map(ToOwned::to_owned),
            method: if get { HookMethod::Get } else { HookMethod::Post },
            retries: retries.and_then(|count| u32::try_from(count).ok()).unwrap_or_default(),
            filters: set("WebhookFilters").and_then(texts).unwrap_or_default(),
            user_role: record.default_role(DefaultRole::ServiceUser),
            member_role: record.default_role(DefaultRole::ChannelUser),
        }
    }

    /// Whether there is any.
    #[must_use]
    pub fn is_some(&self) -> bool {
        (self.before.is_some() || self.after.is_some()) && !self.filters.is_empty()
    }

    /// Where programs are told of this.
    #[must_use]
    pub fn hears(&self, event: Event) -> Option<&str> {
        self.after.as_deref().filter(|_| self.has(event.name()))
    }

    /// Where a program is asked about this.
    #[must_use]
    pub fn asks(&self, wish: Wish) -> Option<&str> {
        self.before.as_deref().filter(|_| self.has(wish.name()))
    }

    fn has(&self, name: &str) -> bool {
        self.filters.iter().any(|filter| filter == name)
    }
}

/// Where a channel's webhook is told of an event. `body` is what a message says, if it is one.
///
/// A trigger hears of messages in which one of its words stands, in any case. A Studio flow's hears
/// nothing: there is nothing here that would run it.
#[must_use]
pub fn webhook_hears<'a>(
    webhook: &'a NewWebhook,
    event: Event,
    body: Option<&str>,
) -> Option<&'a str> {
    let hears = match webhook.kind {
        HookKind::Webhook => webhook.filters.iter().any(|filter| filter == event.name()),
        HookKind::Trigger => {
            let body = body
                .filter(|_| matches!(event, Event::MessageSent | Event::MediaMessageSent))
                .map(str::to_lowercase);
            let in_it = |word: &String| {
                body.as_ref().is_some_and(|body| body.contains(&word.to_lowercase()))
            };
            webhook.triggers.iter().any(in_it)
        }
        HookKind::Studio => false,
    };
    webhook.url.as_deref().filter(|_| hears)
}

#[cfg(test)]
mod tests {
    use frontdesk_protocol::{Millis, id::WebhookSid};
    use serde_json::json;

    use super::*;
    use crate::storage::Service;

    fn hooks(settings: Value) -> ServiceHooks {
        let Value::Object(settings) = settings else { panic!("an object") };
        let (sid, account) = (ServiceSid::from_bits(1), AccountSid::from_bits(1));
        ServiceHooks::of(&ServiceRecord {
            n: 1,
            service: Service { sid, account, name: "Chat".into() },
            settings,
            created: Millis(0),
            updated: Millis(0),
        })
    }

    fn webhook(kind: HookKind, filters: &[&str], triggers: &[&str]) -> NewWebhook {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        NewWebhook {
            sid: WebhookSid::from_bits(1),
            kind,
            url: Some("https://bot.example.com/".into()),
            method: HookMethod::Post,
            filters: texts(filters),
            triggers: texts(triggers),
            flow_sid: None,
            retry_count: 0,
        }
    }

    #[test]
    fn a_service_hears_what_its_filters_name() {
        let url = "https://example.com/hook";
        let filters = ["onMessageSent", "onMessageSend"];
        let set = json!({
            "PostWebhookUrl": url, "PreWebhookUrl": "", "WebhookFilters": filters,
            "WebhookMethod": "GET", "PreWebhookRetryCount": 2,
        });
        let hooks = hooks(set);
        assert_eq!(hooks.hears(Event::MessageSent), Some(url));
        assert_eq!(hooks.hears(Event::MessageUpdated), None);
        assert_eq!(hooks.asks(Wish::MessageSend), None, "an empty address is none");
        assert_eq!((hooks.method, hooks.retries), (HookMethod::Get, 2));
        assert!(hooks.is_some());
    }

    #[test]
    fn without_filters_nothing_is_heard() {
        for filters in [json!(null), json!([]), json!("onMessageSent")] {
            let url = "https://example.com/";
            let hooks = hooks(json!({ "PostWebhookUrl": url, "WebhookFilters": filters }));
            assert!(!hooks.is_some());
            assert_eq!(hooks.hears(Event::MessageSent), None);
        }
        assert!(!hooks(json!({ "WebhookFilters": ["onMessageSent"] })).is_some());
    }

    #[test]
    fn a_trigger_hears_messages_with_its_words() {
        let trigger = webhook(HookKind::Trigger, &["onMessageSent"], &["help", "Hilfe"]);
        let hears = |event, body| webhook_hears(&trigger, event, body).is_some();
        assert!(hears(Event::MessageSent, Some("Please HELP me")));
        assert!(hears(Event::MessageSent, Some("hilfe!")));
        assert!(!hears(Event::MessageSent, Some("Hello")));
        assert!(!hears(Event::MessageUpdated, Some("help")));
        assert!(!hears(Event::ChannelUpdated, None));
    }

    #[test]
    fn a_webhook_goes_by_its_filters_and_a_studio_flow_hears_nothing() {
        let names = ["onMessageSent", "onMemberAdded"];
        let plain = webhook(HookKind::Webhook, &names, &["help"]);
        assert!(webhook_hears(&plain, Event::MessageSent, Some("Hello")).is_some());
        assert!(webhook_hears(&plain, Event::MemberAdded, None).is_some());
        assert!(webhook_hears(&plain, Event::MemberRemoved, None).is_none());
        let studio = webhook(HookKind::Studio, &names, &["help"]);
        assert!(webhook_hears(&studio, Event::MessageSent, Some("help")).is_none());
        let nowhere = NewWebhook { url: None, ..plain };
        assert!(webhook_hears(&nowhere, Event::MemberAdded, None).is_none());
    }
}
