//! A client that speaks Twilsock as the SDKs do, and remembers what it was told on the way.

use std::{collections::VecDeque, time::Duration};

use serde_json::{Value, json};
use tokio::io::AsyncReadExt as _;

use crate::{
    served::{PAGE, Served},
    socket::Socket,
};

/// Nothing here takes long; a server that says nothing is a failed test, not a stuck one.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Sdk {
    pub(crate) socket: Socket,
    n: u32,
    /// The list of its commands.
    pub(crate) session: String,
    told: VecDeque<Value>,
}

/// What came in.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Heard {
    /// A header and its payload.
    Frame(Value, Value),
    Close(u16),
    End,
}

pub(crate) fn handshake(host: &str, origin: Option<&str>) -> String {
    let origin = origin.map_or(String::new(), |origin| format!("Origin: {origin}\r\n"));
    format!(
        "GET /v3/wsconnect HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{origin}\r\n"
    )
}

impl Sdk {
    /// A connection that has said nothing.
    pub(crate) async fn bare(served: &Served, origin: Option<&str>) -> Self {
        let request = handshake(&served.address.to_string(), origin);
        let (socket, head) = Socket::upgrade(served, &request).await;
        assert!(!head.contains("sec-websocket-protocol"), "{head}");
        Self { socket, n: 0, session: String::new(), told: VecDeque::new() }
    }

    /// A connection that is somebody.
    pub(crate) async fn connect(served: &Served, token: &str) -> Self {
        let mut sdk = Self::bare(served, Some(PAGE)).await;
        let (header, _) = sdk.init(token).await;
        assert_eq!(header["status"]["code"], 200, "{header}");
        sdk
    }

    /// The same, with a session whose answers it follows.
    pub(crate) async fn start(served: &Served, token: &str) -> Self {
        let mut sdk = Self::connect(served, token).await;
        let body = json!({"purpose": "com.twilio.rtd.ipmsg", "context": {}});
        let (status, list) = sdk.post("/v3/Lists", &body).await;
        assert_eq!(status, 201, "{list}");
        sdk.session = list["sid"].as_str().unwrap().to_owned();
        let session = sdk.session.clone();
        sdk.follow("list", &session, Some(1)).await;
        sdk
    }

    pub(crate) async fn init(&mut self, token: &str) -> (Value, Value) {
        self.send(json!({"method": "init", "token": token, "capabilities": []}), None).await
    }

    /// Sends a frame, and gives the reply to it.
    pub(crate) async fn send(&mut self, header: Value, body: Option<&Value>) -> (Value, Value) {
        let body = body.map(Value::to_string).unwrap_or_default();
        self.send_text(header, &body).await
    }

    async fn send_text(&mut self, mut header: Value, body: &str) -> (Value, Value) {
        self.n += 1;
        let id = format!("TM{}", self.n);
        header["id"] = id.as_str().into();
        header["payload_size"] = body.len().into();
        let header = header.to_string();
        self.raw(&format!("TWILSOCK V3.0 {}\r\n{header}\r\n{body}", header.len())).await;
        loop {
            match self.next().await {
                Heard::Frame(header, body) if header["id"] == id => return (header, body),
                Heard::Frame(header, body) if header["method"] == "notification" => {
                    self.told.push_back(body);
                }
                other @ (Heard::Frame(..) | Heard::Close(_) | Heard::End) => {
                    panic!("{other:?} instead of a reply")
                }
            }
        }
    }

    pub(crate) async fn raw(&mut self, text: &str) {
        self.socket.frame(0x82, text.as_bytes()).await;
    }

    pub(crate) async fn next(&mut self) -> Heard {
        tokio::time::timeout(PATIENCE, self.read()).await.expect("the server says nothing")
    }

    async fn read(&mut self) -> Heard {
        loop {
            let stream = self.socket.stream();
            let mut head = [0; 2];
            if stream.read_exact(&mut head).await.is_err() {
                return Heard::End;
            }
            let len = match head[1] {
                126 => u64::from(stream.read_u16().await.unwrap()),
                127 => stream.read_u64().await.unwrap(),
                len => u64::from(len),
            };
            let mut payload = vec![0; usize::try_from(len).unwrap()];
            stream.read_exact(&mut payload).await.unwrap();
            match head[0] {
                0x82 => return frame(&payload),
                0x88 => return Heard::Close(u16::from_be_bytes([payload[0], payload[1]])),
                0x89 => {}
                other => panic!("a frame {other:#x} of {len} bytes"),
            }
        }
    }

