//! A websocket client made of raw bytes, so that it can also do what no client should.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::served::Served;

/// Nothing here takes long; a server that says nothing is a failed test, not a stuck one.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Socket(TcpStream);

/// What the server said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    Frame(Value),
    Close(u16),
    End,
}

impl Socket {
    /// What is below, for other protocols.
    pub(crate) const fn stream(&mut self) -> &mut TcpStream {
        &mut self.0
    }
}

/// The request that opens a websocket.
pub(crate) fn handshake(host: &str, origin: Option<&str>) -> String {
    let origin = origin.map_or(String::new(), |origin| format!("Origin: {origin}\r\n"));
    format!(
        "GET /chat HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: frontdesk.chat.v1\r\n{origin}\r\n"
    )
}

impl Socket {
    pub(crate) async fn connect(served: &Served, origin: &str) -> Self {
        Self::connect_from(served, Some(origin)).await
    }

    pub(crate) async fn connect_from(served: &Served, origin: Option<&str>) -> Self {
        let request = handshake(&served.address.to_string(), origin);
        let (socket, head) = Self::upgrade(served, &request).await;
        assert!(head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="), "{head}");
        assert!(head.contains("sec-websocket-protocol: frontdesk.chat.v1"), "{head}");
        assert!(!head.contains("sec-websocket-extensions"), "{head}");
        socket
    }

    /// A websocket by this request, and the head of the answer in lower case.
    pub(crate) async fn upgrade(served: &Served, request: &str) -> (Self, String) {
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        assert!(head.starts_with("http/1.1 101 "), "{head}");
        (Self(stream), head)
    }

    /// Bytes as they are.
    pub(crate) async fn raw(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// A frame of this opcode, masked with zeros.
    pub(crate) async fn frame(&mut self, first: u8, payload: &[u8]) {
        let mut bytes = vec![first];
        match payload.len() {
            len @ 0..=125 => bytes.push(0x80 | u8::try_from(len).unwrap()),
            len @ 126..=0xFFFF => {
                bytes.push(0xFE);
                bytes.extend(u16::try_from(len).unwrap().to_be_bytes());
            }
            len => {
                bytes.push(0xFF);
                bytes.extend((len as u64).to_be_bytes());
            }
        }
        bytes.extend([0; 4]);
        bytes.extend(payload);
        self.raw(&bytes).await;
    }

    pub(crate) async fn text(&mut self, text: &str) {
        self.frame(0x81, text.as_bytes()).await;
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.text(&frame.to_string()).await;
    }

    pub(crate) async fn hello(&mut self, token: &str, streams: Value) {
        self.send(json!({"t": "hello", "tok": token, "inst": "tab", "ch": streams})).await;
    }

    pub(crate) async fn say(&mut self, channel: &str, cid: u128, body: &str) {
        let cid = format!("{cid:032x}");
        self.send(json!({"t": "send", "ch": channel, "cid": cid, "body": body})).await;
    }

    /// What the server says next.
    pub(crate) async fn next(&mut self) -> Said {
        tokio::time::timeout(PATIENCE, self.read()).await.expect("the server says nothing")
    }

    async fn read(&mut self) -> Said {
        let mut head = [0; 2];
        if self.0.read_exact(&mut head).await.is_err() {
            return Said::End;
        }
        let len = match head[1] {
            126 => u64::from(self.0.read_u16().await.unwrap()),
            127 => self.0.read_u64().await.unwrap(),
            len => u64::from(len),
        };
        let mut payload = vec![0; usize::try_from(len).unwrap()];
        self.0.read_exact(&mut payload).await.unwrap();
        match head[0] {
            0x81 => Said::Frame(serde_json::from_slice(&payload).unwrap()),
            0x88 => Said::Close(u16::from_be_bytes([payload[0], payload[1]])),
            other => panic!("a frame {other:#x} of {len} bytes"),
        }
    }

    /// The next frame, which has to be of this type. Pings are answered on the way.
    #[track_caller]
    pub(crate) fn expect(&mut self, t: &str) -> impl Future<Output = Value> {
        let at = std::panic::Location::caller();
        async move {
            loop {
                match self.next().await {
                    Said::Frame(frame) if frame["t"] == "ping" && t != "ping" => {
                        let pong = json!({"t": "pong", "n": frame["n"], "pos": {}});
                        self.send(pong).await;
                    }
                    Said::Frame(frame) if frame["t"] == t => return frame,
                    other @ (Said::Frame(_) | Said::Close(_) | Said::End) => {
                        panic!("{other:?} instead of {t}, at {at}")
                    }
                }
            }
        }
    }

    /// The code the connection is closed with, whatever comes before it.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            match self.next().await {
                Said::Close(code) => return code,
                Said::Frame(_) => {}
                Said::End => panic!("the stream ended without a close frame"),
            }
        }
    }
}

impl Socket {
    /// The next frame that is not a ping.
    pub(crate) async fn expect_any(&mut self) -> Value {
        loop {
            match self.next().await {
                Said::Frame(frame) if frame["t"] == "ping" => {
                    let pong = json!({"t": "pong", "n": frame["n"], "pos": {}});
                    self.send(pong).await;
                }
                Said::Frame(frame) => return frame,
                other @ (Said::Close(_) | Said::End) => panic!("{other:?} instead of a frame"),
            }
        }
    }
}
