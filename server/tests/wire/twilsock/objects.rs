//! What a client sees, and what it is told.

use serde_json::json;

use super::sdk::Sdk;
use crate::served::Served;

#[tokio::test]
async fn a_guest_with_a_chat_sees_it_in_all_objects() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut sdk = Sdk::start(&served, &guest.token).await;

    let (_, context) = sdk.get(&format!("/v3/Lists/{}/Context", sdk.session)).await;
    assert_eq!(context["data"]["identity"], guest.identity);
    let media = context["data"]["links"]["mediaServiceUrl"].as_str().unwrap();
    assert!(media.starts_with("/media/v1/Services/IS"), "{media}");
    let (_, list) = sdk.get("/v3/SyncList").await;
    assert_eq!(list["channels"][0]["channel_sid"], channel);
    assert_eq!(list["channels"][0]["status"], "joined");
    let (status, mine) =
        sdk.get(&format!("/v3/Maps/{}.channels/Items?Key={channel}", guest.identity)).await;
    assert_eq!((status, &mine["items"][0]["data"]["status"]), (200, &json!("joined")));
    let (_, document) = sdk.get(&format!("/v3/Documents/{channel}.channel")).await;
    assert_eq!(document["data"]["type"], "private");
    let attributes = document["data"]["attributes"].as_str().unwrap();
    assert!(attributes.contains(r#""status":"ACTIVE""#), "{attributes}");
    let (_, roster) = sdk.get(&format!("/v3/Maps/{channel}.roster/Items")).await;
    assert_eq!(roster["items"][0]["data"]["identity"], guest.identity);
    let (_, info) = sdk.get(&format!("/v3/Maps/{}.info?Include=items", guest.identity)).await;
    assert_eq!(info["items"][1]["data"]["value"], "Bob");
    let (_, user) = sdk.get(&format!("/v3/Users/{}", guest.identity)).await;
    assert_eq!(user["friendly_name"], "Bob");
    let (_, users) = sdk.get(&format!("/v3/Users?ChannelSid={channel}")).await;
    assert_eq!(users["users"][0]["identity"], guest.identity);
    let (_, one) = sdk.get(&format!("/v3/PublicChannels/{channel}")).await;
    assert_eq!((&one["status"], &one["members_count"]), (&json!("joined"), &json!(1)));
}

#[tokio::test]
async fn the_same_command_twice_says_a_message_once() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut sdk = Sdk::start(&served, &guest.token).await;
    assert_eq!(sdk.say("one", &channel, "hello").await["messageId"], "0");
    assert_eq!(sdk.say("one", &channel, "hello").await["messageId"], "0");
    assert_eq!(sdk.say("two", &channel, "hello").await["messageId"], "1");
    assert_eq!(sdk.say("two", &channel, "other").await["status"], 20_409);
    let (_, items) = sdk.get(&format!("/v3/Lists/{channel}.messages/Items")).await;
    assert_eq!(items["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn who_was_away_is_told_what_was_missed_in_order_and_once() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut sdk = Sdk::start(&served, &guest.token).await;
    let (list, head) = sdk.open("list", "Lists", &format!("{channel}.messages")).await;
    sdk.say("0", &channel, "seen").await;
    let session = sdk.session.clone();
    drop(sdk);

    // Another tab speaks meanwhile.
    let mut other = Sdk::start(&served, &guest.token).await;
    for n in 1..70 {
        other.say(&n.to_string(), &channel, &format!("missed {n}")).await;
    }
    let edit = json!({"action": "editMessage", "channelSid": channel, "messageIdx": "1", "text": "edited"});
    assert_eq!(other.command("edit", edit).await["status"], 200);
    let delete = json!({"action": "deleteMessage", "channelSid": channel, "messageIdx": "2"});
    assert_eq!(other.command("delete", delete).await["status"], 200);

    let mut back = Sdk::connect(&served, &guest.token).await;
    let answered = back.follow("list", &session, Some(2)).await;
    assert_eq!(answered["event_type"], "subscription_established", "{answered}");
    let request = json!({"object_sid": list, "object_type": "list", "last_event_id": head + 1});
    let body = json!({"action": "establish", "correlation_id": 1, "requests": [request]});
    back.post("/v4/Subscriptions", &body).await;
    let mut last = head + 1;
    let mut heard = Vec::new();
    loop {
        let told = back.told(|_| true).await;
        if told["event_type"] == "subscription_established" {
            assert_eq!(told["event"]["last_event_id"], last);
            break;
        }
        let id = told["event"]["id"].as_u64().unwrap();
        assert!(id > last, "{id} after {last}");
        last = id;
        let index = told["event"]["item_index"].as_u64().unwrap();
        heard.push(format!("{} {index}", told["event_type"].as_str().unwrap()));
    }
    // What was taken back is not told first.
    let mut expected: Vec<_> =
        (1..70).filter(|n| *n != 2).map(|n| format!("list_item_added {n}")).collect();
    expected.extend(["list_item_updated 1".to_owned(), "list_item_removed 2".to_owned()]);
    assert_eq!(heard, expected);
}

#[tokio::test]
async fn messages_are_read_page_by_page_both_ways() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut sdk = Sdk::start(&served, &guest.token).await;
    for n in 0..7 {
        sdk.say(&n.to_string(), &channel, &n.to_string()).await;
    }
    let items = format!("/v3/Lists/{channel}.messages/Items");
    let mut page = async |query: &str| {
        let (status, page) = sdk.get(&format!("{items}?{query}")).await;
        assert_eq!(status, 200, "{page}");
        let indexes: Vec<u64> = page["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["index"].as_u64().unwrap())
            .collect();
        let token =
            |name: &str| page["meta"][name].as_str().map(|token| format!("PageToken={token}"));
        (indexes, token("previous_token"), token("next_token"))
    };
    let (newest, previous, next) = page("PageSize=3&Order=desc").await;
    assert_eq!((newest, previous), (vec![6, 5, 4], None));
    let (older, previous, next) = page(&next.unwrap()).await;
    assert_eq!(older, [3, 2, 1]);
    let (oldest, _, end) = page(&next.unwrap()).await;
    assert_eq!((oldest, end), (vec![0], None));
    let (newer, _, next) = page(&previous.unwrap()).await;
    assert_eq!(newer, [6, 5, 4]);
    assert_eq!(page(&next.unwrap()).await.0, [3, 2, 1]);
    assert_eq!(page("From=2&PageSize=2").await.0, [2, 3]);
    assert_eq!(page("From=2&PageSize=2&Order=desc").await.0, [2, 1]);
    assert_eq!(page("Index=4").await.0, [4]);
    assert_eq!(page("Index=9").await.0, [0; 0]);
}

#[tokio::test]
async fn a_server_that_stops_sends_its_clients_elsewhere() {
    let served = Served::start().await;
    let guest = served.guest().await;
    served.open_chat(&guest).await;
    let mut sdk = Sdk::start(&served, &guest.token).await;
    served.world.app.lifecycle.drain();
    let super::sdk::Heard::Frame(header, _) = sdk.next().await else { panic!("no frame") };
    assert_eq!(header["method"], "close");
    assert_eq!(header["status"]["code"], 308);
    assert_eq!(sdk.next().await, super::sdk::Heard::Close(1012));
}
