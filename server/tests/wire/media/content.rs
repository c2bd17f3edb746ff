//! Fetching files.

use frontdesk_server::{
    log::Source,
    storage::{Author, Change},
};

use super::{Files, PNG};
use crate::served::PAGE;

#[tokio::test]
async fn a_file_comes_back_as_it_went_and_is_only_saved() {
    let files = Files::start().await;
    let made = files.picture().await;
    let path = files.path(&made["links"]["content_direct_temporary"]);
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let answer = files.served.raw_bytes(request.as_bytes()).await;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    assert_eq!(&answer[end + 4..], PNG);

    for (path, token) in
        [(path, ""), (files.path(&made["links"]["content"]), files.guest.token.as_str())]
    {
        let answer = files.get(&path, token).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        for (name, value) in [
            ("content-type", "image/png"),
            (
                "content-disposition",
                "attachment; filename=\"sketch.png\"; filename*=UTF-8''sketch.png",
            ),
            ("content-length", &PNG.len().to_string()),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "sandbox; default-src 'none'; frame-ancestors 'none'"),
            ("cross-origin-resource-policy", "cross-origin"),
            ("cache-control", "private, no-store"),
            ("access-control-allow-origin", PAGE),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name}");
        }
    }
}

#[tokio::test]
async fn a_long_file_comes_back_whole() {
    let files = Files::start().await;
    let text: Vec<u8> = (0..1_000_000_u32).map(|n| b'a' + (n / 7 % 26) as u8).collect();
    let made = files.post_form("a.txt", "text/plain", &text).await.json();
    let answer = files.get(&files.path(&made["links"]["content"]), &files.guest.token).await;
    assert_eq!(answer.body.as_bytes(), text);
}

#[tokio::test]
async fn a_hostile_name_breaks_no_header() {
    let files = Files::start().await;
    let name = "\\\";\tSet-Cookie: x=1 \u{202e}ü%22.png";
    let made = files.post_form(name, "image/png", PNG).await.json();
    let answer = files.get(&files.path(&made["links"]["content"]), &files.guest.token).await;
    assert_eq!(answer.header("set-cookie"), None);
    let disposition = answer.header("content-disposition").unwrap();
    assert_eq!(
        disposition,
        "attachment; filename=\"__Set-Cookie_ x=1 __.png\"; \
         filename*=UTF-8''_%3BSet-Cookie_%20x%3D1%20%C3%BC_.png"
    );
}

#[tokio::test]
async fn a_file_is_for_who_brought_it_and_who_is_in_its_chat() {
    let files = Files::start().await;
    let made = files.picture().await;
    let path = files.path(&made["url"]);
    let stranger = files.served.guest().await;
    files.served.open_chat(&stranger).await;
    let cookie = files.served.sign_in().await;
    let agent = files.served.agent_token(&cookie).await;
    let as_agent = async |path: &str| {
        let headers = [("X-Twilio-Token", agent.as_str())];
        files.served.ask("GET", path, &headers, "").await
    };
    let link = format!("/media/v1/Media/{}/Link", made["sid"].as_str().unwrap());
    let paths = [path.clone(), format!("{path}/Content"), link];

    // Before it is said, nobody else knows of it.
    for path in &paths {
        assert_eq!(files.get(path, &files.guest.token).await.status, 200);
        assert_eq!(files.get_as_account(path).await.status, 200);
        files.get(path, &stranger.token).await.is_error(404, "no file");
        as_agent(path).await.is_error(404, "no file");
        files.served.ask("GET", path, &[], "").await.is_error(401, "X-Twilio-Token");
    }
    files.say(&made).await;
    for path in &paths {
        assert_eq!(as_agent(path).await.status, 200, "the task is in their queue");
        files.get(path, &stranger.token).await.is_error(404, "no file");
    }
    let said = files.get(&path, &files.guest.token).await.json();
    assert_eq!(said["channel_sid"], files.channel.as_str());
    assert!(said["message_sid"].as_str().unwrap().starts_with("IM"));
    // Another page has another token, whatever it does with this one.
    let headers =
        [("X-Twilio-Token", files.guest.token.as_str()), ("Origin", "https://evil.example")];
    files.served.ask("GET", &path, &headers, "").await.is_error(403, "may not");
    // The address says where it was brought to.
    let elsewhere = path.replace("IS00000000000000000000000000000001", &format!("IS{:032x}", 9));
    files.get(&elsewhere, &files.guest.token).await.is_error(404, "no file");
}

#[tokio::test]
async fn a_link_is_good_for_ten_minutes_and_one_file() {
    let files = Files::start().await;
    let (made, other) = (files.picture().await, files.picture().await);
    let link = format!("/media/v1/Media/{}/Link", made["sid"].as_str().unwrap());
    let path = files.path(&files.get(&link, &files.guest.token).await.json()["url"]);
    let get = async |path: &str| files.served.ask("GET", path, &[], "").await;
    assert_eq!(get(&path).await.status, 200);

    let sid = |made: &serde_json::Value| made["sid"].as_str().unwrap().to_owned();
    get(&path.replace(&sid(&made), &sid(&other))).await.is_error(404, "no file");
    get(&path.replace("expires=1", "expires=2")).await.is_error(404, "no file");
    get(&path[..path.len() - 1]).await.is_error(404, "no file");
    get(&path.replace("expires=", "x=")).await.is_error(404, "no file");
    // A token does not mend it: who sends a link wants to know whether it is good.
    let cut = &path[..path.len() - 1];
    files.get(cut, &files.guest.token).await.is_error(404, "no file");

    files.world().later(10 * 60_000);
    assert_eq!(get(&path).await.status, 200);
    files.world().later(1_000);
    get(&path).await.is_error(404, "no file");
}

#[tokio::test]
async fn a_file_whose_bytes_are_gone_is_not_there() {
    let files = Files::start().await;
    let made = files.picture().await;
    std::fs::remove_dir_all(files.world().folder.path().join("media")).unwrap();
    let content = files.path(&made["links"]["content"]);
    files.get(&content, &files.guest.token).await.is_error(404, "no file");
    // It is still known, and can still be said and taken back.
    assert_eq!(files.get(&files.path(&made["url"]), &files.guest.token).await.status, 200);
    let message = files.say(&made).await;
    let party = files.world().read(&files.guest.token).party;
    let log = &files.world().app.log;
    let redact = Change::Redact {
        channel: files.channel.clone(),
        author: Author::Member(party.clone()),
        target: message.seq,
    };
    log.commit(&Source::Client(party.identity), vec![redact]).await.unwrap();
    files.world().app.media.clear_erased().await.unwrap();
}
