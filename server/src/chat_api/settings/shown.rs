//! A service's settings as they are answered.

use frontdesk_protocol::id::RoleSid;
use serde::Serialize;
use utoipa::ToSchema;

/// The settings of a service.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceSettings)]
pub(crate) struct Shown {
    /// The role of users who have none of their own.
    pub(in crate::chat_api) default_service_role_sid: RoleSid,
    /// The role of members who have none of their own.
    pub(in crate::chat_api) default_channel_role_sid: RoleSid,
    /// The role of who opens a channel.
    pub(in crate::chat_api) default_channel_creator_role_sid: RoleSid,
    pub(in crate::chat_api) read_status_enabled: bool,
    pub(in crate::chat_api) reachability_enabled: bool,
    /// Seconds.
    pub(in crate::chat_api) typing_indicator_timeout: u64,
    /// Seconds.
    pub(in crate::chat_api) consumption_report_interval: u64,
    pub(in crate::chat_api) limits: Limits,
    pub(in crate::chat_api) pre_webhook_url: Option<String>,
    pub(in crate::chat_api) post_webhook_url: Option<String>,
    pub(in crate::chat_api) webhook_method: Option<String>,
    pub(in crate::chat_api) webhook_filters: Option<Vec<String>>,
    pub(in crate::chat_api) pre_webhook_retry_count: u64,
    pub(in crate::chat_api) post_webhook_retry_count: u64,
    pub(in crate::chat_api) notifications: Notifications,
    pub(in crate::chat_api) media: Media,
}

/// How many there may be.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ServiceLimits)]
pub(crate) struct Limits {
    /// Members of a channel.
    pub(in crate::chat_api) channel_members: u64,
    /// Channels of a user.
    pub(in crate::chat_api) user_channels: u64,
}

/// What users are told of elsewhere.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Notifications {
    pub(in crate::chat_api) log_enabled: bool,
    pub(in crate::chat_api) new_message: NewMessageNotification,
    pub(in crate::chat_api) added_to_channel: Notification,
    pub(in crate::chat_api) removed_from_channel: Notification,
    pub(in crate::chat_api) invited_to_channel: Notification,
}

/// How they are told of a message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewMessageNotification {
    pub(in crate::chat_api) badge_count_enabled: bool,
    #[serde(flatten)]
    pub(in crate::chat_api) notification: Notification,
}

/// How they are told of something.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Notification {
    pub(in crate::chat_api) enabled: bool,
    pub(in crate::chat_api) template: Option<String>,
    pub(in crate::chat_api) sound: Option<String>,
}

/// What files there may be.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Media {
    pub(in crate::chat_api) size_limit_mb: u64,
    pub(in crate::chat_api) compatibility_message: Option<String>,
}
