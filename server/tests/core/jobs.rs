//! What is forgotten, and when.

use std::net::IpAddr;

use frontdesk_server::{engagement::Request, jobs};

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
