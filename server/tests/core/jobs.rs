//! What is forgotten, and when.

use std::net::IpAddr;

use bytes::Bytes;
use frontdesk_protocol::{MediaSid, id::ServiceSid};
use frontdesk_server::{
    engagement::Request,
    jobs,
    media::{Asker, Claim},
};

use super::world::{PASSWORD, World};

const DAY_MS: u64 = 24 * 3_600_000;

#[tokio::test]
async fn the_same_form_opens_one_chat_for_a_week() {
    let world = World::new().await;
    let token = world.read(&world.issue().token);
    let request = Request { idempotency_key: Some("k".into()), ..world.request(&token) };
    let create = async || world.app.engagement.create(request.clone()).await.unwrap();
    let first = create().await;
    world.later(7 * DAY_MS);
    jobs::tidy(&world.app).await.unwrap();
    let again = create().await;
    assert!(again.replayed && again.channel == first.channel);
    world.later(1);
    jobs::tidy(&world.app).await.unwrap();
    let other = create().await;
    assert!(!other.replayed && other.channel != first.channel);
}

#[tokio::test]
async fn sessions_that_have_ended_are_forgotten() {
    let world = World::new().await;
    let here = IpAddr::from([192, 0, 2, 1]);
    world.app.sessions.login("alice", PASSWORD, here).await.unwrap();
    let kept = async || {
        let (store, agent) = (world.app.store(), &world.agent);
        store.sessions_of(&agent.account, &agent.identity).await.unwrap().len()
    };
    jobs::tidy(&world.app).await.unwrap();
    assert_eq!(kept().await, 1);
    world.later(12 * 3_600_000);
    jobs::tidy(&world.app).await.unwrap();
    assert_eq!(kept().await, 0);
}

#[tokio::test]
async fn a_file_that_a_kill_left_in_no_book_is_removed_when_it_is_a_day_old() {
    let world = World::new().await;
    let (library, asker) = (&world.app.media, Asker::Account(world.account.clone()));
    let mut upload =
        library.begin(&asker, &ServiceSid::from_bits(1), Claim::default()).await.unwrap();
    upload.write(Bytes::from_static(b"Hello")).await.unwrap();
    let known = upload.finish().await.unwrap().brought.media.sid;
    let place = |sid: &MediaSid| {
        let text = sid.as_str();
        world.folder.path().join("media").join(&text[2..4]).join(&text[4..6]).join(text)
    };
    // Kept on the disk, and killed before it was put into the books.
    let unknown = place(&MediaSid::from_bits(7));
    std::fs::create_dir_all(unknown.parent().unwrap()).unwrap();
    std::fs::write(&unknown, "x").unwrap();
    let kept_at = |ms: u64| {
        let at = std::time::UNIX_EPOCH + std::time::Duration::from_millis(ms);
        for path in [&unknown, &place(&known)] {
            std::fs::File::options().write(true).open(path).unwrap().set_modified(at).unwrap();
        }
    };
    kept_at(world.app.now().0 - DAY_MS);
    jobs::tidy(&world.app).await.unwrap();
    assert!(unknown.exists(), "it may be on its way into the books");
    kept_at(world.app.now().0 - DAY_MS - 1);
    jobs::tidy(&world.app).await.unwrap();
    assert!(!unknown.exists() && place(&known).exists());
}