    /// A request of HTTP, carried over the connection: its status and body.
    pub(crate) async fn ask(
        &mut self,
        method: &str,
        url: &str,
        body: Option<&Value>,
    ) -> (u64, Value) {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let params: serde_json::Map<_, _> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect();
        let request = json!({"host": "h", "method": method, "path": path, "params": params});
        let header = json!({"method": "message", "http_request": request});
        let (header, body) = self.send(header, body).await;
        (header["http_status"]["code"].as_u64().unwrap(), body)
    }

    pub(crate) async fn get(&mut self, url: &str) -> (u64, Value) {
        self.ask("GET", url, None).await
    }

    pub(crate) async fn post(&mut self, url: &str, body: &Value) -> (u64, Value) {
        self.ask("POST", url, Some(body)).await
    }

    /// Asks to follow an object, and gives what the answer is.
    pub(crate) async fn follow(&mut self, kind: &str, sid: &str, after: Option<u64>) -> Value {
        let request = json!({"object_sid": sid, "object_type": kind, "last_event_id": after});
        let body = json!({"action": "establish", "correlation_id": self.n, "requests": [request]});
        let correlation = self.n;
        let (status, answer) = self.post("/v4/Subscriptions", &body).await;
        assert_eq!(status, 202, "{answer}");
        self.told(|told| told["correlation_id"] == correlation).await
    }

    /// Reads an object by its name and follows it: its SID and the last event before.
    pub(crate) async fn open(&mut self, kind: &str, path: &str, name: &str) -> (String, u64) {
        let (status, object) = self.get(&format!("/v3/{path}/{name}")).await;
        assert_eq!(status, 200, "{object}");
        let sid = object["sid"].as_str().unwrap().to_owned();
        let head = object["last_event_id"].as_u64().unwrap();
        let established = self.follow(kind, &sid, Some(head)).await;
        assert_eq!(established["event_type"], "subscription_established");
        (sid, head)
    }

    /// What was told first, or will be, that fits. What came before it is forgotten.
    pub(crate) async fn told(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let told = match self.told.pop_front() {
                Some(told) => told,
                None => match self.next().await {
                    Heard::Frame(header, body) if header["method"] == "notification" => body,
                    other @ (Heard::Frame(..) | Heard::Close(_) | Heard::End) => {
                        panic!("{other:?} instead of a notification")
                    }
                },
            };
            if fits(&told) {
                return told;
            }
        }
    }

    /// The next event of this type in an object.
    pub(crate) async fn event(&mut self, event_type: &str, sid: &str) -> Value {
        let of = |event: &Value| {
            ["list_sid", "map_sid", "document_sid"].iter().any(|name| event[name] == sid)
        };
        let told = self.told(|told| told["event_type"] == event_type && of(&told["event"])).await;
        told["event"].clone()
    }

    /// Puts a command and gives its answer.
    pub(crate) async fn command(&mut self, id: &str, request: Value) -> Value {
        let body = json!({"data": {"request": request, "commandId": id}});
        let (status, item) = self.post(&format!("/v3/Lists/{}/Items", self.session), &body).await;
        assert_eq!(status, 201, "{item}");
        let told = self.told(|told| told["event"]["item_data"]["commandId"] == id).await;
        told["event"]["item_data"]["response"].clone()
    }

    /// Says that somebody writes: a form, which is no JSON.
    pub(crate) async fn types(&mut self, channel: &str) {
        let request = json!({"method": "POST", "path": "/v1/typing"});
        let header = json!({"method": "message", "http_request": request});
        let (header, _) = self.send_text(header, &format!("ChannelSid={channel}")).await;
        assert_eq!(header["http_status"]["code"], 200, "{header}");
    }

    pub(crate) async fn say(&mut self, id: &str, channel: &str, text: &str) -> Value {
        let request = json!({
            "action": "sendMessage", "channelSid": channel, "text": text, "attributes": "{}",
        });
        self.command(id, request).await
    }
}

fn frame(payload: &[u8]) -> Heard {
    let text = std::str::from_utf8(payload).unwrap();
    let (magic, rest) = text.split_once("\r\n").unwrap();
    let len: usize = magic.strip_prefix("TWILSOCK V3.0 ").unwrap().parse().unwrap();
    let header: Value = serde_json::from_str(&rest[..len]).unwrap();
    let body = rest[len..].strip_prefix("\r\n").unwrap();
    assert_eq!(header["payload_size"], body.len());
    Heard::Frame(header, serde_json::from_str(body).unwrap_or_default())
}
