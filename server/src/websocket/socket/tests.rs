use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

use super::*;

/// A client's frame, masked with zeros.
fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let len = u8::try_from(payload.len()).unwrap();
    assert!(len < 126);
    [&[first, 0x80 | len, 0, 0, 0, 0][..], payload].concat()
}

/// A socket over a pipe that holds `capacity` bytes, and the client's end of it.
fn pair(capacity: usize) -> (Socket<DuplexStream>, DuplexStream) {
    let (server, client) = tokio::io::duplex(capacity);
    (Socket::new(server, SocketLimits::default()), client)
}

async fn step(socket: &mut Socket<DuplexStream>, now_ms: u64) -> Step {
    socket.step(&|| Millis(now_ms), true).await
}

/// One step if it is there already.
fn now_or_never(socket: &mut Socket<DuplexStream>, now_ms: u64) -> Option<Step> {
    let mut cx = Context::from_waker(std::task::Waker::noop());
    match socket.poll_step(&mut cx, &|| Millis(now_ms), true) {
        Poll::Ready(step) => Some(step),
        Poll::Pending => None,
    }
}

#[tokio::test]
async fn what_is_queued_is_written_in_order_and_accounted_for() {
    let (mut socket, mut client) = pair(1024);
    socket.send_text("one".into()).unwrap();
    socket.send_binary(vec![1, 2].into()).unwrap();
    assert_eq!(step(&mut socket, 0).await, Step::Flushed { frames: 2, bytes: 5 });
    let mut bytes = [0; 9];
    client.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"\x81\x03one\x82\x02\x01\x02");
}

#[tokio::test]
async fn a_ping_goes_out_between_messages_and_its_pong_is_told() {
    let (mut socket, mut client) = pair(1024);
    socket.ping();
    socket.send_text("one".into()).unwrap();
    assert_eq!(step(&mut socket, 0).await, Step::Flushed { frames: 1, bytes: 3 });
    let mut bytes = [0; 7];
    client.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"\x89\x00\x81\x03one");
    client.write_all(&masked(0x8A, b"")).await.unwrap();
    assert_eq!(step(&mut socket, 0).await, Step::Message(Message::Pong(Vec::new())));
}

#[tokio::test]
async fn several_messages_in_one_packet_come_one_by_one() {
    let (mut socket, mut client) = pair(1024);
    let bytes = [masked(0x81, b"a"), masked(0x82, b"b"), masked(0x81, b"c")].concat();
    client.write_all(&bytes).await.unwrap();
    assert_eq!(step(&mut socket, 0).await, Step::Message(Message::Text("a".into())));
    assert_eq!(step(&mut socket, 0).await, Step::Message(Message::Binary(b"b".to_vec())));
    assert_eq!(step(&mut socket, 0).await, Step::Message(Message::Text("c".into())));
    assert_eq!(now_or_never(&mut socket, 0), None);
}

#[tokio::test]
async fn without_reading_the_senders_messages_wait() {
    let (mut socket, mut client) = pair(1024);
    client.write_all(&masked(0x81, b"a")).await.unwrap();
    let mut cx = Context::from_waker(std::task::Waker::noop());
    assert!(socket.poll_step(&mut cx, &|| Millis(0), false).is_pending());
    assert_eq!(step(&mut socket, 0).await, Step::Message(Message::Text("a".into())));
}

#[tokio::test]
async fn a_ping_is_answered_and_only_the_newest_of_many() {
    let (mut socket, mut client) = pair(1024);
    client.write_all(&[masked(0x89, b"1"), masked(0x89, b"2")].concat()).await.unwrap();
    assert_eq!(step(&mut socket, 0).await, Step::Message(Message::Ping(b"1".to_vec())));
    socket.out.pong("0".into());
    assert!(matches!(step(&mut socket, 0).await, Step::Message(Message::Ping(_))));
    assert_eq!(now_or_never(&mut socket, 0), None);
    let mut bytes = [0; 6];
    client.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"\x8a\x010\x8a\x012");
}

#[tokio::test]
async fn a_close_is_answered_with_its_code_and_the_stream_ends() {
    let (mut socket, mut client) = pair(1024);
    client.write_all(&masked(0x88, b"\x13\x24")).await.unwrap();
    let close = Message::Close(Some((4900, String::new())));
    assert_eq!(step(&mut socket, 0).await, Step::Message(close));
    assert_eq!(step(&mut socket, 0).await, Step::Gone);
    assert_eq!(step(&mut socket, 0).await, Step::Gone);
    drop(socket);
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(bytes, b"\x88\x02\x13\x24");
}

#[tokio::test]
async fn our_close_waits_two_seconds_for_theirs_and_no_longer() {
    let (mut socket, mut client) = pair(1024);
    socket.close(Millis(0), 1012, "restart", true);
    assert_eq!(now_or_never(&mut socket, 0), None);
    // Whatever else they say is not listened to.
    client.write_all(&masked(0x81, b"late")).await.unwrap();
    assert_eq!(now_or_never(&mut socket, 1_999), None);
    assert_eq!(socket.deadline(), Some(Millis(2_000)));
    assert_eq!(now_or_never(&mut socket, 2_000), Some(Step::Gone));

    let (mut socket, mut client) = pair(1024);
    socket.close(Millis(0), 1012, "restart", true);
    client.write_all(&masked(0x88, b"\x03\xf4")).await.unwrap();
    assert_eq!(now_or_never(&mut socket, 1), Some(Step::Gone));
}

