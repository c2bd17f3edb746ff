//! A service's settings: which there are, what they are when nobody set them, how they are
//! answered.

mod form;
mod shown;

use std::collections::BTreeMap;

use frontdesk_protocol::id::RoleSid;
use serde_json::{Value, json};

use self::shown::{Limits, Media, NewMessageNotification, Notification, Notifications};
pub(super) use self::{form::ServiceChange, shown::Shown};
use super::ask::Ask;
use crate::{
    http::answer::RestAnswer,
    rest::read,
    storage::{DefaultRole, RoleType, ServiceRecord},
};

/// What a setting may be.
enum Kind {
    Flag(bool),
    /// A number: the usual one, and the least and the most.
    Number(u64, u64, u64),
    Text,
    /// `GET` or `POST`.
    Method,
    /// Many texts.
    Texts,
}

/// All settings but the roles, by the names of their parameters.
const SETTINGS: [(&str, Kind); 28] = [
    ("ReadStatusEnabled", Kind::Flag(true)),
    ("ReachabilityEnabled", Kind::Flag(false)),
    ("TypingIndicatorTimeout", Kind::Number(5, 0, 60)),
    ("ConsumptionReportInterval", Kind::Number(10, 0, 3_600)),
    ("Notifications.NewMessage.Enabled", Kind::Flag(false)),
    ("Notifications.NewMessage.Template", Kind::Text),
    ("Notifications.NewMessage.Sound", Kind::Text),
    ("Notifications.NewMessage.BadgeCountEnabled", Kind::Flag(false)),
    ("Notifications.AddedToChannel.Enabled", Kind::Flag(false)),
    ("Notifications.AddedToChannel.Template", Kind::Text),
    ("Notifications.AddedToChannel.Sound", Kind::Text),
    ("Notifications.RemovedFromChannel.Enabled", Kind::Flag(false)),
    ("Notifications.RemovedFromChannel.Template", Kind::Text),
    ("Notifications.RemovedFromChannel.Sound", Kind::Text),
    ("Notifications.InvitedToChannel.Enabled", Kind::Flag(false)),
    ("Notifications.InvitedToChannel.Template", Kind::Text),
    ("Notifications.InvitedToChannel.Sound", Kind::Text),
    ("Notifications.LogEnabled", Kind::Flag(false)),
    ("PreWebhookUrl", Kind::Text),
    ("PostWebhookUrl", Kind::Text),
    ("WebhookMethod", Kind::Method),
    ("WebhookFilters", Kind::Texts),
    ("PreWebhookRetryCount", Kind::Number(0, 0, 3)),
    ("PostWebhookRetryCount", Kind::Number(0, 0, 3)),
    ("Limits.ChannelMembers", Kind::Number(100, 1, 1_000)),
    ("Limits.UserChannels", Kind::Number(250, 1, 1_000)),
    ("Media.SizeLimitMb", Kind::Number(150, 150, 150)),
    ("Media.CompatibilityMessage", Kind::Text),
];

/// The parameters of default roles, with what they are about.
pub(super) const ROLES: [(&str, RoleType); 3] = [
    ("DefaultServiceRoleSid", RoleType::Deployment),
    ("DefaultChannelRoleSid", RoleType::Channel),
    ("DefaultChannelCreatorRoleSid", RoleType::Channel),
];

/// The settings that hold for a service.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settings<'a>(&'a ServiceRecord);

impl<'a> Settings<'a> {
    pub(super) const fn of(service: &'a ServiceRecord) -> Self {
        Self(service)
    }

    /// Most members of a channel.
    pub(super) fn most_members(self) -> usize {
        let most = self.value("Limits.ChannelMembers").as_u64().unwrap_or(100);
        usize::try_from(most).unwrap_or(100)
    }

    /// The role of whoever has none of their own.
    pub(super) fn default_role(self, role: DefaultRole) -> RoleSid {
        self.0.default_role(role)
    }

    fn value(self, name: &str) -> Value {
        if let Some(value) = self.0.settings.get(name) {
            return value.clone();
        }
        let usual = SETTINGS.iter().find(|(each, _)| *each == name);
        usual.map_or(Value::Null, |(_, kind)| match kind {
            Kind::Flag(flag) => (*flag).into(),
            Kind::Number(usual, ..) => (*usual).into(),
            Kind::Text | Kind::Method | Kind::Texts => Value::Null,
        })
    }

