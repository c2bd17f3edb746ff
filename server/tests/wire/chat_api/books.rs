//! Services, roles, users and their channels.

use serde_json::json;

use super::{Api, column, has_keys};

const SERVICE_KEYS: &str = "sid, account_sid, friendly_name, date_created, date_updated, \
    default_service_role_sid, default_channel_role_sid, default_channel_creator_role_sid, \
    read_status_enabled, reachability_enabled, typing_indicator_timeout, \
    consumption_report_interval, limits, pre_webhook_url, post_webhook_url, webhook_method, \
    webhook_filters, pre_webhook_retry_count, post_webhook_retry_count, notifications, media, url, \
    links";
const ROLE_KEYS: &str = "sid, account_sid, service_sid, friendly_name, type, permissions, \
                         date_created, date_updated, url";
const USER_KEYS: &str = "sid, account_sid, service_sid, attributes, friendly_name, role_sid, \
                         identity, is_online, is_notifiable, date_created, date_updated, \
                         joined_channels_count, links, url";
const USER_CHANNEL_KEYS: &str = "account_sid, service_sid, channel_sid, user_sid, member_sid, \
                                 status, last_consumed_message_index, unread_messages_count, \
                                 links, url, notification_level";

#[tokio::test]
async fn a_service_is_made_changed_and_removed() {
    let api = Api::start().await;
    let (path, made) = api.make("/v2/Services", &[("FriendlyName", "Shop")]).await;
    has_keys(&made, SERVICE_KEYS);
    assert_eq!(made["limits"], json!({"channel_members": 100, "user_channels": 250}));
    assert_eq!(
        (&made["read_status_enabled"], &made["webhook_method"]),
        (&json!(true), &json!(null))
    );
    assert_eq!(made["notifications"]["new_message"]["enabled"], false);
    assert_eq!(api.fetch(&path).await, made);
    let fields = [
        ("FriendlyName", "Shop 2"),
        ("ReadStatusEnabled", "false"),
        ("TypingIndicatorTimeout", "8"),
        ("Notifications.NewMessage.Template", "{{ body }}"),
        ("WebhookFilters", "onMessageSent"),
        ("WebhookFilters", "onMemberAdded"),
        ("Limits.UserChannels", "300"),
    ];
    let changed = api.update(&path, &fields).await;
    has_keys(&changed, SERVICE_KEYS);
    assert_eq!(
        (&changed["friendly_name"], &changed["typing_indicator_timeout"]),
        (&json!("Shop 2"), &json!(8))
    );
    assert_eq!(changed["notifications"]["new_message"]["template"], "{{ body }}");
    assert_eq!(changed["webhook_filters"], json!(["onMessageSent", "onMemberAdded"]));
    assert_eq!(changed["limits"], json!({"channel_members": 100, "user_channels": 300}));
    for wrong in [
        ("Limits.ChannelMembers", "1001"),
        ("WebhookMethod", "PUT"),
        ("ReadStatusEnabled", "maybe"),
    ] {
        api.post(&path, &[wrong]).await.is_error(400, wrong.0);
    }
    api.make(&format!("{path}/Channels"), &[]).await;
    api.delete(&path).await.is_error(409, "channels");
    let channels = api.all(&format!("{path}/Channels"), "channels").await;
    api.remove(&api.path(&channels[0]["url"])).await;
    api.remove(&path).await;

    for n in 0..119 {
        api.make("/v2/Services", &[("FriendlyName", &n.to_string())]).await;
    }
    assert_eq!(api.all("/v2/Services?PageSize=33", "services").await.len(), 120);
}

