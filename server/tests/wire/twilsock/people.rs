//! Clients among people who use other ways in.

use serde_json::json;

use super::sdk::Sdk;
use crate::{served::Served, socket::Socket};

#[tokio::test]
async fn a_client_and_an_agent_at_the_console_talk() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut sdk = Sdk::start(&served, &guest.token).await;
    let (list, _) = sdk.open("list", "Lists", &format!("{channel}.messages")).await;
    let (roster, _) = sdk.open("map", "Maps", &format!("{channel}.roster")).await;
    let (document, _) = sdk.open("document", "Documents", &format!("{channel}.channel")).await;

    let cookie = served.sign_in().await;
    let task = served.world.tasks().await[0].sid.clone();
    let answer = served.console(&format!("tasks/{task}/accept"), &cookie, &json!({})).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let joined = sdk.event("map_item_added", &roster).await;
    assert_eq!(joined["item_data"]["identity"], "alice");

    let own = served.own();
    let mut console = Socket::connect(&served, &own).await;
    console.hello(&served.agent_token(&cookie).await, json!([{"id": channel}])).await;
    console.expect("welcome").await;
    console.expect("snap").await;
    console.expect("live").await;

    assert_eq!(sdk.say("1", &channel, "hello").await["messageId"], "0");
    let heard = console.expect("ev").await;
    assert_eq!((&heard["body"], &heard["author"]), (&json!("hello"), &json!(guest.identity)));
    console.say(&channel, 7, "good day").await;
    let said = sdk.event("list_item_added", &list).await;
    assert_eq!(said["item_data"]["text"], "hello");
    let said = sdk.event("list_item_added", &list).await;
    assert_eq!((&said["item_index"], &said["item_data"]["author"]), (&json!(1), &json!("alice")));

    console.send(json!({"t": "read", "ch": channel, "seq": heard["seq"]})).await;
    let read = sdk.event("map_item_updated", &roster).await;
    assert_eq!(read["item_data"]["lastConsumedMessageIndex"], 0);
    console.send(json!({"t": "typing", "ch": channel, "on": true})).await;
    let typing = sdk.told(|told| told["channel_sid"] == channel.as_str()).await;
    assert_eq!(typing["identity"], "alice");
    sdk.types(&channel).await;
    let mut typing = console.expect_any().await;
    while typing["t"] != "typing" {
        typing = console.expect_any().await;
    }
    assert_eq!(typing["who"], guest.identity);

    let close = served.console(&format!("tasks/{task}/close"), &cookie, &json!({})).await;
    assert_eq!(close.status, 200, "{close:?}");
    let ended = sdk
        .told(|told| {
            let data = &told["event"]["document_data"]["attributes"];
            data.as_str().is_some_and(|text| text.contains(r#""status":"INACTIVE""#))
        })
        .await;
    assert_eq!(ended["event"]["document_sid"], document);
    assert_eq!(sdk.say("2", &channel, "too late").await["status"], 20_409);
}

#[tokio::test]
async fn what_a_client_read_is_told_to_its_other_tabs() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut sdk = Sdk::start(&served, &guest.token).await;
    let mut widget = served.live(&guest, &channel).await;
    let (mine, _) = sdk.open("map", "Maps", &format!("{}.channels", guest.identity)).await;
    sdk.open("list", "Lists", &format!("{channel}.messages")).await;
    widget.say(&channel, 1, "from the widget").await;
    let mut own = [widget.expect_any().await, widget.expect_any().await];
    own.sort_by_key(|frame| frame["t"].to_string());
    assert_eq!((&own[0]["t"], &own[1]["t"]), (&json!("ack"), &json!("ev")));

    let report = json!({"action": "consumptionReportV2", "report": [{"channelSid": channel, "messageIdx": 0}]});
    let body = json!({"data": {"request": report, "commandId": "r"}});
    let header = json!({
        "method": "message", "id": "TMreport", "payload_size": body.to_string().len(),
        "http_request": {"method": "POST", "path": format!("/v3/Lists/{}/Items", sdk.session)},
    })
    .to_string();
    sdk.raw(&format!("TWILSOCK V3.0 {}\r\n{header}\r\n{body}", header.len())).await;
    let mut read = widget.expect_any().await;
    while read["kind"] != "read" {
        read = widget.expect_any().await;
    }
    assert_eq!(read["identity"], guest.identity);
    loop {
        match sdk.next().await {
            super::sdk::Heard::Frame(_, told) if told["event"]["map_sid"] == mine.as_str() => {
                assert_eq!(told["event"]["item_data"]["lastConsumedMessageIndex"], 0);
                break;
            }
            super::sdk::Heard::Frame(..) => {}
            other @ (super::sdk::Heard::Close(_) | super::sdk::Heard::End) => panic!("{other:?}"),
        }
    }
}
