//! A server that listens, and people who use it.

use std::net::SocketAddr;

use base64::Engine as _;
use frontdesk_server::config::Config;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::{
    socket::Socket,
    world::{PASSWORD, World},
};

/// The site's own page.
pub(crate) const PAGE: &str = "https://example.com";

pub(crate) struct Served {
    pub(crate) world: World,
    pub(crate) address: SocketAddr,
    pub(crate) serving: JoinHandle<()>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Answer {
    /// Reads what came back.
    pub(crate) fn read(text: &str) -> Self {
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).unwrap_or("0");
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        Self { status: status.parse().unwrap(), headers, body: body.to_owned() }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(each, _)| each == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// That it is an error of this status in the retired service's shape, and says this.
    #[track_caller]
    pub(crate) fn is_error(&self, status: u16, says: &str) {
        assert_eq!(self.status, status, "{self:?}");
        let error = self.json();
        assert_eq!(error["status"], status);
        assert!(error["code"].is_u64() && error["more_info"].is_string(), "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(says), "{message:?} does not say {says:?}");
    }
}

/// A guest with a token.
pub(crate) struct Guest {
    pub(crate) token: String,
    pub(crate) identity: String,
    pub(crate) secret: Option<String>,
}

impl Guest {
    pub(crate) fn basic(&self) -> String {
        basic("token", &self.token)
    }
}

pub(crate) fn basic(user: &str, password: &str) -> String {
    let pair = format!("{user}:{password}");
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
}

/// Pairs as a form's body.
pub(crate) fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

impl Served {
    pub(crate) async fn start() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let world = World::with(config).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving =
            tokio::spawn(frontdesk_server::http::serve(world.app.clone(), listener, None));
        Self { world, address, serving }
    }

    /// Our own Origin, as a browser on this machine sees it.
    pub(crate) fn own(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sends these bytes and reads until the server closes.
    pub(crate) async fn raw(&self, bytes: &[u8]) -> String {
        String::from_utf8_lossy(&self.raw_bytes(bytes).await).into_owned()
    }

    /// The same, as it came.
    pub(crate) async fn raw_bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        // A reset after the answer is an end as well.
        let _ = stream.read_to_end(&mut answer).await;
        answer
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        self.ask_with(method, path, headers, body.as_bytes()).await
    }

    /// The same with a body of any bytes.
    pub(crate) async fn ask_with(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let host = self.address;
        let mut request = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        request += &format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        let text = self.raw(&[request.as_bytes(), body].concat()).await;
        Answer::read(&text)
    }

    /// A token request of the site's page.
    pub(crate) async fn ask_token(&self, origin: &str, body: &Value) -> Answer {
        let path = format!("/v1/Accounts/{}/Tokens", self.world.account);
        let headers = [("Origin", origin), ("Content-Type", "application/json")];
        self.ask("POST", &path, &headers, &body.to_string()).await
    }

    pub(crate) async fn guest(&self) -> Guest {
        let body = json!({"products": ["flex"], "continuity": true, "site": "site"});
        let answer = self.ask_token(PAGE, &body).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let answer = answer.json();
        Guest {
            token: answer["token"].as_str().unwrap().into(),
            identity: answer["identity"].as_str().unwrap().into(),
            secret: answer["secret"].as_str().map(Into::into),
        }
    }

    /// Posts the form as the widget does, with these fields instead of the usual ones.
    pub(crate) async fn post_form(
        &self,
        guest: &Guest,
        instead: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let flow = self.world.flow.to_string();
        let data = json!({"friendlyName": "Bob", "location": "https://example.com/shop"});
        let data = data.to_string();
        let mut fields = vec![
            ("FlexFlowSid", flow.as_str()),
            ("Identity", &guest.identity),
            ("ChatFriendlyName", "Webchat"),
            ("CustomerFriendlyName", "Bob"),
            ("PreEngagementData", &data),
        ];
        for (name, value) in instead {
            fields.retain(|(each, _)| each != name);
            if *value != "-" {
                fields.push((name, value));
            }
        }
        let basic = guest.basic();
        let mut all = vec![
            ("Authorization", basic.as_str()),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        all.extend_from_slice(headers);
        if !headers.iter().any(|(name, _)| *name == "Origin") {
            all.push(("Origin", PAGE));
        }
        self.ask("POST", "/v1/WebChannels", &all, &encoded(&fields)).await
    }

    pub(crate) async fn open_chat(&self, guest: &Guest) -> String {
        let answer = self.post_form(guest, &[], &[]).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.json()["sid"].as_str().unwrap().to_owned()
    }

    /// A console's request, with its cookie.
    pub(crate) async fn console(&self, path: &str, cookie: &str, body: &Value) -> Answer {
        let own = self.own();
        let headers =
            [("Origin", own.as_str()), ("Content-Type", "application/json"), ("Cookie", cookie)];
        self.ask("POST", &format!("/console/api/{path}"), &headers, &body.to_string()).await
    }

    /// Signs the agent in: the cookie.
    pub(crate) async fn sign_in(&self) -> String {
        let who = json!({"name": "alice", "password": PASSWORD});
        let answer = self.console("login", "", &who).await;
        assert_eq!(answer.status, 204, "{answer:?}");
        let cookie = answer.header("set-cookie").unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    pub(crate) async fn agent_token(&self, cookie: &str) -> String {
        let answer = self.console("token", cookie, &json!({})).await;
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    /// A guest's connection, live in its chat.
    pub(crate) async fn live(&self, guest: &Guest, channel: &str) -> Socket {
        let mut socket = Socket::connect(self, PAGE).await;
        socket.hello(&guest.token, json!([{"id": channel}])).await;
        socket.expect("welcome").await;
        socket.expect("snap").await;
        socket.expect("live").await;
        socket
    }
}
