//! What is not there, what is somebody else's, and what no client should send.

use frontdesk_protocol::id::{AccountSid, ServiceSid};
use frontdesk_server::storage::{Account, Service};
use serde_json::json;

use super::Api;
use crate::served::{basic, encoded};

const NOWHERE: &str = "00000000000000000000000000000404";

/// Addresses of all kinds of things, of which none is there.
fn absent(api: &Api, channel: &str) -> Vec<String> {
    let service = &api.service;
    let mut paths = vec![format!("/v2/Services/IS{NOWHERE}"), "/v2/Services/x".into()];
    for sid in
        [format!("CH{NOWHERE}"), format!("ch{NOWHERE}"), "CH1".into(), "%00".into(), "%ff".into()]
    {
        paths.push(format!("{service}/Channels/{sid}"));
        paths.push(format!("{service}/Channels/{sid}/Messages"));
        paths.push(format!("{service}/Channels/{sid}/Members"));
        paths.push(format!("{service}/Channels/{sid}/Invites"));
        paths.push(format!("{service}/Users/alice/Channels/{sid}"));
    }
    for (list, prefix) in [("Messages", "IM"), ("Members", "MB"), ("Invites", "IN")] {
        for sid in [format!("{prefix}{NOWHERE}"), format!("XX{NOWHERE}"), "x".into()] {
            paths.push(format!("{channel}/{list}/{sid}"));
        }
    }
    for (list, prefix) in [("Users", "US"), ("Roles", "RL")] {
        for sid in [format!("{prefix}{NOWHERE}"), "x".into()] {
            paths.push(format!("{service}/{list}/{sid}"));
        }
    }
    paths
}

#[tokio::test]
async fn what_is_not_there_is_404() {
    let api = Api::start().await;
    let channel = api.channel(&[]).await;
    for path in absent(&api, &channel) {
        let mut answers = vec![api.get(&path).await];
        // An invitation cannot be changed.
        if !path.contains("/Invites/") {
            answers.push(api.post(&path, &[("Body", "x")]).await);
        }
        for answer in answers {
            answer.is_error(404, "not found");
            assert_eq!(answer.json()["code"], 20_404, "{path}");
        }
    }
}

