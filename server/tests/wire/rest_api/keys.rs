//! API keys by REST.

use serde_json::Value;

use crate::served::{Answer, Served, basic, encoded};

struct Scene {
    served: Served,
    auth: String,
}

impl Scene {
    async fn new() -> Self {
        let served = Served::start().await;
        let auth = basic(served.world.account.as_str(), "auth-token");
        Self { served, auth }
    }

    async fn ask(&self, method: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = [
            ("Authorization", self.auth.as_str()),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        self.served.ask(method, path, &headers, &encoded(fields)).await
    }

    async fn make(&self, name: &str) -> Value {
        let answer = self.ask("POST", "/v1/Keys", &[("FriendlyName", name)]).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()
    }
}

#[tokio::test]
async fn a_keys_secret_is_told_once() {
    let scene = Scene::new().await;
    let made = scene.make("Bot").await;
    let (sid, secret) = (made["sid"].as_str().unwrap(), made["secret"].as_str().unwrap());
    assert_eq!(made["friendly_name"], "Bot");
    assert!(made["date_created"].as_str().unwrap().ends_with(" +0000"), "{made}");
    assert!(secret.len() >= 43);
    let path = format!("/v1/Keys/{sid}");
    for answer in [
        scene.ask("GET", &path, &[]).await,
        scene.ask("POST", &path, &[("FriendlyName", "Other")]).await,
        scene.ask("GET", "/v1/Keys", &[]).await,
    ] {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(!answer.body.contains(secret), "{answer:?}");
    }
    assert_eq!(scene.ask("GET", &path, &[]).await.json()["friendly_name"], "Other");
    // And it is good for what keys are for.
    let headers = [("Authorization", &*basic(sid, secret))];
    assert_eq!(scene.served.ask("GET", "/v2/Services", &headers, "").await.status, 200);
}

#[tokio::test]
async fn keys_are_the_accounts_alone_to_manage() {
    let scene = Scene::new().await;
    let made = scene.make("Bot").await;
    let (sid, secret) = (made["sid"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let account = &scene.served.world.account;
    let (by_key, own) = (basic(sid, secret), format!("/v1/Keys/{sid}"));
    let twin = format!("/2010-04-01/Accounts/{account}/Keys");
    for (method, path) in [
        ("GET", "/v1/Keys".to_owned()),
        ("POST", "/v1/Keys".to_owned()),
        ("GET", own.clone()),
        ("POST", own.clone()),
        ("DELETE", own.clone()),
        ("GET", format!("{twin}.json")),
        ("DELETE", format!("{twin}/{sid}.json")),
    ] {
        let headers = [("Authorization", by_key.as_str())];
        let answer = scene.served.ask(method, &path, &headers, "").await;
        answer.is_error(401, "auth token");
        assert_eq!(answer.json()["code"], 20_003);
    }
    assert_eq!(scene.ask("GET", &own, &[]).await.status, 200);
}

#[tokio::test]
async fn the_librarys_address_is_the_same() {
    let scene = Scene::new().await;
    let account = scene.served.world.account.clone();
    let twin = format!("/2010-04-01/Accounts/{account}/Keys");
    let made = scene.ask("POST", &format!("{twin}.json"), &[("FriendlyName", "Bot")]).await;
    assert_eq!(made.status, 201, "{made:?}");
    let sid = made.json()["sid"].as_str().unwrap().to_owned();
    let fetched = scene.ask("GET", &format!("{twin}/{sid}.json"), &[]).await.json();
    assert_eq!(fetched, scene.ask("GET", &format!("/v1/Keys/{sid}"), &[]).await.json());
    scene.make("Second").await;
    let first = scene.ask("GET", &format!("{twin}.json?PageSize=1"), &[]).await.json();
    let next = first["meta"]["next_page_url"].as_str().unwrap();
    assert!(next.contains(&format!("{twin}.json?")), "{next}");
    let other = "AC00000000000000000000000000000002";
    let path = format!("/2010-04-01/Accounts/{other}/Keys/{sid}.json");
    scene.ask("GET", &path, &[]).await.is_error(404, "account");
    assert_eq!(scene.ask("DELETE", &format!("{twin}/{sid}.json"), &[]).await.status, 204);
    scene.ask("GET", &format!("{twin}/{sid}.json"), &[]).await.is_error(404, "key");
}

#[tokio::test]
async fn a_key_that_was_given_up_proves_nothing() {
    let scene = Scene::new().await;
    let made = scene.make("Bot").await;
    let (sid, secret) = (made["sid"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let removed = scene.ask("DELETE", &format!("/v1/Keys/{sid}"), &[]).await;
    assert_eq!((removed.status, removed.body.as_str()), (204, ""));
    for method in ["GET", "POST", "DELETE"] {
        scene.ask(method, &format!("/v1/Keys/{sid}"), &[]).await.is_error(404, "key");
    }
    let headers = [("Authorization", &*basic(sid, secret))];
    scene.served.ask("GET", "/v2/Services", &headers, "").await.is_error(401, "");
}

#[tokio::test]
async fn names_that_are_none_are_refused() {
    let scene = Scene::new().await;
    let long = "x".repeat(257);
    for name in [long.as_str(), "a\nb", "a\0b"] {
        scene
            .ask("POST", "/v1/Keys", &[("FriendlyName", name)])
            .await
            .is_error(400, "FriendlyName");
    }
    assert!(scene.ask("GET", "/v1/Keys", &[]).await.json()["keys"].as_array().unwrap().is_empty());
    let nameless = scene.ask("POST", "/v1/Keys", &[]).await;
    assert_eq!((nameless.status, &nameless.json()["friendly_name"]), (201, &Value::Null));
}
