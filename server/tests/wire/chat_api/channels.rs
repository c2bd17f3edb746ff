//! Channels.

use serde_json::json;

use super::{Api, column, has_keys};

const KEYS: &str = "sid, account_sid, service_sid, friendly_name, unique_name, attributes, type, \
                    date_created, date_updated, created_by, members_count, messages_count, url, \
                    links";

#[tokio::test]
async fn a_channel_is_made_changed_and_removed() {
    let api = Api::start().await;
    let fields = [
        ("FriendlyName", "Support"),
        ("UniqueName", "order 7/a"),
        ("Attributes", r#"{"order":7}"#),
        ("Type", "private"),
        ("CreatedBy", "shop"),
    ];
    let (path, made) = api.make(&format!("{}/Channels", api.service), &fields).await;
    has_keys(&made, KEYS);
    assert_eq!((&made["friendly_name"], &made["type"]), (&json!("Support"), &json!("private")));
    assert_eq!(
        (&made["created_by"], &made["attributes"]),
        (&json!("shop"), &json!(r#"{"order":7}"#))
    );
    assert_eq!((&made["members_count"], &made["messages_count"]), (&json!(0), &json!(0)));
    assert_eq!(api.path(&made["links"]["messages"]), format!("{path}/Messages"));
    assert_eq!(api.fetch(&path).await, made);
    let named = format!("{}/Channels/order%207%2Fa", api.service);
    assert_eq!(api.fetch(&named).await, made);

    let taken = api.post(&format!("{}/Channels", api.service), &fields).await;
    taken.is_error(409, "UniqueName");
    assert_eq!(taken.json()["code"], 50_307);

    api.served.world.later(60_000);
    let changed = api.update(&named, &[("FriendlyName", "Help"), ("UniqueName", "other")]).await;
    assert_eq!(
        (&changed["friendly_name"], &changed["unique_name"]),
        (&json!("Help"), &json!("other"))
    );
    assert_eq!(
        (&changed["attributes"], &changed["created_by"]),
        (&made["attributes"], &json!("shop"))
    );
    assert_ne!(changed["date_updated"], made["date_updated"]);
    assert_eq!(changed["date_created"], made["date_created"]);
    api.get(&named).await.is_error(404, "not found");
    api.make(&format!("{path}/Messages"), &[("Body", "Hello")]).await;
    assert_eq!(api.fetch(&path).await["messages_count"], 1);
    api.remove(&path).await;
}

#[tokio::test]
async fn a_plain_channel_is_public_and_has_no_names() {
    let api = Api::start().await;
    let (_, made) = api.make(&format!("{}/Channels", api.service), &[]).await;
    assert_eq!((&made["friendly_name"], &made["unique_name"]), (&json!(null), &json!(null)));
    assert_eq!((&made["type"], &made["created_by"]), (&json!("public"), &json!("system")));
}

#[tokio::test]
async fn channels_are_paged_and_filtered() {
    let api = Api::start().await;
    let list = format!("{}/Channels", api.service);
    for n in 0..120 {
        let kind = if n % 3 == 0 { "private" } else { "public" };
        api.make(&list, &[("FriendlyName", &n.to_string()), ("Type", kind)]).await;
    }
    let names: Vec<String> = (0..120).map(|n| n.to_string()).collect();
    assert_eq!(column(&api.all(&list, "channels").await, "friendly_name"), names);
    let private = api.all(&format!("{list}?Type=private&PageSize=15"), "channels").await;
    assert_eq!(private.len(), 40);
    assert!(private.iter().all(|channel| channel["type"] == "private"));
    let both = api.all(&format!("{list}?Type=private&Type=public"), "channels").await;
    assert_eq!(both.len(), 120);
}

#[tokio::test]
async fn the_status_attribute_ends_the_visitors_chat() {
    let api = Api::start().await;
    let guest = api.served.guest().await;
    let sid = api.served.open_chat(&guest).await;
    let mut visitor = api.served.live(&guest, &sid).await;
    let channel = format!("{}/Channels/{sid}", api.service);
    assert_eq!(api.fetch(&channel).await["members_count"], 1);
    api.update(&channel, &[("Attributes", r#"{"status":"INACTIVE"}"#)]).await;
    assert_eq!(visitor.expect("ev").await["kind"], "attributes");
    let event = visitor.expect("ev").await;
    assert_eq!((&event["kind"], &event["status"]), (&json!("status"), &json!("INACTIVE")));
    let tasks = api.served.world.tasks().await;
    assert_eq!(json!(tasks[0].status), "closed");
    api.update(&channel, &[("Attributes", r#"{"status":"ACTIVE"}"#)]).await;
    let event = visitor.expect("ev").await;
    assert_eq!((&event["kind"], &event["status"]), (&json!("status"), &json!("ACTIVE")));
}

#[tokio::test]
async fn a_removed_channel_is_gone_for_its_visitor_too() {
    let api = Api::start().await;
    let guest = api.served.guest().await;
    let sid = api.served.open_chat(&guest).await;
    let mut visitor = api.served.live(&guest, &sid).await;
    visitor.say(&sid, 1, "Hello").await;
    visitor.expect_any().await;
    api.remove(&format!("{}/Channels/{sid}", api.service)).await;
    // The chat ends before the visitor's eyes, then there is nothing to follow.
    loop {
        let frame = visitor.expect_any().await;
        if frame["t"] == "ev" && frame["kind"] == "status" {
            assert_eq!(frame["status"], "INACTIVE");
            break;
        }
    }
    let list = format!("{}/Users/{}/Channels", api.service, guest.identity);
    assert!(api.all(&list, "channels").await.is_empty());
}
