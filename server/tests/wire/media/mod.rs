//! Files beside messages, as pages, programs and strangers bring and fetch them.

mod content;
mod limits;
mod said;
mod upload;

use frontdesk_protocol::{ChannelSid, Cid, MediaSid, state::Message};
use frontdesk_server::{config::Config, log::Say};
use serde_json::Value;

use crate::{
    served::{Answer, Guest, PAGE, Served, basic},
    world::World,
};

pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";
pub(super) const BOUNDARY: &str = "multipart/form-data; boundary=b";

/// A server with a guest in a chat.
pub(super) struct Files {
    pub(super) served: Served,
    pub(super) guest: Guest,
    pub(super) channel: ChannelSid,
    /// `/media/v1/Services/IS…/Media`
    pub(super) list: String,
}

impl Files {
    pub(super) async fn start() -> Self {
        Self::with(Config::default()).await
    }

    pub(super) async fn with(config: Config) -> Self {
        let served = Served::with(config).await;
        let guest = served.guest().await;
        let channel = ChannelSid::parse(&served.open_chat(&guest).await).unwrap();
        let services = served.world.app.store().services(&served.world.account).await.unwrap();
        let list = format!("/media/v1/Services/{}/Media", services[0].sid);
        Self { served, guest, channel, list }
    }

    pub(super) fn world(&self) -> &World {
        &self.served.world
    }

    /// A file as a page of the site brings it.
    pub(super) async fn post(&self, token: &str, kind: &str, body: &[u8]) -> Answer {
        let headers = [("X-Twilio-Token", token), ("Content-Type", kind), ("Origin", PAGE)];
        self.served.ask_with("POST", &self.list, &headers, body).await
    }

    /// A form with one file in it.
    pub(super) async fn post_form(&self, name: &str, kind: &str, body: &[u8]) -> Answer {
        self.post(&self.guest.token, BOUNDARY, &form(name, kind, body)).await
    }

    /// A picture of the guest's: what the server says of it.
    pub(super) async fn picture(&self) -> Value {
        let answer = self.post_form("sketch.png", "image/png", PNG).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()
    }

    pub(super) async fn get(&self, path: &str, token: &str) -> Answer {
        let headers = [("X-Twilio-Token", token), ("Origin", PAGE)];
        self.served.ask("GET", path, &headers, "").await
    }

    /// With the account's own credentials.
    pub(super) async fn get_as_account(&self, path: &str) -> Answer {
        let auth = basic(self.world().account.as_str(), "auth-token");
        self.served.ask("GET", path, &[("Authorization", &auth)], "").await
    }

    /// An address without the server, which has to be ours.
    pub(super) fn path(&self, url: &Value) -> String {
        let origin = self.world().app.config.origin().to_string();
        url.as_str().and_then(|url| url.strip_prefix(&origin)).unwrap().to_owned()
    }

    /// The guest says a file: where it is now.
    pub(super) async fn say(&self, file: &Value) -> Message {
        let media = MediaSid::parse(file["sid"].as_str().unwrap()).unwrap();
        let party = self.world().read(&self.guest.token).party;
        let say = Say {
            channel: self.channel.clone(),
            cid: Some(Cid(self.world().app.random().bits())),
            body: String::new(),
            media: Some(media),
            attributes: Default::default(),
        };
        self.world().app.log.say(&party, say).await.unwrap();
        let stream = self.channel.clone().into();
        let shown = self.world().app.store().snapshot(&stream, 1).await.unwrap().unwrap();
        shown.items[0].clone()
    }

    /// How many files lie in the folder, whole or half.
    pub(super) fn on_disk(&self) -> usize {
        fn count(path: &std::path::Path) -> usize {
            let entries = std::fs::read_dir(path).into_iter().flatten();
            let paths = entries.map(|entry| entry.unwrap().path());
            paths.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
        }
        count(&self.world().folder.path().join("media"))
    }
}

/// The body of a form with one file in it.
pub(super) fn form(name: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: {kind}\r\n\r\n"
    );
    [head.as_bytes(), body, b"\r\n--b--\r\n"].concat()
}
