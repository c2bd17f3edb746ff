//! Messages.

use serde_json::json;

use super::{Api, has_keys};

const KEYS: &str = "sid, account_sid, attributes, service_sid, to, channel_sid, date_created, \
                    date_updated, last_updated_by, was_edited, from, body, index, type, media, url";

#[tokio::test]
async fn a_message_is_made_changed_and_removed() {
    let api = Api::start().await;
    let channel = api.channel(&[]).await;
    let list = format!("{channel}/Messages");
    let (path, made) = api.make(&list, &[("Body", "Hello"), ("From", "bot")]).await;
    has_keys(&made, KEYS);
    assert_eq!(
        (&made["from"], &made["body"], &made["index"]),
        (&json!("bot"), &json!("Hello"), &json!(0))
    );
    assert_eq!((&made["attributes"], &made["type"]), (&json!("{}"), &json!("text")));
    assert_eq!((&made["was_edited"], &made["last_updated_by"]), (&json!(false), &json!(null)));
    assert_eq!(made["to"], made["channel_sid"]);
    assert_eq!(made["date_created"], "2026-11-18T11:06:40Z");
    assert_eq!(api.fetch(&path).await, made);

    api.served.world.later(60_000);
    let attributes = r#"{"intent":"greeting"}"#;
    let fields = [("Attributes", attributes), ("LastUpdatedBy", "clerk")];
    let changed = api.update(&path, &fields).await;
    assert_eq!((&changed["body"], &changed["attributes"]), (&json!("Hello"), &json!(attributes)));
    assert_eq!(
        (&changed["was_edited"], &changed["last_updated_by"]),
        (&json!(true), &json!("clerk"))
    );
    assert_eq!(changed["date_updated"], "2026-11-18T11:07:40Z");
    let changed = api.update(&path, &[("Body", "Good evening")]).await;
    assert_eq!(
        (&changed["body"], &changed["attributes"]),
        (&json!("Good evening"), &json!(attributes))
    );

    let (_, second) = api.make(&list, &[("Body", "Bye")]).await;
    assert_eq!((&second["from"], &second["index"]), (&json!("system"), &json!(1)));
    api.remove(&path).await;
    assert_eq!(api.fetch(&channel).await["messages_count"], 1);
    assert_eq!(api.all(&list, "messages").await, [second]);
}

#[tokio::test]
async fn messages_are_paged_either_way() {
    let api = Api::start().await;
    let channel = api.channel(&[]).await;
    let list = format!("{channel}/Messages");
    for n in 0..120 {
        api.make(&list, &[("Body", &n.to_string())]).await;
    }
    let bodies = async |query: &str| {
        let all = api.all(&format!("{list}?{query}"), "messages").await;
        all.iter().map(|message| message["body"].as_str().unwrap().parse().unwrap()).collect()
    };
    let forth: Vec<u32> = (0..120).collect();
    let back: Vec<u32> = (0..120).rev().collect();
    let all: Vec<u32> = bodies("").await;
    assert_eq!(all, forth);
    assert_eq!(bodies("Order=asc&PageSize=7").await, forth);
    assert_eq!(bodies("Order=desc&PageSize=50").await, back);
    assert_eq!(bodies("Order=desc&PageSize=1000").await, back);
}

#[tokio::test]
async fn what_a_server_says_is_on_the_visitors_screen_at_once() {
    let api = Api::start().await;
    let guest = api.served.guest().await;
    let sid = api.served.open_chat(&guest).await;
    let mut visitor = api.served.live(&guest, &sid).await;
    let channel = format!("{}/Channels/{sid}", api.service);
    let attributes = r#"{"buttons":["yes","no"]}"#;
    let fields = [("Body", "Is it urgent?"), ("From", "bot"), ("Attributes", attributes)];
    let (path, made) = api.make(&format!("{channel}/Messages"), &fields).await;
    let event = visitor.expect("ev").await;
    assert_eq!((&event["kind"], &event["author"]), (&json!("msg"), &json!("bot")));
    assert_eq!((&event["sid"], &event["body"]), (&made["sid"], &made["body"]));
    assert_eq!(event["attributes"], json!({"buttons": ["yes", "no"]}));

    api.update(&path, &[("Body", "Is it very urgent?")]).await;
    let event = visitor.expect("ev").await;
    assert_eq!((&event["kind"], &event["body"]), (&json!("edit"), &json!("Is it very urgent?")));
    api.remove(&path).await;
    assert_eq!(visitor.expect("ev").await["kind"], "redact");

    // And what the visitor says is in the list.
    visitor.say(&sid, 1, "Yes").await;
    // The answer and the event come in any order.
    visitor.expect_any().await;
    visitor.expect_any().await;
    let all = api.all(&format!("{channel}/Messages"), "messages").await;
    assert_eq!((all.len(), &all[0]["body"]), (1, &json!("Yes")));
    assert_eq!(all[0]["from"], json!(guest.identity));
}

#[tokio::test]
async fn a_channel_takes_30_actions_a_second() {
    let api = Api::start().await;
    let channel = api.channel(&[]).await;
    let list = format!("{channel}/Messages");
    for _ in 0..150 {
        api.make(&list, &[("Body", "Hello")]).await;
    }
    let refused = api.post(&list, &[("Body", "Hello")]).await;
    refused.is_error(429, "30 actions a second");
    assert_eq!(refused.json()["code"], 50_063);
    assert_eq!(refused.header("retry-after"), Some("5"));
    // Reading is not counted, and another channel is another.
    api.fetch(&list).await;
    let other = api.channel(&[]).await;
    api.make(&format!("{other}/Messages"), &[("Body", "Hello")]).await;
    api.served.world.later(5_000);
    api.make(&list, &[("Body", "Hello")]).await;
}

#[tokio::test]
async fn a_message_has_its_limits() {
    let api = Api::start().await;
    let channel = api.channel(&[]).await;
    let list = format!("{channel}/Messages");
    let longest = "é".repeat(16_384);
    let (path, _) = api.make(&list, &[("Body", &longest)]).await;
    let refused = api.post(&list, &[("Body", &format!("{longest}x"))]).await;
    refused.is_error(400, "Body");
    assert_eq!(refused.json()["code"], 50_504);
    assert_eq!(api.post(&path, &[("Body", &format!("{longest}x"))]).await.json()["code"], 50_504);
    let attributes = json!({"x": "y".repeat(4_096)}).to_string();
    let refused = api.post(&list, &[("Body", "Hello"), ("Attributes", &attributes)]).await;
    refused.is_error(400, "Attributes");
    assert_eq!(refused.json()["code"], 50_303);
    assert_eq!(api.fetch(&channel).await["messages_count"], 1);
}

#[tokio::test]
async fn nothing_is_said_in_a_chat_that_has_ended() {
    let api = Api::start().await;
    let channel = api.channel(&[("Attributes", r#"{"status":"INACTIVE"}"#)]).await;
    let list = format!("{channel}/Messages");
    api.post(&list, &[("Body", "Hello")]).await.is_error(409, "ended");
    api.update(&channel, &[("Attributes", r#"{"status":"ACTIVE"}"#)]).await;
    api.make(&list, &[("Body", "Hello")]).await;
}
