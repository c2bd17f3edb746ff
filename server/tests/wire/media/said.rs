//! Files in a chat, and their end.

use frontdesk_server::{log::Source, storage::Change};
use serde_json::json;

use super::Files;
use crate::served::{Answer, basic, encoded};

/// A request of the account's own server about the chat.
async fn rest(files: &Files, method: &str, rest: &str, fields: &[(&str, &str)]) -> Answer {
    let auth = basic(files.world().account.as_str(), "auth-token");
    let headers =
        [("Authorization", auth.as_str()), ("Content-Type", "application/x-www-form-urlencoded")];
    let service = "IS00000000000000000000000000000001";
    let path = format!("/v2/Services/{service}/Channels/{}{rest}", files.channel);
    files.served.ask(method, &path, &headers, &encoded(fields)).await
}

#[tokio::test]
async fn a_file_is_in_the_log_with_its_message() {
    let files = Files::start().await;
    let made = files.picture().await;
    let mut socket = files.served.live(&files.guest, files.channel.as_str()).await;
    let message = files.say(&made).await;
    let event = socket.expect("ev").await;
    let media = json!({
        "sid": made["sid"], "content_type": "image/png", "filename": "sketch.png",
        "size_bytes": made["size"],
    });
    assert_eq!((&event["body"], &event["media"]), (&json!(""), &media));
    let list = rest(&files, "GET", "/Messages", &[]).await.json();
    let listed = &list["messages"][0];
    assert_eq!((&listed["type"], &listed["sid"]), (&json!("media"), &json!(message.sid)));
    assert_eq!(
        listed["media"],
        json!({
            "sid": made["sid"], "content_type": "image/png", "filename": "sketch.png",
            "size": made["size"],
        })
    );
}

#[tokio::test]
async fn a_program_says_a_file_of_its_account() {
    let files = Files::start().await;
    let auth = basic(files.world().account.as_str(), "auth-token");
    let headers = [("Authorization", auth.as_str()), ("Content-Type", "text/plain")];
    let bring = async || {
        let answer = files.served.ask_with("POST", &files.list, &headers, b"The terms").await;
        answer.json()["sid"].as_str().unwrap().to_owned()
    };
    let (first, second) = (bring().await, bring().await);
    let fields = [("MediaSid", first.as_str()), ("From", "bot")];
    let said = rest(&files, "POST", "/Messages", &fields).await;
    assert_eq!(said.status, 201, "{said:?}");
    let said = said.json();
    assert_eq!((&said["type"], &said["body"]), (&json!("media"), &json!("")));
    assert_eq!((&said["media"]["sid"], &said["media"]["size"]), (&json!(first), &json!(9)));
    let both = [("MediaSid", second.as_str()), ("Body", "Here they are")];
    let said = rest(&files, "POST", "/Messages", &both).await.json();
    assert_eq!((&said["body"], &said["media"]["sid"]), (&json!("Here they are"), &json!(second)));

    let theirs = files.picture().await["sid"].as_str().unwrap().to_owned();
    let nowhere = "ME00000000000000000000000000000009";
    for media in [first.as_str(), &theirs, nowhere] {
        let refused = rest(&files, "POST", "/Messages", &[("MediaSid", media)]).await;
        refused.is_error(400, "MediaSid");
    }
    let malformed = rest(&files, "POST", "/Messages", &[("MediaSid", "ME1")]).await;
    malformed.is_error(400, "MediaSid is not valid");
    rest(&files, "POST", "/Messages", &[]).await.is_error(400, "Body is required");
    // Who brought it may say it, by a program too.
    let guest = files.guest.identity.as_str();
    let fields = [("MediaSid", theirs.as_str()), ("From", guest)];
    assert_eq!(rest(&files, "POST", "/Messages", &fields).await.status, 201);
}

#[tokio::test]
async fn a_file_goes_with_its_message_and_its_chat() {
    let files = Files::start().await;
    let (first, second) = (files.picture().await, files.picture().await);
    let message = files.say(&first).await;
    let link = files.path(&first["links"]["content_direct_temporary"]);
    assert_eq!(files.served.ask("GET", &link, &[], "").await.status, 200);

    let gone = rest(&files, "DELETE", &format!("/Messages/{}", message.sid), &[]).await;
    assert_eq!(gone.status, 204);
    for path in [link, files.path(&first["url"])] {
        files.get_as_account(&path).await.is_error(404, "no file");
    }
    // The job that waits for this is told at once.
    files.world().app.log.erased().await;
    files.world().app.media.clear_erased().await.unwrap();
    assert_eq!(files.on_disk(), 1);

    files.say(&second).await;
    let remove = Change::RemoveChannel { channel: files.channel.clone() };
    files.world().app.log.commit(&Source::Server, vec![remove]).await.unwrap();
    files.world().app.log.erased().await;
    files.get(&files.path(&second["url"]), &files.guest.token).await.is_error(404, "no file");
    files.world().app.media.clear_erased().await.unwrap();
    assert_eq!(files.on_disk(), 0);
}
