//! One chat, from the token to its end.

use frontdesk_server::config::Config;
use serde_json::json;

use crate::{
    served::{PAGE, Served},
    socket::{Said, Socket},
};

/// The agent's connection, following the queue.
async fn desk(served: &Served, cookie: &str) -> Socket {
    let token = served.agent_token(cookie).await;
    let queue = served.world.agent.queue.to_string();
    let mut desk = Socket::connect(served, &served.own()).await;
    desk.hello(&token, json!([{"id": queue}])).await;
    desk.expect("welcome").await;
    desk
}

#[tokio::test]
async fn a_visitor_and_an_agent_talk_until_the_chat_ends() {
    let served = Served::start().await;
    let cookie = served.sign_in().await;
    let mut desk = desk(&served, &cookie).await;
    desk.expect("snap").await;
    desk.expect("live").await;

    // The visitor posts the form: the agent sees it, with what was said in it.
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let event = desk.expect("ev").await;
    let task = &event["task"];
    assert_eq!((&task["status"], &task["channel"]), (&json!("waiting"), &json!(channel)));
    assert_eq!(task["attributes"]["location"], "https://example.com/shop");

    // The agent may look, but not speak before taking it.
    let mut visitor = served.live(&guest, &channel).await;
    desk.send(json!({"t": "sub", "ch": [{"id": channel}]})).await;
    desk.expect("snap").await;
    desk.expect("live").await;
    desk.say(&channel, 1, "too early").await;
    assert_eq!(desk.expect("nack").await["code"], "forbidden");
    let path = format!("tasks/{}/accept", task["sid"].as_str().unwrap());
    assert_eq!(served.console(&path, &cookie, &json!({})).await.status, 200);
    let join = visitor.expect("ev").await;
    assert_eq!((&join["kind"], &join["member"]["role"]), (&json!("join"), &json!("agent")));

    // Both speak; both see the same, in the same order.
    visitor.say(&channel, 2, "hello").await;
    let mut mine = [visitor.expect_any().await, visitor.expect_any().await];
    mine.sort_by_key(|frame| frame["t"].to_string());
    assert_eq!((&mine[0]["t"], &mine[1]["t"]), (&json!("ack"), &json!("ev")));
    assert_eq!(mine[0]["seq"], mine[1]["seq"]);
    let theirs = loop {
        let event = desk.expect("ev").await;
        if event["kind"] == "msg" {
            break event;
        }
    };
    assert_eq!((&theirs["body"], &theirs["seq"]), (&json!("hello"), &mine[0]["seq"]));
    assert_eq!(theirs["author"], guest.identity);
    desk.send(json!({"t": "typing", "ch": channel, "on": true})).await;
    assert_eq!(visitor.expect("typing").await["who"], "alice");

    // The agent closes: nothing more can be said.
    let path = format!("tasks/{}/close", task["sid"].as_str().unwrap());
    assert_eq!(served.console(&path, &cookie, &json!({})).await.status, 200);
    loop {
        let event = visitor.expect("ev").await;
        if event["kind"] == "status" {
            assert_eq!(event["status"], "INACTIVE");
            break;
        }
    }
    visitor.say(&channel, 3, "still there?").await;
    assert_eq!(visitor.expect("nack").await["code"], "ended");
}

#[tokio::test]
async fn a_guest_ends_its_own_chat_and_nobody_elses() {
    let served = Served::start().await;
    let (guest, other) = (served.guest().await, served.guest().await);
    let channel = served.open_chat(&guest).await;
    served.open_chat(&other).await;
    let path = format!("/v1/WebChannels/{channel}");
    let end = |basic: String| {
        let (served, path) = (&served, &path);
        async move {
            let kind = ("Content-Type", "application/x-www-form-urlencoded");
            let headers = [("Authorization", basic.as_str()), ("Origin", PAGE), kind];
            served.ask("POST", path, &headers, "ChatStatus=inactive").await
        }
    };
    end(other.basic()).await.is_error(404, "there is no channel");
    assert_eq!(end(guest.basic()).await.status, 200);
    let mut visitor = served.live(&guest, &channel).await;
    visitor.say(&channel, 1, "x").await;
    assert_eq!(visitor.expect("nack").await["code"], "ended");
}

#[tokio::test]
async fn who_comes_back_gets_what_was_missed_and_nothing_twice() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut first = Socket::connect(&served, PAGE).await;
    first.hello(&guest.token, json!([{"id": channel}])).await;
    let welcome = first.expect("welcome").await;
    let epoch = welcome["ch"][0]["epoch"].clone();
    first.expect("snap").await;
    let seq = first.expect("live").await["seq"].as_u64().unwrap();
    drop(first);

    let mut second = served.live(&guest, &channel).await;
    for cid in 1..=3 {
        second.say(&channel, cid, &format!("message {cid}")).await;
    }
    for _ in 0..6 {
        second.expect_any().await;
    }
    let mut back = Socket::connect(&served, PAGE).await;
    back.hello(&guest.token, json!([{"id": channel, "epoch": epoch, "seq": seq}])).await;
    assert_eq!(back.expect("welcome").await["ch"][0]["mode"], "resume");
    let missed = back.expect("evs").await;
    let bodies: Vec<_> =
        missed["items"].as_array().unwrap().iter().map(|item| item["body"].clone()).collect();
    assert_eq!(bodies, ["message 1", "message 2", "message 3"]);
    assert_eq!(back.expect("live").await["seq"], seq + 3);

    // Of another store, or further than the log: a fresh picture, and it says so.
    for (epoch, seq) in [(json!("another"), seq), (epoch, seq + 99)] {
        let mut reset = Socket::connect(&served, PAGE).await;
        reset.hello(&guest.token, json!([{"id": channel, "epoch": epoch, "seq": seq}])).await;
        assert_eq!(reset.expect("welcome").await["ch"][0]["mode"], "reset");
        assert_eq!(reset.expect("snap").await["items"].as_array().unwrap().len(), 3);
    }
}