    fn flag(self, name: &str) -> bool {
        self.value(name).as_bool().unwrap_or_default()
    }

    fn number(self, name: &str) -> u64 {
        self.value(name).as_u64().unwrap_or_default()
    }

    fn text(self, name: &str) -> Option<String> {
        self.value(name).as_str().map(str::to_owned)
    }

    fn texts(self, name: &str) -> Option<Vec<String>> {
        serde_json::from_value(self.value(name)).ok()
    }

    /// All of them, as they are answered.
    pub(super) fn shown(self) -> Shown {
        let notification = |of: &str| {
            let of = |name: &str| format!("Notifications.{of}.{name}");
            Notification {
                enabled: self.flag(&of("Enabled")),
                template: self.text(&of("Template")),
                sound: self.text(&of("Sound")),
            }
        };
        Shown {
            default_service_role_sid: self.default_role(DefaultRole::ServiceUser),
            default_channel_role_sid: self.default_role(DefaultRole::ChannelUser),
            default_channel_creator_role_sid: self.default_role(DefaultRole::ChannelAdmin),
            read_status_enabled: self.flag("ReadStatusEnabled"),
            reachability_enabled: self.flag("ReachabilityEnabled"),
            typing_indicator_timeout: self.number("TypingIndicatorTimeout"),
            consumption_report_interval: self.number("ConsumptionReportInterval"),
            limits: Limits {
                channel_members: self.number("Limits.ChannelMembers"),
                user_channels: self.number("Limits.UserChannels"),
            },
            pre_webhook_url: self.text("PreWebhookUrl"),
            post_webhook_url: self.text("PostWebhookUrl"),
            webhook_method: self.text("WebhookMethod"),
            webhook_filters: self.texts("WebhookFilters"),
            pre_webhook_retry_count: self.number("PreWebhookRetryCount"),
            post_webhook_retry_count: self.number("PostWebhookRetryCount"),
            notifications: Notifications {
                log_enabled: self.flag("Notifications.LogEnabled"),
                new_message: NewMessageNotification {
                    badge_count_enabled: self.flag("Notifications.NewMessage.BadgeCountEnabled"),
                    notification: notification("NewMessage"),
                },
                added_to_channel: notification("AddedToChannel"),
                removed_from_channel: notification("RemovedFromChannel"),
                invited_to_channel: notification("InvitedToChannel"),
            },
            media: Media {
                size_limit_mb: self.number("Media.SizeLimitMb"),
                compatibility_message: self.text("Media.CompatibilityMessage"),
            },
        }
    }
}

/// What is asked to be set, by the names of the parameters.
pub(super) fn asked(ask: &Ask) -> Result<BTreeMap<&'static str, Value>, RestAnswer> {
    let mut asked = BTreeMap::new();
    for (name, kind) in &SETTINGS {
        let wrong = |is: &str| RestAnswer::bad_request(format!("{name} is not {is}"));
        let value = match kind {
            Kind::Texts => {
                let texts = ask.all(name);
                if texts.is_empty() {
                    continue;
                }
                json!(texts)
            }
            Kind::Flag(_) | Kind::Number(..) | Kind::Text | Kind::Method => {
                let Some(text) = ask.text(name)? else { continue };
                match kind {
                    Kind::Flag(_) => {
                        json!(read::flag(&text).ok_or_else(|| wrong("true or false"))?)
                    }
                    Kind::Number(_, least, most) => {
                        let number = text.parse().ok().filter(|n| (*least..=*most).contains(n));
                        let between = format!("a number from {least} to {most}");
                        json!(number.ok_or_else(|| wrong(&between))?)
                    }
                    Kind::Method if !matches!(text.as_str(), "GET" | "POST") => {
                        return Err(wrong("GET or POST"));
                    }
                    Kind::Text | Kind::Method | Kind::Texts => json!(text),
                }
            }
        };
        asked.insert(*name, value);
    }
    Ok(asked)
}
