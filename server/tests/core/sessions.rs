//! Agents sign in and out.

use std::net::IpAddr;

use frontdesk_protocol::{CloseCode, id::KeySid};
use frontdesk_server::{
    auth::{
        basic::{self, Basic},
        session::{self, LoginError},
        tokens::Token,
    },
    config::Config,
    live::Hint,
    storage::{ApiKey, PartyKind},
};

use super::world::{PASSWORD, World};

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

#[tokio::test]
async fn signing_in_gives_a_session_and_tokens() {
    let world = World::new().await;
    let (id, _) = world.app.sessions.login("alice", PASSWORD, HERE).await.unwrap();
    let signed_in = world.app.sessions.find(&id).await.unwrap().unwrap();
    let (token, expires) = world.app.sessions.token(&signed_in);
    let Token::Agent(token) = world.app.authenticate(&token).unwrap() else { panic!("a guest's") };
    assert_eq!((token.party.kind, token.expires), (PartyKind::Agent, expires));
    assert_eq!(token.queue, world.agent.queue);
    // Ids are new each time, so that nobody can have planted one.
    let (other, _) = world.app.sessions.login("alice", PASSWORD, HERE).await.unwrap();
    assert_ne!(id, other);
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same() {
    let world = World::new().await;
    for (name, password) in [("alice", "wrong"), ("nobody", PASSWORD), ("", ""), ("a\nb", PASSWORD)]
    {
        let refused = world.app.sessions.login(name, password, HERE).await;
        assert!(matches!(refused, Err(LoginError::Wrong)), "{refused:?}");
    }
}

#[tokio::test]
async fn guessing_gets_slow() {
    let world = World::new().await;
    let mut refused = None;
    for _ in 0..40 {
        match world.app.sessions.login("alice", &"x".repeat(2_000), HERE).await.unwrap_err() {
            LoginError::Wrong => {}
            LoginError::TooMany { after_ms } => refused = Some(after_ms),
            LoginError::Store(error) => panic!("{error}"),
        }
    }
    world.later(refused.unwrap());
    let again = world.app.sessions.login("alice", PASSWORD, HERE).await;
    assert!(again.is_ok(), "waiting as long as told is enough");
}

#[tokio::test]
async fn how_fast_one_may_guess_can_be_set() {
    let config = Config { agent_logins_burst: 2.0, logins_burst: 3.0, ..Config::default() };
    let world = World::with(config).await;
    let mut outcomes = Vec::new();
    for name in ["alice", "alice", "alice", "bob"] {
        let refused = world.app.sessions.login(name, &"x".repeat(2_000), HERE).await.unwrap_err();
        outcomes.push(matches!(refused, LoginError::TooMany { .. }));
    }
    assert_eq!(outcomes, [false, false, true, true]);
}

#[tokio::test]
async fn an_agents_token_lives_as_long_as_it_is_set_to() {
    let config = Config { agent_token_seconds: 60, ..Config::default() };
    let world = World::with(config).await;
    let (_, signed_in) = world.app.sessions.login("alice", PASSWORD, HERE).await.unwrap();
    assert_eq!(world.app.sessions.token(&signed_in).1, world.app.now().plus(60_000));
    assert_eq!(world.issue().ttl_ms, 900_000);
}

#[tokio::test]
async fn signing_out_ends_the_session_its_tokens_and_its_connections() {
    let world = World::new().await;
    let (id, signed_in) = world.app.sessions.login("alice", PASSWORD, HERE).await.unwrap();
    let (token, _) = world.app.sessions.token(&signed_in);
    let mut connection = world.app.live.connect();
    connection.identify(world.app.authenticate(&token).unwrap().family(), None);
    world.app.sessions.logout(&id).await.unwrap();
    assert_eq!(connection.next().await, Hint::Close(CloseCode::TokenRefused));
    assert!(world.app.authenticate(&token).is_err());
    assert!(world.app.sessions.find(&id).await.unwrap().is_none());
}

// The tokens of a session that a command has ended are good until the server looks.
#[tokio::test]
async fn what_another_process_has_revoked_is_noticed_and_only_that() {
    let world = World::new().await;
    let store = world.app.store();
    let bob = world.hire("bob").await;
    let mut connections = Vec::new();
    for name in ["alice", "alice", "bob"] {
        let (id, signed_in) = world.app.sessions.login(name, PASSWORD, HERE).await.unwrap();
        let (token, _) = world.app.sessions.token(&signed_in);
        let connection = world.app.live.connect();
        connection.identify(world.app.authenticate(&token).unwrap().family(), None);
        connections.push((id, token, connection));
    }
    let alice = &world.agent;
    let now = world.app.now();
    let ended = session::end_all(store, &alice.account, &alice.identity, now).await.unwrap();
    assert_eq!(ended, 2);
    world.later(5_000);
    world.app.revocations.look(world.app.now()).await.unwrap();
    for (id, token, connection) in &mut connections[..2] {
        assert_eq!(connection.try_next(), Some(Hint::Close(CloseCode::TokenRefused)));
        assert!(world.app.authenticate(token).is_err());
        assert!(world.app.sessions.find(id).await.unwrap().is_none());
    }
    let (id, token, connection) = &mut connections[2];
    assert_eq!(connection.try_next(), None);
    assert!(world.app.authenticate(token).is_ok());
    assert_eq!(world.app.sessions.find(id).await.unwrap().unwrap().agent, bob);
}

#[tokio::test]
async fn a_session_ends_with_its_time_and_with_its_agent() {
    let world = World::new().await;
    let (id, _) = world.app.sessions.login("alice", PASSWORD, HERE).await.unwrap();
    let mut agent = world.agent.clone();
    agent.enabled = false;
    world.app.store().put_agent(agent.clone()).await.unwrap();
    assert!(world.app.sessions.find(&id).await.unwrap().is_none());
    agent.enabled = true;
    world.app.store().put_agent(agent).await.unwrap();
    assert!(world.app.sessions.find(&id).await.unwrap().is_some());
    world.later(12 * 3_600_000);
    assert!(world.app.sessions.find(&id).await.unwrap().is_none());
}

#[tokio::test]
async fn an_account_proves_itself_by_its_auth_token() {
    let world = World::new().await;
    let account = async |user: &str, password: &str| {
        let basic = Basic { user: user.into(), password: password.into() };
        basic::account(world.app.store(), &basic).await.unwrap()
    };
    let sid = world.account.as_str();
    assert!(account(sid, "auth-token").await.is_some());
    for (user, password) in
        [(sid, ""), (sid, "auth-toke"), ("AC404", "auth-token"), ("token", "auth-token")]
    {
        assert!(account(user, password).await.is_none(), "{user} {password}");
    }
    let unknown = frontdesk_protocol::id::AccountSid::from_bits(404);
    assert!(account(unknown.as_str(), "").await.is_none());
}

#[tokio::test]
async fn a_key_that_a_command_gave_up_ends_the_connections_it_signed_for() {
    let world = World::new().await;
    let store = world.app.store();
    let keys = [KeySid::from_bits(1), KeySid::from_bits(2)];
    for sid in &keys {
        let (account, name) = (world.account.clone(), "Key".to_owned());
        let key = ApiKey { sid: sid.clone(), account, name, secret: "secret".into() };
        store.put_api_key(key).await.unwrap();
    }
    let mut connections: Vec<_> = keys.iter().map(|_| world.app.live.connect()).collect();
    for (connection, key) in connections.iter().zip(&keys) {
        connection.identify(7, Some(key));
    }
    world.app.revocations.look(world.app.now()).await.unwrap();
    assert!(connections.iter_mut().all(|connection| connection.try_next().is_none()));

    // The command writes to the store and knows nothing of connections.
    store.delete_api_key(&keys[0]).await.unwrap();
    world.app.revocations.look(world.app.now()).await.unwrap();
    assert_eq!(connections[0].try_next(), Some(Hint::Close(CloseCode::TokenRefused)));
    assert_eq!(connections[1].try_next(), None);

    // The server's own way does not wait for the next look.
    world.app.revocations.give_up(&keys[1]).await.unwrap();
    assert_eq!(connections[1].try_next(), Some(Hint::Close(CloseCode::TokenRefused)));
    assert_eq!(store.api_key(&keys[1]).await.unwrap(), None);
}