#[tokio::test]
async fn a_role_is_made_changed_and_removed() {
    let api = Api::start().await;
    let list = format!("{}/Roles", api.service);
    let defaults = api.all(&list, "roles").await;
    let names = column(&defaults, "friendly_name");
    assert_eq!(names, ["service admin", "service user", "channel admin", "channel user"]);
    let service = api.fetch(&api.service).await;
    assert_eq!(service["default_channel_role_sid"], defaults[3]["sid"]);

    let fields = [
        ("FriendlyName", "moderator"),
        ("Type", "channel"),
        ("Permission", "sendMessage"),
        ("Permission", "deleteAnyMessage"),
    ];
    let (path, made) = api.make(&list, &fields).await;
    has_keys(&made, ROLE_KEYS);
    assert_eq!(made["permissions"], json!(["deleteAnyMessage", "sendMessage"]));
    assert_eq!((&made["type"], &made["friendly_name"]), (&json!("channel"), &json!("moderator")));
    assert_eq!(api.fetch(&path).await, made);
    let changed = api.update(&path, &[("Permission", "sendMessage")]).await;
    assert_eq!(changed["permissions"], json!(["sendMessage"]));
    api.post(&path, &[("Permission", "fly")]).await.is_error(400, "Permission");
    api.post(&path, &[]).await.is_error(400, "Permission is required");

    let sid = made["sid"].as_str().unwrap();
    api.update(&api.service, &[("DefaultChannelRoleSid", sid)]).await;
    api.delete(&path).await.is_error(409, "default");
    let old = defaults[3]["sid"].as_str().unwrap();
    api.update(&api.service, &[("DefaultChannelRoleSid", old)]).await;
    let deployment = api.post(&api.service, &[("DefaultServiceRoleSid", sid)]).await;
    deployment.is_error(400, "DefaultServiceRoleSid");
    api.remove(&path).await;
    for n in 0..116 {
        let name = n.to_string();
        let fields =
            [("FriendlyName", name.as_str()), ("Type", "channel"), ("Permission", "sendMessage")];
        api.make(&list, &fields).await;
    }
    assert_eq!(api.all(&list, "roles").await.len(), 120);
}

#[tokio::test]
async fn a_user_is_made_changed_and_removed() {
    let api = Api::start().await;
    let list = format!("{}/Users", api.service);
    let fields = [("Identity", "ann"), ("FriendlyName", "Ann"), ("Attributes", r#"{"age":7}"#)];
    let (path, made) = api.make(&list, &fields).await;
    has_keys(&made, USER_KEYS);
    let service = api.fetch(&api.service).await;
    assert_eq!(made["role_sid"], service["default_service_role_sid"]);
    assert_eq!(
        (&made["friendly_name"], &made["attributes"]),
        (&json!("Ann"), &json!(r#"{"age":7}"#))
    );
    assert_eq!(api.fetch(&path).await, made);
    assert_eq!(api.fetch(&format!("{list}/ann")).await, made);
    let again = api.post(&list, &fields).await;
    again.is_error(409, "Identity");
    assert_eq!(again.json()["code"], 50_201);
    let changed = api.update(&format!("{list}/ann"), &[("FriendlyName", "Anna")]).await;
    assert_eq!(
        (&changed["friendly_name"], &changed["attributes"]),
        (&json!("Anna"), &made["attributes"])
    );
    api.remove(&path).await;
    // The agent is a user as well, and works.
    api.delete(&format!("{list}/alice")).await.is_error(409, "agent");
    for n in 0..119 {
        api.make(&list, &[("Identity", &format!("user-{n}"))]).await;
    }
    assert_eq!(api.all(&format!("{list}?PageSize=50"), "users").await.len(), 120);
}

#[tokio::test]
async fn a_user_reads_mutes_and_leaves_a_channel() {
    let api = Api::start().await;
    let channel = api.channel(&[("UniqueName", "first")]).await;
    let (member, made) = api.make(&format!("{channel}/Members"), &[("Identity", "ann")]).await;
    for n in 0..3 {
        api.make(&format!("{channel}/Messages"), &[("Body", &n.to_string())]).await;
    }
    let list = format!("{}/Users/ann/Channels", api.service);
    let all = api.all(&list, "channels").await;
    assert_eq!(all.len(), 1);
    has_keys(&all[0], USER_CHANNEL_KEYS);
    assert_eq!(
        (&all[0]["status"], &all[0]["unread_messages_count"]),
        (&json!("joined"), &json!(3))
    );
    assert_eq!(all[0]["member_sid"], made["sid"]);
    assert_eq!(api.path(&all[0]["links"]["member"]), member);
    let path = api.path(&all[0]["url"]);
    assert_eq!(api.fetch(&format!("{list}/first")).await, all[0]);
    let fields = [("NotificationLevel", "muted"), ("LastConsumedMessageIndex", "1")];
    let changed = api.update(&path, &fields).await;
    assert_eq!(
        (&changed["notification_level"], &changed["unread_messages_count"]),
        (&json!("muted"), &json!(1))
    );
    assert_eq!(changed["last_consumed_message_index"], 1);
    api.remove(&path).await;
    assert_eq!(api.fetch(&channel).await["members_count"], 0);

    for n in 0..120 {
        let channel = api.channel(&[("FriendlyName", &n.to_string())]).await;
        api.make(&format!("{channel}/Members"), &[("Identity", "ann")]).await;
    }
    assert_eq!(api.all(&format!("{list}?PageSize=25"), "channels").await.len(), 120);
}