#[tokio::test]
async fn another_accounts_things_are_not_there() {
    let api = Api::start().await;
    let channel = api.channel(&[("UniqueName", "mine")]).await;
    let (message, _) = api.make(&format!("{channel}/Messages"), &[("Body", "Hello")]).await;
    let store = api.served.world.app.store();
    let (sid, name) = (AccountSid::from_bits(2), "Other".to_owned());
    store
        .put_account(Account { sid: sid.clone(), name: name.clone(), auth_token: "t".into() })
        .await
        .unwrap();
    let own = ServiceSid::from_bits(2);
    store.put_service(Service { sid: own.clone(), account: sid.clone(), name }).await.unwrap();
    let auth = basic(sid.as_str(), "t");
    let ask = async |method: &str, path: &str| {
        let headers = [
            ("Authorization", auth.as_str()),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        let body = if method == "POST" { encoded(&[("Body", "Changed")]) } else { String::new() };
        api.served.ask(method, path, &headers, &body).await
    };
    let last = channel.rsplit('/').next().unwrap();
    let mut paths = vec![api.service.clone(), channel.clone(), message.clone()];
    paths.push(format!("{}/Users/alice", api.service));
    // Not through the other account's own service either.
    let own = format!("/v2/Services/{own}");
    paths.extend(["mine", last].map(|name| format!("{own}/Channels/{name}")));
    paths.push(format!("{own}/Users/alice"));
    let role = api.fetch(&api.service).await["default_channel_role_sid"].clone();
    paths.push(format!("{own}/Roles/{}", role.as_str().unwrap()));
    for path in &paths {
        for method in ["GET", "POST", "DELETE"] {
            let answer = ask(method, path).await;
            answer.is_error(404, "not found");
            assert_eq!(answer.json()["code"], 20_404, "{method} {path}");
        }
    }
    assert_eq!(ask("GET", "/v2/Services").await.json()["services"].as_array().unwrap().len(), 1);
    assert_eq!(api.fetch(&message).await["body"], "Hello");
}

#[tokio::test]
async fn nobody_comes_in_without_credentials() {
    let api = Api::start().await;
    let guest = api.served.guest().await;
    let wrong = basic(api.served.world.account.as_str(), "wrong");
    for auth in [wrong, guest.basic(), "Bearer x".into()] {
        let answer = api.served.ask("GET", &api.service, &[("Authorization", &auth)], "").await;
        answer.is_error(401, "Authorization");
        assert_eq!(answer.json()["code"], 20_003);
    }
}

#[tokio::test]
async fn a_page_that_is_none_is_refused() {
    let api = Api::start().await;
    let channel = api.channel(&[]).await;
    for _ in 0..3 {
        api.make(&format!("{channel}/Messages"), &[("Body", "Hello")]).await;
    }
    let lists = ["Messages", "Members", "Invites"].map(|list| format!("{channel}/{list}"));
    for list in lists {
        api.get(&format!("{list}?PageSize=0")).await.is_error(400, "PageSize");
        api.get(&format!("{list}?PageSize=x")).await.is_error(400, "PageSize");
        api.get(&format!("{list}?PageToken=PT1")).await.is_error(400, "PageToken");
        // The libraries ask for as many as the caller wants, and take what they get.
        assert_eq!(api.fetch(&format!("{list}?PageSize=1001")).await["meta"]["page_size"], 1_000);
    }
    api.get(&format!("{channel}/Messages?Order=up")).await.is_error(400, "Order");
    api.get(&format!("{}/Channels?Type=x", api.service)).await.is_error(400, "Type");
    // A token of another list, of another order, and one with a bit turned.
    let page = api.fetch(&format!("{channel}/Messages?PageSize=1&Order=desc")).await;
    let next = api.path(&page["meta"]["next_page_url"]);
    assert_eq!(api.fetch(&next).await["messages"][0]["index"], 1);
    for forged in [
        next.replace("/Messages", "/Members"),
        next.replace("desc", "asc"),
        next.replace("PageToken=", "PageToken=A"),
    ] {
        api.get(&forged).await.is_error(400, "PageToken");
    }
}

#[tokio::test]
async fn wrong_parameters_change_nothing() {
    let api = Api::start().await;
    let (service, channel) = (&api.service, api.channel(&[]).await);
    let (message, before) = api.make(&format!("{channel}/Messages"), &[("Body", "Hello")]).await;
    let (messages, members) = (format!("{channel}/Messages"), format!("{channel}/Members"));
    let (users, roles) = (format!("{service}/Users"), format!("{service}/Roles"));
    let channels = format!("{service}/Channels");
    let long = "x".repeat(300);
    let deep = "[".repeat(5_000);
    for (path, fields, says) in [
        (&messages, vec![], "Body is required"),
        (&messages, vec![("Body", " ")], "Body"),
        (&messages, vec![("Body", "a\0b")], "Body"),
        (&messages, vec![("Body", "a"), ("Body", "b")], "Body is given twice"),
        (&messages, vec![("Body", "a"), ("From", &long)], "From"),
        (&messages, vec![("Body", "a"), ("MediaSid", "ME1")], "MediaSid"),
        (&messages, vec![("Body", "a"), ("Attributes", "{")], "Attributes"),
        (&messages, vec![("Body", "a"), ("Attributes", "[1]")], "Attributes"),
        (&messages, vec![("Body", "a"), ("Attributes", &deep)], "Attributes"),
        (&messages, vec![("Body", "a"), ("Attributes", r#"{"a":1,"a":2}"#)], "Attributes"),
        (&message, vec![("Attributes", "no JSON")], "Attributes"),
        (&message, vec![("From", "somebody else")], "From"),
        (&message, vec![("DateCreated", "2020-01-01T00:00:00Z")], "DateCreated"),
        (&members, vec![], "Identity is required"),
        (&members, vec![("Identity", "a\nb")], "Identity"),
        (&members, vec![("Identity", "a"), ("RoleSid", "RL1")], "RoleSid"),
        (&members, vec![("Identity", "a"), ("LastConsumedMessageIndex", "-1")], "LastConsumed"),
        (&users, vec![("Identity", "")], "Identity"),
        (&users, vec![("Identity", "a"), ("FriendlyName", &long)], "FriendlyName"),
        (&roles, vec![("FriendlyName", "a"), ("Permission", "sendMessage")], "Type is required"),
        (&channels, vec![("Type", "secret")], "Type"),
        (&channels, vec![("UniqueName", "CH00000000000000000000000000000001")], "UniqueName"),
        (&channel, vec![("Attributes", "null")], "Attributes"),
    ] {
        api.post(path, &fields).await.is_error(400, says);
    }
    assert_eq!(api.fetch(&message).await, before);
    assert_eq!(api.all(&channels, "channels").await.len(), 1);
    assert_eq!(api.all(&messages, "messages").await.len(), 1);
    assert!(api.all(&members, "members").await.is_empty());
}

#[tokio::test]
async fn a_megabyte_is_too_much() {
    let api = Api::start().await;
    let channel = api.channel(&[]).await;
    let large = "x".repeat(1 << 20);
    for (list, field) in [("Messages", "Body"), ("Members", "Identity"), ("Members", "Attributes")]
    {
        let answer = api.post(&format!("{channel}/{list}"), &[(field, &large)]).await;
        answer.is_error(413, "bytes");
    }
    let path = format!("{channel}/Messages");
    let auth = basic(api.served.world.account.as_str(), "auth-token");
    let headers = [("Authorization", auth.as_str()), ("Content-Type", "application/json")];
    let answer = api.served.ask("POST", &path, &headers, &json!({"Body": "a"}).to_string()).await;
    answer.is_error(415, "form");
}
