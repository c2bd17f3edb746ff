//! What no client should do, and what it gets.

use serde_json::json;

use super::sdk::{Heard, Sdk, handshake};
use crate::served::{PAGE, Served};

/// The status that a connection is closed with after these bytes.
async fn closed_after(served: &Served, bytes: &[u8]) -> (serde_json::Value, Heard) {
    let mut sdk = Sdk::bare(served, Some(PAGE)).await;
    sdk.socket.frame(0x82, bytes).await;
    let Heard::Frame(header, _) = sdk.next().await else { panic!("no frame") };
    (header["status"]["code"].clone(), sdk.next().await)
}

#[tokio::test]
async fn bytes_that_are_no_frame_end_the_connection() {
    let served = Served::start().await;
    for bytes in [
        &b""[..],
        b"GET / HTTP/1.1\r\n\r\n",
        b"TWILSOCK V3.0 99999999999999999999\r\n{}\r\n",
        b"TWILSOCK V3.0 10\r\n{}\r\n",
        b"TWILSOCK V3.0 2\r\n[]\r\n",
        b"TWILSOCK V3.0 2\r\n\xC3\x28\r\n",
        b"TWILSOCK V3.0 25\r\n{\"method\":\"init\",\"id\":\"\"}\r\n",
    ] {
        let (status, close) = closed_after(&served, bytes).await;
        assert_eq!((status, close), (json!(406), Heard::Close(4001)), "{bytes:?}");
    }
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let frame = format!("TWILSOCK V3.0 {}\r\n{deep}\r\n", deep.len());
    assert_eq!(closed_after(&served, frame.as_bytes()).await.0, 406);
}

#[tokio::test]
async fn a_frame_that_is_too_long_is_not_waited_for() {
    let served = Served::start().await;
    let mut sdk = Sdk::bare(&served, Some(PAGE)).await;
    let mut head = vec![0x82, 0xFF];
    head.extend((256_u64 * 1024 + 1).to_be_bytes());
    head.extend([0; 4]);
    sdk.socket.raw(&head).await;
    assert_eq!(sdk.next().await, Heard::Close(1009));
}

#[tokio::test]
async fn tokens_are_told_apart_as_the_clients_expect_it() {
    let served = Served::start().await;
    let guest = served.guest().await;
    served.open_chat(&guest).await;
    let cookie = served.sign_in().await;
    let agent = served.agent_token(&cookie).await;
    for (token, error) in [("", 20_101), ("nonsense", 20_101), (agent.as_str(), 20_403)] {
        let mut sdk = Sdk::bare(&served, Some(PAGE)).await;
        let (header, _) = sdk.init(token).await;
        assert_eq!(header["status"]["errorCode"], error, "{token:?}");
    }
    served.world.later(25 * 3_600_000);
    let mut sdk = Sdk::bare(&served, Some(PAGE)).await;
    let (header, _) = sdk.init(&guest.token).await;
    assert_eq!(header["status"]["code"], 401);
    assert_eq!(header["status"]["errorCode"], 20_104);
}

