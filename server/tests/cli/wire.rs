//! HTTP and the Chat connection for tests of the binary: blocking, over any stream.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use base64::Engine as _;
use serde_json::{Value, json};

/// Nothing here takes long; a server that says nothing is a failed test, not a stuck one.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) trait Stream: Read + Write {}
impl<S: Read + Write> Stream for S {}

/// A plain connection.
pub(crate) fn connect(address: SocketAddr) -> Box<dyn Stream> {
    Box::new(tcp(address))
}

pub(crate) fn tcp(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.find(|(each, _)| each.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

/// One request, and the answer up to the end of the connection.
pub(crate) fn ask(
    mut stream: Box<dyn Stream>,
    request: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let mut text = format!("{request} HTTP/1.1\r\n");
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    text += &format!("Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    stream.write_all(text.as_bytes()).unwrap();
    let mut answer = Vec::new();
    // A connection that ends without a farewell has ended as well.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// A visitor with a chat.
pub(crate) struct Visitor {
    pub(crate) origin: String,
    pub(crate) token: String,
    pub(crate) channel: String,
}

impl Visitor {
    /// Fills in the form on the demo page of the server whose credentials these are.
    pub(crate) fn open_chat(address: SocketAddr, credentials: &Value) -> Self {
        let text = |name: &str| credentials[name].as_str().unwrap().to_owned();
        let (origin, host) = (text("public_url"), address.to_string());
        let page = [("Host", host.as_str()), ("Origin", origin.as_str())];
        let path = format!("POST /v1/Accounts/{}/Tokens", text("account_sid"));
        let kind = ("Content-Type", "application/json");
        let body = json!({"products": ["flex"], "continuity": true, "site": text("site_id")});
        let made = ask(connect(address), &path, &[page[0], page[1], kind], &body.to_string());
        assert_eq!(made.status, 200, "{made:?}");
        let (token, identity) = (made.json()["token"].clone(), made.json()["identity"].clone());
        let token = token.as_str().unwrap().to_owned();

        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("FlexFlowSid", &text("flex_flow_sid"))
            .append_pair("Identity", identity.as_str().unwrap())
            .append_pair("ChatFriendlyName", "Webchat")
            .append_pair("CustomerFriendlyName", "Bob")
            .append_pair("PreEngagementData", r#"{"friendlyName":"Bob"}"#)
            .finish();
        let pair = format!("token:{token}");
        let basic = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair));
        let kind = ("Content-Type", "application/x-www-form-urlencoded");
        let headers = [page[0], page[1], kind, ("Authorization", basic.as_str())];
        let opened = ask(connect(address), "POST /v1/WebChannels", &headers, &form);
        assert_eq!(opened.status, 201, "{opened:?}");
        let channel = opened.json()["sid"].as_str().unwrap().to_owned();
        Self { origin, token, channel }
    }

    /// A connection that follows the chat from `after`, an epoch and a position, or from now.
    pub(crate) fn connect(&self, address: SocketAddr, after: Option<(&Value, u64)>) -> Chat {
        let mut chat = Chat::open(connect(address), &address.to_string(), &self.origin);
        let mut stream = json!({"id": self.channel});
        if let Some((epoch, seq)) = after {
            stream["epoch"] = epoch.clone();
            stream["seq"] = seq.into();
        }
        chat.hello(&self.token, &json!([stream]));
        chat
    }
}

/// A Chat connection.
pub(crate) struct Chat(Box<dyn Stream>);

/// What the server said.
#[derive(Debug, PartialEq)]
pub(crate) enum Said {
    Frame(Value),
    Close(u16),
}

impl Chat {
    pub(crate) fn open(mut stream: Box<dyn Stream>, host: &str, origin: &str) -> Self {
        let request = format!(
            "GET /chat HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: Upgrade\r\n\
             Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
             Sec-WebSocket-Protocol: frontdesk.chat.v1\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&head));
        Self(stream)
    }

    pub(crate) fn send(&mut self, frame: &Value) {
        let text = frame.to_string();
        let mut bytes = vec![0x81];
        match u8::try_from(text.len()) {
            Ok(length @ 0..=125) => bytes.push(0x80 | length),
            Ok(_) | Err(_) => {
                bytes.push(0xFE);
                bytes.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
            }
        }
        // Masked, with zeros.
        bytes.extend([0; 4]);
        bytes.extend(text.as_bytes());
        self.0.write_all(&bytes).unwrap();
    }

    pub(crate) fn hello(&mut self, token: &str, streams: &Value) {
        self.send(&json!({"t": "hello", "tok": token, "inst": "tab", "ch": streams}));
    }

    pub(crate) fn say(&mut self, channel: &str, cid: u128, body: &str) -> Value {
        let cid = format!("{cid:032x}");
        self.send(&json!({"t": "send", "ch": channel, "cid": cid, "body": body}));
        self.expect("ack")
    }

    pub(crate) fn next(&mut self) -> Said {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).unwrap();
        let mut length = vec![head[1]];
        if head[1] >= 126 {
            length = vec![0; if head[1] == 126 { 2 } else { 8 }];
            self.0.read_exact(&mut length).unwrap();
        }
        let length = length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        let mut payload = vec![0; length];
        self.0.read_exact(&mut payload).unwrap();
        match head[0] {
            0x81 => Said::Frame(serde_json::from_slice(&payload).unwrap()),
            0x88 => Said::Close(u16::from_be_bytes([payload[0], payload[1]])),
            other => panic!("a frame {other:#x} of {length} bytes"),
        }
    }

    /// The next frame of this type; others are passed over, and pings answered.
    pub(crate) fn expect(&mut self, t: &str) -> Value {
        loop {
            match self.next() {
                Said::Frame(frame) if frame["t"] == t => return frame,
                Said::Frame(frame) if frame["t"] == "ping" => {
                    self.send(&json!({"t": "pong", "n": frame["n"], "pos": {}}));
                }
                Said::Frame(_) => {}
                Said::Close(code) => panic!("closed with {code} instead of {t}"),
            }
        }
    }

    /// The code it is closed with, whatever comes before.
    pub(crate) fn closed(&mut self) -> u16 {
        loop {
            if let Said::Close(code) = self.next() {
                return code;
            }
        }
    }
}
