//! The Programmable Chat REST API, as an account's own server uses it.

mod bad_input;
mod books;
mod channels;
mod members;
mod messages;
mod webhooks;

use serde_json::Value;

use crate::served::{Answer, Served, basic, encoded};

/// An account's server.
pub(super) struct Api {
    pub(super) served: Served,
    auth: String,
    /// `/v2/Services/IS…`
    pub(super) service: String,
}

impl Api {
    pub(super) async fn start() -> Self {
        Self::on(Served::start().await).await
    }

    pub(super) async fn on(served: Served) -> Self {
        let auth = basic(served.world.account.as_str(), "auth-token");
        let services = served.world.app.store().services(&served.world.account).await.unwrap();
        let service = format!("/v2/Services/{}", services[0].sid);
        Self { served, auth, service }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.served.ask("GET", path, &[("Authorization", &self.auth)], "").await
    }

    pub(super) async fn delete(&self, path: &str) -> Answer {
        self.served.ask("DELETE", path, &[("Authorization", &self.auth)], "").await
    }

    pub(super) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = [
            ("Authorization", self.auth.as_str()),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        self.served.ask("POST", path, &headers, &encoded(fields)).await
    }

    /// Something is made: its address.
    pub(super) async fn make(&self, path: &str, fields: &[(&str, &str)]) -> (String, Value) {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let made = answer.json();
        (self.path(&made["url"]), made)
    }

    pub(super) async fn update(&self, path: &str, fields: &[(&str, &str)]) -> Value {
        let answer = self.post(path, fields).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    pub(super) async fn fetch(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    }

    pub(super) async fn remove(&self, path: &str) {
        let answer = self.delete(path).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{path}");
        self.get(path).await.is_error(404, "not found");
        self.delete(path).await.is_error(404, "not found");
    }

    pub(super) async fn channel(&self, fields: &[(&str, &str)]) -> String {
        self.make(&format!("{}/Channels", self.service), fields).await.0
    }

    /// An absolute address without its server, which has to be ours.
    pub(super) fn path(&self, url: &Value) -> String {
        let origin = self.served.world.app.config.origin().to_string();
        let url = url.as_str().unwrap_or_else(|| panic!("{url} is no address"));
        url.strip_prefix(&origin).unwrap_or_else(|| panic!("{url} is elsewhere")).to_owned()
    }

    /// All items of a list, through its pages, forth and back.
    pub(super) async fn all(&self, path: &str, key: &str) -> Vec<Value> {
        let (mut items, mut pages) = (Vec::new(), Vec::new());
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page = self.fetch(&path).await;
            assert_eq!(page["meta"]["key"], key);
            next = page["meta"]["next_page_url"]
                .as_str()
                .map(|_| self.path(&page["meta"]["next_page_url"]));
            items.extend(page[key].as_array().unwrap().iter().cloned());
            pages.push(page);
        }
        for pair in pages.windows(2) {
            let back = self.path(&pair[1]["meta"]["previous_page_url"]);
            assert_eq!(self.fetch(&back).await[key], pair[0][key]);
        }
        assert!(pages[0]["meta"]["previous_page_url"].is_null());
        items
    }
}

/// That an answer has these keys and no others.
#[track_caller]
pub(super) fn has_keys(answer: &Value, keys: &str) {
    let mut given: Vec<_> = answer.as_object().unwrap().keys().map(String::as_str).collect();
    let mut wanted: Vec<_> = keys.split(", ").collect();
    given.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(given, wanted);
}

/// The values of a key, as text.
pub(super) fn column<'a>(items: &'a [Value], key: &str) -> Vec<&'a str> {
    items.iter().map(|item| item[key].as_str().unwrap()).collect()
}
