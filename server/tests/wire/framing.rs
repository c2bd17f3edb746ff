//! The upgrade and the framing through a real socket.

use frontdesk_server::config::Config;
use serde_json::json;

use crate::{
    served::{PAGE, Served},
    socket::{Said, Socket, handshake},
};

#[tokio::test]
async fn what_is_no_websocket_request_is_told_so() {
    let served = Served::start().await;
    let good = handshake(&served.address.to_string(), Some(PAGE));
    for (from, to, status) in [
        ("GET /chat", "POST /chat", 400),
        ("Upgrade: websocket\r\n", "", 426),
        ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", 426),
        ("Sec-WebSocket-Version: 13\r\n", "", 426),
        ("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "", 400),
        ("dGhlIHNhbXBsZSBub25jZQ==", "short", 400),
        ("frontdesk.chat.v1", "frontdesk.chat", 400),
        ("frontdesk.chat.v1", "frontdesk.chat.v", 400),
        ("frontdesk.chat.v1", "frontdesk.chat.v1a", 400),
        ("frontdesk.chat.v1", "Frontdesk.Chat.v1", 400),
        ("frontdesk.chat.v1", "graphql-ws", 400),
        ("Sec-WebSocket-Protocol: frontdesk.chat.v1\r\n", "", 400),
    ] {
        let request = good.replacen(from, to, 1);
        assert_ne!(request, good);
        assert_eq!(served.raw_status(&request).await, status, "{from:?} to {to:?}");
    }
}

// A browser tells its page no status: an old widget would have tried again for ever.
#[tokio::test]
async fn another_version_is_told_so_where_a_browser_can_read_it() {
    let served = Served::start().await;
    let good = handshake(&served.address.to_string(), Some(PAGE));
    for (asked, chosen) in [
        ("frontdesk.chat.v99", "frontdesk.chat.v99"),
        ("frontdesk.chat.v0", "frontdesk.chat.v0"),
        ("graphql-ws, frontdesk.chat.v3, frontdesk.chat.v2", "frontdesk.chat.v3"),
    ] {
        let request = good.replacen("frontdesk.chat.v1", asked, 1);
        let (mut socket, head) = Socket::upgrade(&served, &request).await;
        assert!(head.contains(&format!("sec-websocket-protocol: {chosen}\r\n")), "{head}");
        let error = socket.expect("err").await;
        assert_eq!((&error["code"], &error["fatal"]), (&json!("version"), &json!(true)));
        assert!(error["msg"].as_str().unwrap().contains("frontdesk.chat.v1"), "{error}");
        assert_eq!(socket.next().await, Said::Close(4002), "{asked}");
    }
    let both = "frontdesk.chat.v2, frontdesk.chat.v1";
    let request = good.replacen("frontdesk.chat.v1", both, 1);
    let (mut socket, head) = Socket::upgrade(&served, &request).await;
    assert!(head.contains("sec-websocket-protocol: frontdesk.chat.v1\r\n"), "{head}");
    socket.hello(&served.guest().await.token, json!([])).await;
    socket.expect("welcome").await;
    // Who may not connect may not connect in another version either.
    let foreign = handshake(&served.address.to_string(), Some("https://evil.example"));
    let foreign = foreign.replacen("frontdesk.chat.v1", "frontdesk.chat.v99", 1);
    assert_eq!(served.raw_status(&foreign).await, 403);
}

#[tokio::test]
async fn broken_frames_get_the_right_close_code() {
    let served = Served::start().await;
    let declared = |len: u64| [&[0x81, 0xFF][..], &len.to_be_bytes(), &[0; 4]].concat();
    for (name, bytes, code) in [
        ("no mask", b"\x81\x02hi".to_vec(), 1002),
        ("a reserved bit", b"\xc1\x80\0\0\0\0".to_vec(), 1002),
        ("a reserved opcode", b"\x83\x80\0\0\0\0".to_vec(), 1002),
        ("a long ping", b"\x89\xfe\0\x7e\0\0\0\0".to_vec(), 1002),
        ("a bad close code", b"\x88\x82\0\0\0\0\x03\xed".to_vec(), 1002),
        ("no UTF-8", b"\x81\x81\0\0\0\0\xff".to_vec(), 1007),
        ("binary", b"\x82\x80\0\0\0\0".to_vec(), 1003),
        ("64 KiB and a byte before hello", declared(65_537), 1009),
        ("2^62", declared(1 << 62), 1009),
        (
            "empty fragments",
            [&b"\x01\x80\0\0\0\0"[..], &b"\0\x80\0\0\0\0".repeat(64)].concat(),
            1009,
        ),
    ] {
        let mut socket = Socket::connect(&served, PAGE).await;
        socket.raw(&bytes).await;
        assert_eq!(socket.next().await, Said::Close(code), "{name}");
    }
}

#[tokio::test]
async fn after_hello_a_frame_of_256_kib_is_taken() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let mut socket = Socket::connect(&served, PAGE).await;
    socket.hello(&guest.token, json!([])).await;
    socket.expect("welcome").await;
    let padding = " ".repeat(262_144 - 30);
    socket.text(&format!(r#"{{"t":"unsub","ch":[]}}{padding}"#)).await;
    socket.raw(&[&[0x81, 0xFF][..], &262_145_u64.to_be_bytes(), &[0; 4]].concat()).await;
    assert_eq!(socket.next().await, Said::Close(1009));
}

#[tokio::test]
async fn a_ping_is_answered_and_a_close_is_echoed() {
    let served = Served::start().await;
    let guest = served.guest().await;
    let mut socket = Socket::connect(&served, PAGE).await;
    socket.hello(&guest.token, json!([])).await;
    socket.expect("welcome").await;
    socket.frame(0x88, &4900_u16.to_be_bytes()).await;
    assert_eq!(socket.next().await, Said::Close(4900));
    assert_eq!(socket.next().await, Said::End);
}

#[tokio::test]
async fn silence_before_hello_is_4003() {
    let served = Served::with(Config { hello_ms: 50, ..Config::default() }).await;
    let mut socket = Socket::connect(&served, PAGE).await;
    assert_eq!(socket.next().await, Said::Close(4003));
}

#[tokio::test]
async fn a_client_that_does_not_pong_is_let_go() {
    let served = Served::with(Config { heartbeat_ms: 20, pong_ms: 50, ..Config::default() }).await;
    let guest = served.guest().await;
    let channel = served.open_chat(&guest).await;
    let mut socket = Socket::connect(&served, PAGE).await;
    socket.hello(&guest.token, json!([{"id": channel}])).await;
    assert_eq!(socket.closed().await, 4008);
}

#[tokio::test]
async fn sockets_that_wait_are_few_from_one_address() {
    let served = Served::with(Config { max_unknown_per_address: 2, ..Config::default() }).await;
    let _waiting = [Socket::connect(&served, PAGE).await, Socket::connect(&served, PAGE).await];
    let request = handshake(&served.address.to_string(), Some(PAGE));
    let request = request.replace("Connection: Upgrade", "Connection: Upgrade, close");
    let answer = served.raw(request.as_bytes()).await.to_ascii_lowercase();
    assert!(answer.starts_with("http/1.1 429 ") && answer.contains("retry-after: "), "{answer}");
}
