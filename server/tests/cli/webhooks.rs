//! What was not delivered, as an owner sees it at the terminal.

use std::{path::Path, sync::Arc};

use frontdesk_protocol::{
    ChannelSid, MessageSid,
    attributes::Attributes,
    id::{AccountSid, ServiceSid},
};
use frontdesk_server::{
    clock::SystemClock,
    storage::{
        Change, ChannelType, HookMethod, Hooks as _, Look, NewDelivery, Settled, Speaker,
        Streams as _, delivery_name, sqlite::SqliteStore, system,
    },
};

use serde_json::Value;

use crate::program::{Server, credentials, run, stderr, stdout};

/// Puts two dead deliveries into the queue: their ids, as they are shown.
async fn bury(data: &Path) -> [String; 2] {
    let (store, _feed) =
        SqliteStore::open(&data.join("frontdesk.db"), Arc::new(SystemClock)).await.unwrap();
    let made = credentials(data);
    let account = AccountSid::parse(made["account_sid"].as_str().unwrap()).unwrap();
    let service = ServiceSid::parse(made["service_sid"].as_str().unwrap()).unwrap();
    let channel = ChannelSid::from_bits(1);
    let open = Change::OpenChannel {
        sid: channel.clone(),
        account: account.clone(),
        service,
        unique_name: None,
        name: "A chat".into(),
        kind: ChannelType::Private,
        created_by: system(),
        attributes: Attributes::new(),
        key: [0; 32],
    };
    store.commit(vec![open]).await.unwrap();
    for id in [1, 2] {
        let delivery = NewDelivery {
            id,
            account: account.clone(),
            target: "t".into(),
            url: "http://127.0.0.1:1/hook?token=canary-token".into(),
            method: HookMethod::Post,
            lane: channel.to_string(),
            event: "onMessageSent".into(),
            fields: vec![("From".into(), "canary-guest".into())],
            text: vec![("Body".into(), "canary-body".into())],
            stamps: vec![],
            message: None,
        };
        let say = Change::Say {
            channel: channel.clone(),
            author: Speaker::Anybody(system()),
            sid: MessageSid::from_bits(id),
            cid: None,
            body: "canary-body".into(),
            media: None,
            attributes: Attributes::new(),
            submitted: None,
        };
        let tell = Change::Enqueue { about: 0, quiet: false, delivery: Box::new(delivery) };
        store.commit(vec![say, tell]).await.unwrap();
        let now = frontdesk_server::clock::Clock::now(&SystemClock);
        let look = Look { now, lanes: vec![], targets: vec![], accounts: vec![], each: 1, most: 1 };
        let first = store.due(look).await.unwrap().waiting.remove(0);
        store.settle(first.n, Settled::Dead { error: "status 404".into() }).await.unwrap();
    }
    store.close().await;
    [1, 2].map(delivery_name)
}

#[tokio::test]
async fn the_dead_are_listed_without_what_they_tell_and_put_back_or_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    Server::start(data).terminate();
    let dead = |arguments: &[&str]| run(data, &[&["webhook", "dead"], arguments].concat());
    assert_eq!(stdout(&dead(&["list"])), "");
    assert_eq!(stdout(&dead(&["list", "--json"])), "[]\n");
    let [first, second] = bury(data).await;

    let list = stdout(&dead(&["list"]));
    let line = list.lines().next().unwrap();
    assert!(line.starts_with(&first), "{line}");
    for said in ["onMessageSent", "CH0000", "http://127.0.0.1:1/hook ", "1 attempt ", "status 404"]
    {
        assert!(line.contains(said), "{line:?} does not say {said:?}");
    }
    assert!(list.lines().count() == 2 && !list.contains("canary"), "{list}");

    let json = stdout(&dead(&["list", "--json"]));
    let listed: Vec<Value> = serde_json::from_str(&json).unwrap();
    assert!(listed.len() == 2 && !json.contains("canary"), "{json}");
    assert_eq!(listed[0]["account_sid"], credentials(data)["account_sid"]);
    for (name, value) in [
        ("id", first.as_str()),
        ("event", "onMessageSent"),
        ("about", ChannelSid::from_bits(1).as_str()),
        ("url", "http://127.0.0.1:1/hook"),
        ("error", "status 404"),
    ] {
        assert_eq!(listed[0][name], value, "{json}");
    }
    assert_eq!(listed[0]["attempts"], 1);

    let nobody = stderr(&dead(&["retry", "EV0"]));
    assert!(nobody.contains("there is no dead delivery EV0"), "{nobody}");
    assert_eq!(stdout(&dead(&["retry", &first])), "1 will be delivered again\n");
    assert!(stderr(&dead(&["drop", &first])).contains("no dead delivery"), "it waits");
    assert!(stdout(&dead(&["list"])).starts_with(&second));
    assert_eq!(stdout(&dead(&["drop"])), "1 forgotten\n");
    assert_eq!(stdout(&dead(&["list"])), "");
}
