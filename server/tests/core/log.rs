//! Saying things, and who is told.

use frontdesk_protocol::{
    Cid, EventKind, Stream, attributes::Attributes, frame::NackCode, limits::BODY_BYTES,
};
use frontdesk_server::{
    config::Config,
    live::Hint,
    log::Say,
    storage::{Mark, Party, PartyKind},
};

use super::world::World;

fn say(channel: &frontdesk_protocol::ChannelSid, cid: u128, body: &str) -> Say {
    Say {
        channel: channel.clone(),
        cid: Some(Cid(cid)),
        body: body.into(),
        media: None,
        attributes: Attributes::new(),
    }
}

#[tokio::test]
async fn what_is_said_reaches_who_follows_and_is_in_the_store_by_then() {
    let world = World::new().await;
    let token = world.read(&world.issue().token);
    let channel = world.open(&token).await.unwrap().channel;
    let stream = Stream::Channel(channel.clone());
    let mut listener = world.app.live.connect();
    listener.follow(&stream);
    let said = world.app.log.say(&token.party, say(&channel, 1, "Hello")).await.unwrap();
    let event = loop {
        match listener.next().await {
            // What opened the chat may still be on its way.
            Hint::Event { event, .. } if event.seq < said.seq => {}
            Hint::Event { event, .. } => break event,
            other @ (Hint::Lagging { .. } | Hint::Typing { .. } | Hint::Close(_)) => {
                panic!("{other:?}")
            }
        }
    };
    let stored = world.app.store().events(&stream, said.seq - 1, 1, 100_000).await.unwrap();
    assert_eq!(stored.items, [(**event).clone()]);
    assert!(matches!(&stored.items[0].kind, EventKind::Msg { body, .. } if body == "Hello"));
    // The same again is answered the same, and nobody is told twice.
    let again = world.app.log.say(&token.party, say(&channel, 1, "Hello")).await.unwrap();
    assert_eq!((again.seq, again.dup), (said.seq, true));
    world.app.log.mark(&token.party, &channel, Mark::Read, said.seq).await.unwrap();
    let Hint::Event { event, .. } = listener.next().await else { panic!("an event") };
    assert!(matches!(event.kind, EventKind::Read { .. }));
}

#[tokio::test]
async fn each_refusal_has_its_code() {
    let world = World::new().await;
    let token = world.read(&world.issue().token);
    let other = world.read(&world.issue().token);
    let channel = world.open(&token).await.unwrap().channel;
    let code = async |party: &Party, say: Say| {
        world.app.log.say(party, say).await.map_err(|refusal| refusal.code())
    };
    let refused = async |party: &Party, body: &str, expected: NackCode| {
        assert_eq!(code(party, say(&channel, 1, body)).await, Err(expected), "{}", body.len());
    };
    refused(&token.party, "  \n", NackCode::BadBody).await;
    refused(&token.party, "a\0b", NackCode::BadBody).await;
    refused(&token.party, &"x".repeat(BODY_BYTES + 1), NackCode::TooLong).await;
    refused(&other.party, "Hello", NackCode::NotFound).await;
    // An agent may look at what waits in the queue, but not speak before the chat is theirs.
    let agent = Party {
        account: world.account.clone(),
        identity: world.agent.identity.clone(),
        kind: PartyKind::Agent,
    };
    refused(&agent, "Hello", NackCode::Forbidden).await;
    let mut attributed = say(&channel, 1, "Hello");
    attributed.attributes.insert("x".into(), "y".repeat(5_000).into());
    assert_eq!(code(&token.party, attributed).await, Err(NackCode::TooLong));
    code(&token.party, say(&channel, 1, "Hello")).await.unwrap();
    refused(&token.party, "Goodbye", NackCode::Conflict).await;
    let task = world.tasks().await.remove(0).sid;
    world.app.engagement.accept(&world.agent, &task).await.unwrap();
    code(&agent, say(&channel, 1, "Hello")).await.unwrap();
    world.app.engagement.close(&world.agent, &task).await.unwrap();
    assert_eq!(code(&token.party, say(&channel, 2, "Hello")).await, Err(NackCode::Ended));
}

#[tokio::test]
async fn a_guest_has_a_hundred_messages_a_minute_on_all_connections_together() {
    let world = World::with(Config { messages_per_minute: 3, ..Config::default() }).await;
    let token = world.read(&world.issue().token);
    let channel = world.open(&token).await.unwrap().channel;
    for cid in 0..3 {
        world.app.log.say(&token.party, say(&channel, cid, "Hello")).await.unwrap();
    }
    let refusal = world.app.log.say(&token.party, say(&channel, 3, "Hello")).await.unwrap_err();
    assert_eq!((refusal.code(), refusal.after_ms()), (NackCode::Rate, Some(60_000)));
    world.later(60_000);
    world.app.log.say(&token.party, say(&channel, 3, "Hello")).await.unwrap();
}
