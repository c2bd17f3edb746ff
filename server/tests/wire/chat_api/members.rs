//! Members and invitations.

use serde_json::json;

use super::{Api, column, has_keys};

const KEYS: &str = "sid, account_sid, channel_sid, service_sid, identity, date_created, \
                    date_updated, role_sid, last_consumed_message_index, \
                    last_consumption_timestamp, url, attributes";
const INVITE_KEYS: &str = "sid, account_sid, channel_sid, service_sid, identity, date_created, \
                           date_updated, role_sid, created_by, url";

#[tokio::test]
async fn a_member_is_made_changed_and_removed() {
    let api = Api::start().await;
    let channel = api.channel(&[]).await;
    let list = format!("{channel}/Members");
    for body in ["one", "two"] {
        api.make(&format!("{channel}/Messages"), &[("Body", body)]).await;
    }
    let (path, made) = api.make(&list, &[("Identity", "bot")]).await;
    has_keys(&made, KEYS);
    assert_eq!((&made["identity"], &made["attributes"]), (&json!("bot"), &json!("{}")));
    assert_eq!(made["last_consumed_message_index"], json!(null));
    let service = api.fetch(&api.service).await;
    assert_eq!(made["role_sid"], service["default_channel_role_sid"]);
    assert_eq!(api.fetch(&path).await, made);
    assert_eq!(api.fetch(&format!("{list}/bot")).await, made);
    let again = api.post(&list, &[("Identity", "bot")]).await;
    again.is_error(409, "member");
    assert_eq!(again.json()["code"], 50_404);

    let admin = service["default_channel_creator_role_sid"].as_str().unwrap();
    let attributes = r#"{"member_type":"agent"}"#;
    let fields =
        [("RoleSid", admin), ("Attributes", attributes), ("LastConsumedMessageIndex", "1")];
    let changed = api.update(&path, &fields).await;
    assert_eq!((&changed["role_sid"], &changed["attributes"]), (&json!(admin), &json!(attributes)));
    assert_eq!(changed["last_consumed_message_index"], 1);
    assert_eq!(changed["last_consumption_timestamp"], "2026-11-18T11:06:40Z");
    // A mark never goes back.
    let same = api.update(&path, &[("LastConsumedMessageIndex", "0")]).await;
    assert_eq!(same["last_consumed_message_index"], 1);

    // Who comes in is a user from then on.
    let user = api.fetch(&format!("{}/Users/bot", api.service)).await;
    assert_eq!(user["joined_channels_count"], 1);
    api.remove(&path).await;
    assert_eq!(api.fetch(&channel).await["members_count"], 0);
}

#[tokio::test]
async fn a_channel_has_100_members_unless_more_are_allowed() {
    let api = Api::start().await;
    let channel = api.channel(&[]).await;
    let list = format!("{channel}/Members");
    for n in 0..100 {
        api.make(&list, &[("Identity", &format!("user-{n:03}"))]).await;
    }
    let refused = api.post(&list, &[("Identity", "user-100")]).await;
    refused.is_error(403, "Limits.ChannelMembers");
    assert_eq!(refused.json()["code"], 50_403);
    api.update(&api.service, &[("Limits.ChannelMembers", "120")]).await;
    for n in 100..120 {
        api.make(&list, &[("Identity", &format!("user-{n:03}"))]).await;
    }
    let names: Vec<String> = (0..120).map(|n| format!("user-{n:03}")).collect();
    assert_eq!(column(&api.all(&list, "members").await, "identity"), names);
    assert_eq!(
        column(&api.all(&format!("{list}?PageSize=11"), "members").await, "identity"),
        names
    );
    let two = api.all(&format!("{list}?Identity=user-003&Identity=user-007"), "members").await;
    assert_eq!(column(&two, "identity"), ["user-003", "user-007"]);
    assert!(api.all(&format!("{list}?Identity=nobody"), "members").await.is_empty());
}

#[tokio::test]
async fn an_invitation_is_made_and_used_up() {
    let api = Api::start().await;
    let channel = api.channel(&[]).await;
    let list = format!("{channel}/Invites");
    let (path, made) = api.make(&list, &[("Identity", "ann")]).await;
    has_keys(&made, INVITE_KEYS);
    assert_eq!((&made["identity"], &made["created_by"]), (&json!("ann"), &json!("system")));
    assert_eq!(api.fetch(&path).await, made);
    api.post(&list, &[("Identity", "ann")]).await.is_error(409, "invited");
    for n in 1..120 {
        api.make(&list, &[("Identity", &format!("user-{n}"))]).await;
    }
    assert_eq!(api.all(&list, "invites").await.len(), 120);
    let one = api.all(&format!("{list}?Identity=user-7"), "invites").await;
    assert_eq!(column(&one, "identity"), ["user-7"]);
    let other = api.path(&one[0]["url"]);
    api.remove(&other).await;
    api.make(&format!("{channel}/Members"), &[("Identity", "ann")]).await;
    api.get(&path).await.is_error(404, "not found");
    assert_eq!(api.all(&list, "invites").await.len(), 118);
}

#[tokio::test]
async fn the_visitor_sees_a_bot_come_and_go() {
    let api = Api::start().await;
    let guest = api.served.guest().await;
    let sid = api.served.open_chat(&guest).await;
    let mut visitor = api.served.live(&guest, &sid).await;
    let list = format!("{}/Channels/{sid}/Members", api.service);
    let (path, _) = api.make(&list, &[("Identity", "bot")]).await;
    let event = visitor.expect("ev").await;
    assert_eq!((&event["kind"], &event["member"]["role"]), (&json!("join"), &json!("bot")));
    api.update(&path, &[("Attributes", r#"{"avatar":"b.png"}"#)]).await;
    let event = visitor.expect("ev").await;
    assert_eq!(
        (&event["kind"], &event["attributes"]),
        (&json!("member"), &json!({"avatar": "b.png"}))
    );
    api.remove(&path).await;
    let event = visitor.expect("ev").await;
    assert_eq!((&event["kind"], &event["identity"]), (&json!("leave"), &json!("bot")));
    assert_eq!(api.all(&list, "members").await.len(), 1);
}