#[tokio::test]
async fn the_same_message_twice_is_stored_once() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut visitor = served.live(&guest, &channel).await;
    visitor.say(&channel, 7, "once").await;
    let mut acks = Vec::new();
    while acks.is_empty() {
        acks.extend(Some(visitor.expect_any().await).filter(|frame| frame["t"] == "ack"));
    }
    visitor.say(&channel, 7, "once").await;
    visitor.say(&channel, 7, "something else").await;
    while acks.len() < 2 {
        acks.extend(Some(visitor.expect_any().await).filter(|frame| frame["t"] == "ack"));
    }
    assert_eq!((&acks[0]["dup"], &acks[1]["dup"]), (&json!(false), &json!(true)));
    assert_eq!((&acks[0]["seq"], &acks[0]["ts"]), (&acks[1]["seq"], &acks[1]["ts"]));
    assert_eq!(visitor.expect("nack").await["code"], "conflict");
}

#[tokio::test]
async fn a_double_clicked_form_opens_one_channel() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let key = [("Idempotency-Key", "one-submit")];
    let (first, second) =
        tokio::join!(served.post_form(&guest, &[], &key), served.post_form(&guest, &[], &key));
    assert_eq!((first.status, second.status), (201, 201));
    assert_eq!(first.json()["sid"], second.json()["sid"]);
    assert_eq!(served.world.tasks().await.len(), 1);
    let other = [("CustomerFriendlyName", "Mallory")];
    served.post_form(&guest, &other, &key).await.is_error(409, "Idempotency-Key");
    assert_eq!(served.world.tasks().await.len(), 1);
}

#[tokio::test]
async fn the_account_opens_a_chat_for_anybody() {
    // Bodies as the official library writes them.
    let served = Served::start().await;
    let account = served.world.account.clone();
    let token = served.world.app.store().account(&account).await.unwrap().unwrap().auth_token;
    let basic = crate::served::basic(account.as_str(), &token);
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let body = format!(
        "FlexFlowSid={}&Identity=identity&CustomerFriendlyName=customer_friendly_name&\
         ChatFriendlyName=chat%20friendly_name",
        served.world.flow
    );
    let headers = [("authorization", basic.as_str()), kind, ("accept", "application/json")];
    let answer = served.ask("POST", "/v1/WebChannels", &headers, &body).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let channel = answer.json();
    assert_eq!(channel["account_sid"], account.as_str());
    assert!(channel["sid"].as_str().unwrap().starts_with("CH"));
    assert!(channel["date_created"].as_str().unwrap().ends_with('Z'));
    let wrong = crate::served::basic(account.as_str(), "wrong");
    let headers = [("authorization", wrong.as_str()), kind];
    let answer = served.ask("POST", "/v1/WebChannels", &headers, &body).await;
    answer.is_error(401, "auth token is wrong");
}

#[tokio::test]
async fn a_secret_gets_the_next_token_and_the_connection_goes_on() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut visitor = served.live(&guest, &channel).await;
    served.world.later(60_000);
    let path = format!("/v1/Accounts/{}/Tokens/refresh", served.world.account);
    let headers = [("Origin", PAGE), ("Content-Type", "application/json")];
    let body = json!({"secret": guest.secret, "token": guest.token}).to_string();
    let answer = served.ask("POST", &path, &headers, &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = answer.json();
    assert_eq!(answer["identity"], guest.identity);
    assert_ne!(answer["secret"], json!(guest.secret));
    visitor.send(json!({"t": "auth", "tok": answer["token"]})).await;
    visitor.expect("auth_ok").await;
    // Somebody else's token is no new token of this connection.
    let other = served.guest().await;
    visitor.send(json!({"t": "auth", "tok": other.token})).await;
    assert_eq!(visitor.expect("nack").await["code"], "unauthorized");
    assert_eq!(visitor.next().await, Said::Close(4401));
}

#[tokio::test]
async fn a_server_that_stops_says_so_and_lets_everybody_go() {
    let config = Config { drain_seconds: 1, ..Config::default() };
    let served = Served::with(config).await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut visitor = served.live(&guest, &channel).await;
    served.world.app.lifecycle.drain();
    assert!(visitor.expect("drain").await["after"].as_u64().unwrap() <= 1_000);
    // What is said meanwhile is still stored and acknowledged, or the connection is closed.
    assert_eq!(visitor.closed().await, 1012);
    visitor.frame(0x88, &1012_u16.to_be_bytes()).await;
    assert_eq!(visitor.next().await, Said::End);
    drop(visitor);
    served.serving.await.unwrap();
}

#[tokio::test]
async fn a_ninth_tab_closes_the_quietest_one() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut tabs = Vec::new();
    for _ in 0..9 {
        served.world.later(1);
        tabs.push(served.live(&guest, &channel).await);
    }
    assert_eq!(tabs[0].next().await, Said::Close(4409));
    tabs[8].say(&channel, 1, "here").await;
    tabs[8].expect_any().await;
}
