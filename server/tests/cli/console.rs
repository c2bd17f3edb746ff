//! What a console in a browser does.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::wire::{Answer, Chat, Stream, ask};

/// A browser at the console.
pub(crate) struct Console {
    host: String,
    origin: String,
    connect: Box<dyn Fn() -> Box<dyn Stream>>,
}

impl Console {
    /// At the server whose credentials these are.
    pub(crate) fn new(
        credentials: &Value,
        address: SocketAddr,
        connect: Box<dyn Fn() -> Box<dyn Stream>>,
    ) -> Self {
        let origin = credentials["public_url"].as_str().unwrap().to_owned();
        Self { host: address.to_string(), origin, connect }
    }

    pub(crate) fn ask(&self, path: &str, cookie: &str, body: &Value) -> Answer {
        let headers = [
            ("Host", self.host.as_str()),
            ("Origin", &self.origin),
            ("Content-Type", "application/json"),
            ("Cookie", cookie),
        ];
        let request = format!("POST /console/api/{path}");
        ask((self.connect)(), &request, &headers, &body.to_string())
    }

    pub(crate) fn sign_in(&self, name: &str, password: &str) -> Result<String, u16> {
        let answer = self.ask("login", "", &json!({"name": name, "password": password}));
        let cookie = answer.header("set-cookie").ok_or(answer.status)?;
        Ok(cookie.split(';').next().unwrap().to_owned())
    }

    pub(crate) fn token(&self, cookie: &str) -> Result<String, u16> {
        let answer = self.ask("token", cookie, &json!({}));
        if answer.status != 200 {
            return Err(answer.status);
        }
        Ok(answer.json()["token"].as_str().unwrap().to_owned())
    }

    pub(crate) fn connect(&self, token: &str) -> Chat {
        let mut chat = Chat::open((self.connect)(), &self.host, &self.origin);
        chat.hello(token, &json!([]));
        chat
    }
}
