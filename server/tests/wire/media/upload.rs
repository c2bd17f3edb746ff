//! Bringing files.

use super::{BOUNDARY, Files, PNG, form};
use crate::{
    chat_api::has_keys,
    served::{PAGE, basic},
};

const KEYS: &str = "sid, account_sid, service_sid, channel_sid, message_sid, author, category, \
                    content_type, filename, size, date_created, date_updated, date_upload_updated, \
                    is_multipart_upstream, url, links";

#[tokio::test]
async fn a_file_comes_as_a_form_or_as_it_is() {
    let files = Files::start().await;
    let made = files.picture().await;
    has_keys(&made, KEYS);
    has_keys(&made["links"], "content, content_direct_temporary");
    assert!(made["sid"].as_str().unwrap().starts_with("ME"));
    assert_eq!(made["author"], files.guest.identity.as_str());
    assert_eq!(
        (&made["content_type"], &made["filename"]),
        (&"image/png".into(), &"sketch.png".into())
    );
    assert_eq!((&made["size"], &made["category"]), (&PNG.len().into(), &"media".into()));
    assert!(made["channel_sid"].is_null() && made["message_sid"].is_null());
    assert_eq!(made["date_created"], "2026-11-18T11:06:40Z");

    let raw = files.post(&files.guest.token, "image/png", PNG).await;
    assert_eq!(raw.status, 201, "{raw:?}");
    let raw = raw.json();
    assert!(raw["filename"].is_null() && raw["sid"] != made["sid"]);
    assert_eq!((&raw["size"], &raw["is_multipart_upstream"]), (&PNG.len().into(), &false.into()));

    let chunked = format!(
        "POST {} HTTP/1.1\r\nHost: x\r\nX-Twilio-Token: {}\r\nContent-Type: text/plain\r\n\
         Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n\
         5\r\nHello\r\n7\r\n, world\r\n0\r\n\r\n",
        files.list, files.guest.token
    );
    let answer = files.served.raw(chunked.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 201") && answer.contains("\"size\":12"), "{answer}");
}

#[tokio::test]
async fn an_accounts_own_server_brings_files_too() {
    let files = Files::start().await;
    let auth = basic(files.world().account.as_str(), "auth-token");
    let headers = [("Authorization", auth.as_str()), ("Content-Type", "image/png")];
    let answer = files.served.ask_with("POST", &files.list, &headers, PNG).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(answer.json()["author"].is_null());
}

#[tokio::test]
async fn a_page_may_ask_with_the_tokens_header() {
    let files = Files::start().await;
    let headers = [
        ("Origin", PAGE),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "x-twilio-token"),
    ];
    let answer = files.served.ask("OPTIONS", &files.list, &headers, "").await;
    assert_eq!(answer.status, 204);
    assert!(answer.header("access-control-allow-headers").unwrap().contains("x-twilio-token"));
    assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE));
}

#[tokio::test]
async fn nobody_brings_a_file_without_showing_who_they_are() {
    let files = Files::start().await;
    let kind = ("Content-Type", "image/png");
    let none = files.served.ask_with("POST", &files.list, &[kind], PNG).await;
    none.is_error(401, "X-Twilio-Token");
    files.post("nonsense", "image/png", PNG).await.is_error(401, "refused");

    let outside = files.served.guest().await;
    let answer = files.post(&outside.token, "image/png", PNG).await;
    answer.is_error(403, "in no chat");

    let elsewhere = "/media/v1/Services/IS00000000000000000000000000000009/Media";
    let headers = [("X-Twilio-Token", files.guest.token.as_str()), kind];
    let answer = files.served.ask_with("POST", elsewhere, &headers, PNG).await;
    answer.is_error(404, "no service");
    files.world().later(24 * 3_600_000);
    files.post(&files.guest.token, "image/png", PNG).await.is_error(401, "expired");
    assert_eq!(files.on_disk(), 0);
}

#[tokio::test]
async fn only_what_its_bytes_say_is_taken() {
    let files = Files::start().await;
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    let mhtml = b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<script>";
    for (name, kind, body) in [
        ("a.svg", "image/svg+xml", &svg[..]),
        ("a.png", "image/png", svg),
        ("a.txt", "text/plain", svg),
        ("a.html", "text/html", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("a.html", "text/html", b"alert(1)"),
        ("a.js", "text/javascript", b"alert(1)"),
        ("a.xml", "text/xml", b"<?xml version=\"1.0\"?><x/>"),
        ("a.mht", "message/rfc822", mhtml),
        ("a.zip", "application/zip", b"PK\x03\x04\x14\0\0\0\x08\0"),
        ("a.exe", "image/png", b"MZ\x90\0\x03\0\0\0"),
        ("a.bin", "application/octet-stream", b"\0\x01\x02"),
    ] {
        files.post_form(name, kind, body).await.is_error(415, "taken are image/jpeg");
    }
    files.post_form("a.png", "image/png", b"").await.is_error(400, "empty");
    assert_eq!(files.on_disk(), 0);

    // A wrong type is put right, and the ending with it; what follows a picture makes it no program.
    let gifar = b"GIF89a\x01\0\x01\0\0\0\0;PK\x03\x04";
    let made = files.post_form("a.jpg.html", "text/html", gifar).await.json();
    assert_eq!(
        (&made["content_type"], &made["filename"]),
        (&"image/gif".into(), &"a.jpg.html.gif".into())
    );
}

#[tokio::test]
async fn a_packed_body_is_not_taken() {
    let files = Files::start().await;
    let token = ("X-Twilio-Token", files.guest.token.as_str());
    for encoding in ["gzip", "br", "deflate", "zstd"] {
        let headers = [token, ("Content-Encoding", encoding), ("Content-Type", "image/png")];
        let answer = files.served.ask_with("POST", &files.list, &headers, PNG).await;
        answer.is_error(415, "Content-Encoding");
    }
    assert_eq!(files.on_disk(), 0);
}

#[tokio::test]
async fn a_form_that_is_none_leaves_nothing() {
    let files = Files::start().await;
    let whole = form("a.png", "image/png", PNG);
    let two = [&whole[..whole.len() - 4], b"\r\n", &whole[5..]].concat();
    let broken = &whole[..whole.len() - 8];
    let fileless = b"--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--b--\r\n";
    let token = &files.guest.token;
    files.post(token, BOUNDARY, &two).await.is_error(400, "one file at a time");
    files.post(token, BOUNDARY, broken).await.is_error(400, "broke off");
    files.post(token, BOUNDARY, fileless).await.is_error(400, "no file");
    files.post(token, BOUNDARY, b"--b??").await.is_error(400, "multipart");
    assert_eq!(files.on_disk(), 0);
}

#[tokio::test]
async fn a_name_is_only_a_name() {
    let files = Files::start().await;
    for (given, kept) in [
        ("../../../etc/passwd", "passwd.png"),
        ("CON", "_CON.png"),
        ("a\u{202e}gnp.exe", "agnp.exe.png"),
        ("..", ""),
    ] {
        let made = files.post_form(given, "image/png", PNG).await.json();
        assert_eq!(made["filename"].as_str().unwrap_or_default(), kept, "{given}");
    }
    let long = files.post_form(&"x".repeat(300), "image/png", PNG).await.json();
    assert_eq!(long["filename"].as_str().unwrap().len(), 200);
}
