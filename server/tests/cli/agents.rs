//! What commands about agents do to a server that runs.

use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::{
    program::{Server, credentials, run, stdout},
    wire::{Answer, Chat, ask, connect},
};

/// A browser at the console.
struct Console {
    address: SocketAddr,
    origin: String,
}

impl Console {
    fn ask(&self, path: &str, cookie: &str, body: &Value) -> Answer {
        let host = self.address.to_string();
        let headers = [
            ("Host", host.as_str()),
            ("Origin", &self.origin),
            ("Content-Type", "application/json"),
            ("Cookie", cookie),
        ];
        let request = format!("POST /console/api/{path}");
        ask(connect(self.address), &request, &headers, &body.to_string())
    }

    fn sign_in(&self, name: &str, password: &str) -> Result<String, u16> {
        let answer = self.ask("login", "", &json!({"name": name, "password": password}));
        let cookie = answer.header("set-cookie").ok_or(answer.status)?;
        Ok(cookie.split(';').next().unwrap().to_owned())
    }

    fn token(&self, cookie: &str) -> Result<String, u16> {
        let answer = self.ask("token", cookie, &json!({}));
        if answer.status != 200 {
            return Err(answer.status);
        }
        Ok(answer.json()["token"].as_str().unwrap().to_owned())
    }

    fn connect(&self, token: &str) -> Chat {
        let host = self.address.to_string();
        let mut chat = Chat::open(connect(self.address), &host, &self.origin);
        chat.hello(token, &json!([]));
        chat
    }
}

// Whoever had learned the old password stayed signed in for up to half a day.
#[test]
fn a_new_password_ends_what_was_begun_with_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = Server::start(data);
    let made = credentials(data);
    let origin = made["public_url"].as_str().unwrap().to_owned();
    let console = Console { address: server.address(), origin };
    let old = made["agent"]["password"].as_str().unwrap();
    let bobs = stdout(&run(data, &["agent", "add", "bob"]));
    let bobs = bobs.lines().find_map(|line| line.strip_prefix("password  ")).unwrap();
    let (cookie, other) =
        (console.sign_in("agent", old).unwrap(), console.sign_in("bob", bobs).unwrap());
    let token = console.token(&cookie).unwrap();
    let mut chat = console.connect(&token);
    chat.expect("welcome");
    let mut others = console.connect(&console.token(&other).unwrap());
    others.expect("welcome");

    let said = stdout(&run(data, &["agent", "password", "agent"]));
    let new = said.lines().find_map(|line| line.strip_prefix("password  ")).unwrap();
    assert!(said.contains("signed out of 1 console"), "{said}");

    // The cookie is of no use at once, the connection soon after, and the token from then on.
    assert_eq!(console.token(&cookie), Err(401));
    assert_eq!(chat.closed(), 4401);
    assert_eq!(console.connect(&token).closed(), 4401);
    assert_eq!(console.sign_in("agent", old), Err(401));
    assert!(console.sign_in("agent", new).is_ok());
    // Nobody else is signed out.
    assert!(console.token(&other).is_ok());
    others.send(
        &json!({"t": "fetch", "ch": "CH00000000000000000000000000000001", "before": 1, "limit": 1}),
    );
    others.expect("nack");
    drop((others, chat));
    server.terminate();
}