#[tokio::test]
async fn nothing_follows_a_close_frame() {
    let (mut socket, mut client) = pair(1024);
    socket.send_text("before".into()).unwrap();
    socket.close(Millis(0), 1000, "", true);
    socket.send_text("after".into()).unwrap();
    socket.close(Millis(0), 4008, "", true);
    let _ = now_or_never(&mut socket, 0);
    drop(socket);
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(bytes, b"\x81\x06before\x88\x02\x03\xe8");
}

#[tokio::test]
async fn a_close_without_flush_drops_what_is_queued_but_no_half_frame() {
    let (mut socket, mut client) = pair(8);
    socket.send_text("0123456789".into()).unwrap();
    socket.send_text("never".into()).unwrap();
    assert_eq!(now_or_never(&mut socket, 0), None);
    socket.close(Millis(0), 4008, "", false);
    let reader = tokio::spawn(async move {
        let mut bytes = Vec::new();
        client.read_to_end(&mut bytes).await.unwrap();
        bytes
    });
    let mut now = 0;
    while socket.step(&|| Millis(now), true).await != Step::Gone {
        now = 3_000;
    }
    drop(socket);
    assert_eq!(reader.await.unwrap(), b"\x81\x0a0123456789\x88\x02\x0f\xa8");
}

#[tokio::test]
async fn a_violation_is_told_before_the_stream_ends() {
    let (mut socket, mut client) = pair(1024);
    client.write_all(b"\x81\x02hi and a lot that nobody will read").await.unwrap();
    let violation = Violation::protocol("frame without a mask");
    assert_eq!(step(&mut socket, 0).await, Step::Violation(violation));
    assert_eq!(now_or_never(&mut socket, 0), None);
    let mut bytes = Vec::new();
    client.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(&bytes[2..4], &1002_u16.to_be_bytes());
    client.shutdown().await.unwrap();
    assert_eq!(step(&mut socket, 1).await, Step::Gone);
}

#[tokio::test]
async fn a_peer_that_lingers_after_a_violation_is_left_after_two_seconds() {
    let (mut socket, mut client) = pair(1024);
    client.write_all(b"\x83").await.unwrap();
    assert!(matches!(step(&mut socket, 0).await, Step::Violation(_)));
    client.write_all(&[0; 500]).await.unwrap();
    assert_eq!(now_or_never(&mut socket, 1_999), None);
    assert_eq!(now_or_never(&mut socket, 2_000), Some(Step::Gone));
}

#[tokio::test]
async fn the_queue_has_an_end_and_one_long_frame_may_stand_alone() {
    let (mut socket, _client) = pair(16);
    socket.send_text(vec![b'a'; 300_000].into()).unwrap();
    assert_eq!(socket.send_text("b".into()), Err(QueueFull));

    let (mut socket, _client) = pair(16);
    for _ in 0..256 {
        socket.send_text("a".into()).unwrap();
    }
    assert_eq!(socket.send_text("a".into()), Err(QueueFull));
    // What is being written still counts until its last byte is out.
    assert!(matches!(now_or_never(&mut socket, 0), Some(Step::Flushed { .. })));
    socket.send_text(vec![b'a'; 262_144 - 251].into()).unwrap();
    assert_eq!(socket.send_text("12345".into()), Err(QueueFull));
}

#[tokio::test]
async fn a_write_that_makes_no_progress_for_ten_seconds_is_a_stall() {
    let (mut socket, mut client) = pair(4);
    socket.send_text("0123456789".into()).unwrap();
    assert_eq!(now_or_never(&mut socket, 0), None);
    assert_eq!(socket.deadline(), Some(Millis(10_000)));
    // A byte that is read is progress.
    let mut byte = [0];
    client.read_exact(&mut byte).await.unwrap();
    assert_eq!(now_or_never(&mut socket, 9_000), None);
    assert_eq!(socket.deadline(), Some(Millis(19_000)));
    assert_eq!(now_or_never(&mut socket, 18_999), None);
    assert_eq!(now_or_never(&mut socket, 19_000), Some(Step::Stalled));
}

#[tokio::test]
async fn half_a_message_has_ten_seconds_although_nothing_moves() {
    let (mut socket, mut client) = pair(64);
    client.write_all(&masked(0x01, b"a")).await.unwrap();
    assert_eq!(now_or_never(&mut socket, 500), None);
    assert_eq!(socket.deadline(), Some(Millis(10_500)));
    assert!(matches!(now_or_never(&mut socket, 10_500), Some(Step::Violation(_))));
}

#[tokio::test]
async fn an_idle_connection_keeps_no_buffer() {
    let (mut socket, mut client) = pair(100_000);
    socket.send_text(vec![b'a'; 50_000].into()).unwrap();
    client.write_all(&masked(0x81, b"hello")).await.unwrap();
    while now_or_never(&mut socket, 0).is_some() {}
    assert_eq!(socket.unread.capacity() + socket.decoder.buffered(), 0);
    assert_eq!(socket.out.capacity(), 0);
    assert!(size_of::<Socket<DuplexStream>>() < 512, "{}", size_of::<Socket<DuplexStream>>());
}