#[tokio::test]
async fn a_page_of_no_site_does_not_get_in_and_a_token_is_good_on_its_page_alone() {
    let served = Served::start().await;
    let host = served.address.to_string();
    for origin in ["https://evil.example", "null", "https://example.com.evil", "http://example.com"]
    {
        let request =
            handshake(&host, Some(origin)).replace("Upgrade\r\nUp", "Upgrade, close\r\nUp");
        let answer = served.raw(request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 403 "), "{origin}: {answer}");
    }
    let guest = served.guest().await;
    served.open_chat(&guest).await;
    for origin in [None, Some(served.own())] {
        let mut sdk = Sdk::bare(&served, origin.as_deref()).await;
        let (header, _) = sdk.init(&guest.token).await;
        assert_eq!(header["status"]["code"], 403, "{origin:?}");
    }
}

#[tokio::test]
async fn what_is_not_here_is_answered_as_the_original_did() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut sdk = Sdk::start(&served, &guest.token).await;
    for (method, url) in [
        ("GET", "/"),
        ("GET", ""),
        ("GET", "/v3/Streams/x"),
        ("DELETE", "/v3/Lists/x"),
        ("PUT", "/v3/Maps/x/Items/y"),
        ("GET", "/v3/Lists/x/Items/1/2/3"),
    ] {
        let (status, answer) = sdk.ask(method, url, None).await;
        assert_eq!((status, &answer["code"]), (404, &json!(20_404)), "{method} {url}");
    }
    for (url, code) in [
        ("/v3/Documents/ET00000000000000000000000000000009", 54_100),
        ("/v3/Lists/ES00000000000000000000000000000009", 54_150),
        ("/v3/Maps/MP00000000000000000000000000000009", 54_200),
        ("/v3/Maps/nobody.info", 54_300),
        ("/v3/Documents/CH00000000000000000000000000000009.channel", 54_300),
        ("/v3/PublicChannels/CH00000000000000000000000000000009", 50_300),
        ("/v3/Users/nobody", 50_200),
    ] {
        let (status, answer) = sdk.get(url).await;
        assert_eq!((status, &answer["code"]), (404, &json!(code)), "{url}");
    }
    let items = format!("/v3/Lists/{channel}.messages/Items");
    for query in ["PageToken=x", "From=-1", "Order=up", "PageSize=many", "Index=x"] {
        assert_eq!(sdk.get(&format!("{items}?{query}")).await.0, 400, "{query}");
    }
    let list = format!("/v3/Lists/{}/Items", sdk.session);
    for body in [json!({}), json!({"data": 1}), json!({"data": {"commandId": "x".repeat(65)}})] {
        assert_eq!(sdk.post(&list, &body).await.0, 400, "{body}");
    }
    let gone = "/v3/Lists/ES00000000000000000000000000000009/Items";
    let body = json!({"data": {"commandId": "1", "request": {"action": "sendMessage"}}});
    let (status, answer) = sdk.post(gone, &body).await;
    assert_eq!((status, &answer["code"]), (404, &json!(54_150)));
    assert_eq!(sdk.post("/v3/Lists", &json!({"unique_name": "mine"})).await.0, 403);
}

#[tokio::test]
async fn commands_that_make_no_sense_are_refused_one_by_one() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut sdk = Sdk::start(&served, &guest.token).await;
    for (n, (request, status)) in [
        (json!({}), 404),
        (json!(1), 404),
        (json!({"action": "dance"}), 404),
        (json!({"action": "sendMessage"}), 400),
        (json!({"action": "sendMessage", "channelSid": "CH1", "text": "x"}), 50_300),
        (json!({"action": "sendMessage", "channelSid": channel, "text": ""}), 20_001),
        (json!({"action": "sendMessage", "channelSid": channel, "text": "a\u{0}"}), 20_001),
        (json!({"action": "sendMessage", "channelSid": channel, "text": "x".repeat(32_769)}), 50_504),
        (json!({"action": "sendMessage", "channelSid": channel, "text": "x", "attributes": "[]"}), 400),
        (
            json!({
                "action": "sendMessage", "channelSid": channel, "text": "x",
                "attributes": json!({"a": "x".repeat(4_096)}).to_string(),
            }),
            50_303,
        ),
        (json!({"action": "editMessage", "channelSid": channel, "messageIdx": "7", "text": "x"}), 50_500),
        (json!({"action": "deleteMessage", "channelSid": channel, "messageIdx": -1}), 400),
        (json!({"action": "removeMember", "channelSid": channel, "memberSid": "x"}), 50_400),
        (json!({"action": "consumptionReportV2", "report": [{}]}), 400),
        (json!({"action": "editUserFriendlyName", "username": "nobody", "friendlyName": "x"}), 50_200),
        (
            json!({"action": "editUserFriendlyName", "username": guest.identity, "friendlyName": "x".repeat(257)}),
            400,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let response = sdk.command(&n.to_string(), request.clone()).await;
        assert_eq!(response["status"], status, "{:.120}", request.to_string());
    }
}
