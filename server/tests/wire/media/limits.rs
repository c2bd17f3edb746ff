//! How much there may be.

use frontdesk_server::config::Config;

use super::{Files, PNG, form};

const DAY_MS: u64 = 24 * 3_600_000;

/// A text of so many bytes.
fn text(bytes: usize) -> Vec<u8> {
    vec![b'x'; bytes]
}

#[tokio::test]
async fn one_byte_too_many_is_too_many() {
    let files = Files::with(Config { media_max_bytes: 100_000, ..Config::default() }).await;
    let fits = files.post_form("a.txt", "text/plain", &text(100_000)).await;
    assert_eq!(fits.status, 201, "{fits:?}");
    assert_eq!(files.post(&files.guest.token, "text/plain", &text(100_000)).await.status, 201);
    for bytes in [100_001, 400_000] {
        files.post_form("a.txt", "text/plain", &text(bytes)).await.is_error(413, "100000 bytes");
        let raw = files.post(&files.guest.token, "text/plain", &text(bytes)).await;
        raw.is_error(413, "100000 bytes");
    }
    // Without a length nobody knows before the last byte.
    let mut request = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nX-Twilio-Token: {}\r\nContent-Type: text/plain\r\n\
         Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n",
        files.list, files.guest.token
    )
    .into_bytes();
    for _ in 0..11 {
        request.extend(b"2710\r\n");
        request.extend(text(10_000));
        request.extend(b"\r\n");
    }
    request.extend(b"0\r\n\r\n");
    let answer = files.served.raw(&request).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert_eq!(files.on_disk(), 2);
}

#[tokio::test]
async fn a_guest_brings_so_much_a_day() {
    let config = Config { media_guest_bytes_per_day: 3 * 4_096, ..Config::default() };
    let files = Files::with(config).await;
    for _ in 0..3 {
        files.picture().await;
    }
    files.post_form("a.png", "image/png", PNG).await.is_error(413, "no more room");
    // Nobody else is held back.
    let cookie = files.served.sign_in().await;
    let agent = files.served.agent_token(&cookie).await;
    let headers = [("X-Twilio-Token", agent.as_str()), ("Content-Type", "image/png")];
    let answer = files.served.ask_with("POST", &files.list, &headers, PNG).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(files.on_disk(), 4);
}

#[tokio::test]
async fn an_account_has_so_much_in_all() {
    let files = Files::with(Config { media_account_bytes: 10_000, ..Config::default() }).await;
    files.picture().await;
    let much = files.post_form("a.txt", "text/plain", &text(9_000)).await;
    much.is_error(413, "no more room");
    assert_eq!(files.on_disk(), 1, "what there was no room for is gone");
    files.picture().await;
    files.post_form("a.png", "image/png", PNG).await.is_error(413, "no more room");
}

#[tokio::test]
async fn what_is_never_said_goes_after_a_day() {
    let files = Files::start().await;
    let (said, unsaid) = (files.picture().await, files.picture().await);
    files.say(&said).await;
    let app = &files.world().app;
    files.world().later(DAY_MS);
    app.media.sweep().await.unwrap();
    assert_eq!(files.on_disk(), 2);
    files.world().later(1);
    app.media.sweep().await.unwrap();
    assert_eq!(files.on_disk(), 1);
    let path = files.path(&unsaid["url"]);
    files.get_as_account(&path).await.is_error(404, "no file");
    assert_eq!(files.get_as_account(&files.path(&said["url"])).await.status, 200);
}

#[tokio::test]
async fn a_form_of_many_fields_is_as_bounded_as_a_file() {
    let files = Files::with(Config { media_max_bytes: 1_000, ..Config::default() }).await;
    let field = b"--b\r\nContent-Disposition: form-data; name=x\r\n\r\n";
    let body = [&field[..], &text(300_000), b"\r\n", &form("a.png", "image/png", PNG)].concat();
    let answer = files.post(&files.guest.token, super::BOUNDARY, &body).await;
    answer.is_error(413, "1000 bytes");
    assert_eq!(files.on_disk(), 0);
}
