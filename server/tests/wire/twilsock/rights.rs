//! What is whose.

use serde_json::{Value, json};

use super::sdk::Sdk;
use crate::served::Served;

#[tokio::test]
async fn anothers_chat_is_not_there_in_any_way() {
    let served = Served::start().await;
    let (guest, other) = (served.guest().await, served.guest().await);
    let channel = served.open_chat(&guest).await;
    served.open_chat(&other).await;
    let mut owner = Sdk::start(&served, &guest.token).await;
    let mut sdk = Sdk::start(&served, &other.token).await;
    for (kind, path, name) in [
        ("document", "Documents", format!("{channel}.channel")),
        ("list", "Lists", format!("{channel}.messages")),
        ("map", "Maps", format!("{channel}.roster")),
        ("map", "Maps", format!("{}.info", guest.identity)),
        ("map", "Maps", format!("{}.channels", guest.identity)),
        ("list", "Lists", owner.session.clone()),
    ] {
        let (status, object) = owner.get(&format!("/v3/{path}/{name}")).await;
        assert_eq!(status, 200, "{name}: {object}");
        let sid = object["sid"].as_str().unwrap().to_owned();
        for address in [&name, &sid] {
            let (status, refused) = sdk.get(&format!("/v3/{path}/{address}")).await;
            assert_eq!(status, 404, "{address}: {refused}");
            let absent = sdk.get(&format!("/v3/{path}/{}", absent(address))).await;
            assert_eq!(absent.1["message"], refused["message"], "{address}");
            if path != "Documents" {
                let (status, _) = sdk.get(&format!("/v3/{path}/{address}/Items")).await;
                assert_eq!(status, 404, "{address}");
            }
        }
        let failed = sdk.follow(kind, &sid, Some(0)).await;
        assert_eq!(failed["event_type"], "subscription_failed", "{name}");
        assert_eq!(failed["event"]["error"]["status"], 404);
    }
    for url in [
        format!("/v3/PublicChannels/{channel}"),
        format!("/v3/Users/{}", guest.identity),
        format!("/v3/Users?ChannelSid={channel}"),
        format!("/v3/Lists/{}/Context", owner.session),
    ] {
        assert_eq!(sdk.get(&url).await.0, 404, "{url}");
    }
    for request in commands(&channel, &guest.identity) {
        let response = sdk.command(&request.to_string()[..40], request.clone()).await;
        assert_ne!(response["status"], 200, "{request}");
    }
    let (_, items) = owner.get(&format!("/v3/Lists/{channel}.messages/Items")).await;
    assert_eq!(items["items"], json!([]));
    assert_eq!(sdk.get("/v3/MyChannels").await.1["channels"].as_array().unwrap().len(), 1);
}

/// The same kind of name, of something that is nowhere.
fn absent(name: &str) -> String {
    let digits = name.chars().map(|c| if c.is_ascii_digit() { '0' } else { c });
    digits.collect()
}

/// Every command there is, on a channel.
fn commands(channel: &str, identity: &str) -> Vec<Value> {
    let fields = json!({
        "channelSid": channel, "text": "hi", "attributes": "{}", "messageIdx": "0",
        "friendlyName": "x", "uniqueName": "x", "notificationLevel": "muted",
        "username": identity, "report": [{"channelSid": channel, "messageIdx": 0}],
    });
    let all = [
        "sendMessage",
        "editMessage",
        "editMessageAttributes",
        "deleteMessage",
        "consumptionReportV2",
        "destroyChannel",
        "editAttributes",
        "editFriendlyName",
        "editUniqueName",
        "editNotificationLevel",
        "joinChannelV2",
        "leaveChannel",
        "addMemberV2",
        "inviteMember",
        "removeMember",
        "declineInvitation",
        "editMemberAttributes",
        "editUserFriendlyName",
        "editUserAttributes",
        "sendMediaMessage",
        "createChannel",
    ];
    let with = |action: &str| {
        let mut request = fields.clone();
        request["action"] = action.into();
        request
    };
    all.into_iter().map(with).collect()
}

#[tokio::test]
async fn a_visitor_does_in_their_chat_what_a_visitor_may() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut sdk = Sdk::start(&served, &guest.token).await;
    let mut done = Vec::new();
    for request in commands(&channel, &guest.identity) {
        let action = request["action"].as_str().unwrap().to_owned();
        // Not yet: the rest is tried first.
        if matches!(action.as_str(), "leaveChannel" | "deleteMessage") {
            continue;
        }
        if sdk.command(&action, request).await["status"] == 200 {
            done.push(action);
        }
    }
    assert_eq!(
        done,
        [
            "sendMessage",
            "editMessage",
            "editMessageAttributes",
            "consumptionReportV2",
            "editNotificationLevel",
            "joinChannelV2",
            "editMemberAttributes",
            "editUserFriendlyName",
            "editUserAttributes",
        ]
    );
    for action in ["deleteMessage", "leaveChannel"] {
        let request = json!({"action": action, "channelSid": channel, "messageIdx": 0});
        assert_eq!(sdk.command(action, request).await["status"], 200, "{action}");
    }
    let late = sdk.say("late", &channel, "hi").await;
    assert_eq!(late["status"], 50_300);
}

#[tokio::test]
async fn a_visitor_without_a_chat_leaves_no_trace() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let mut sdk = Sdk::connect(&served, &guest.token).await;
    let body = json!({"purpose": "com.twilio.rtd.ipmsg", "context": {}});
    let (status, refused) = sdk.post("/v3/Lists", &body).await;
    assert_eq!((status, &refused["code"]), (403, &json!(54_007)));
    assert_eq!(sdk.get("/v3/SyncList").await.0, 404);
    let store = served.world.app.store();
    let users = store.users(&served.world.account, 0, 100).await.unwrap();
    assert!(users.iter().all(|user| user.user.identity.as_str() != guest.identity));
}

#[tokio::test]
async fn who_left_is_told_nothing_more() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut sdk = Sdk::start(&served, &guest.token).await;
    let (list, head) = sdk.open("list", "Lists", &format!("{channel}.messages")).await;
    let (mine, _) = sdk.open("map", "Maps", &format!("{}.channels", guest.identity)).await;
    let leave = json!({"action": "leaveChannel", "channelSid": channel});
    assert_eq!(sdk.command("leave", leave).await["status"], 200);
    let left = sdk.event("map_item_removed", &mine).await;
    assert_eq!(left["item_key"], channel);
    let again = sdk.follow("list", &list, Some(head)).await;
    assert_eq!(again["event_type"], "subscription_failed");
}
