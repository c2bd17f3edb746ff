//! Asking an account's program before something is done.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use frontdesk_protocol::{ChannelSid, Cid, attributes::Attributes, id::ServiceSid};
use frontdesk_server::{
    engagement::{CreateError, Engagement, Request},
    limits::Spans,
    listeners::{Asks, Listeners},
    log::{Log, Refusal, Say, Source},
    random::SeededRandom,
    storage::{Author, Change, Party},
};
use proptest::prelude::*;
use serde_json::json;

use super::{
    program::{HOOK, Program},
    world::{World, answers},
};

struct Scene {
    world: World,
    program: Arc<Program>,
    asks: Asks,
    log: Log,
    party: Party,
    channel: ChannelSid,
}

impl Scene {
    async fn new(program: Arc<Program>) -> Self {
        Self::with(program, false).await
    }

    async fn with(program: Arc<Program>, refuses_when_down: bool) -> Self {
        let world = World::new().await;
        let token = world.read(&world.issue().token);
        let channel = world.open(&token).await.unwrap().channel;
        let settings = answers(json!({
            "PreWebhookUrl": HOOK, "WebhookFilters": ["onMessageSend", "onWebChannelCreate"],
        }));
        let store = world.app.log.store().clone();
        store.set_service(&ServiceSid::from_bits(1), "Chat".into(), settings).await.unwrap();
        let random = Arc::new(SeededRandom::new(2));
        let listeners = Listeners::new(store.clone());
        let asks = Asks::new(listeners, program.clone(), random.clone(), refuses_when_down);
        let spans = Spans::new(10_000, 60_000);
        let log = Log::new(store, world.clock.clone(), random, spans, asks.clone());
        Self { world, program, asks, log, party: token.party, channel }
    }

    async fn say(&self, cid: u128, body: &str) -> Result<(u64, bool), Refusal> {
        let (channel, attributes) = (self.channel.clone(), Attributes::new());
        let say = Say { channel, cid: Some(Cid(cid)), body: body.into(), attributes, media: None };
        self.log.say(&self.party, say).await.map(|said| (said.seq, said.dup))
    }

    async fn said(&self) -> Vec<String> {
        let stream = self.channel.clone().into();
        let snapshot = self.log.store().snapshot(&stream, 200).await.unwrap().unwrap();
        snapshot.items.into_iter().map(|message| message.body).collect()
    }

    fn engagement(&self) -> Engagement {
        Engagement::new(self.log.clone(), Arc::new(SeededRandom::new(3)), self.asks.clone())
    }

    fn request(&self, key: Option<&str>) -> Request {
        let token = self.world.read(&self.world.issue().token);
        let mut request = self.world.request(&token);
        request.idempotency_key = key.map(ToOwned::to_owned);
        request
    }
}

#[tokio::test]
async fn what_a_program_makes_of_it_is_said() {
    let scene = Scene::new(Program::new(200, r#"{"body":"H*ll"}"#)).await;
    let (seq, dup) = scene.say(1, "Hell").await.unwrap();
    assert!(!dup);
    assert_eq!(scene.said().await, ["H*ll"]);
    let field = |name: &str| scene.program.told(name).remove(0);
    assert_eq!((field("EventType"), field("Body")), ("onMessageSend".into(), "Hell".into()));
    assert_eq!(field("From"), scene.party.identity.as_str());
    assert_eq!((scene.program.urls(), field("RetryCount")), (vec![HOOK.to_owned()], "0".into()));
    // The acknowledgement was lost: the same again has the first position, whatever the program
    // would say now.
    scene.program.answers(403, "");
    assert_eq!(scene.say(1, "Hell").await, Ok((seq, true)));
    assert_eq!(scene.say(1, "Heaven").await, Err(Refusal::Conflict));
    assert_eq!(scene.program.asked(), 1);
}

#[tokio::test]
async fn what_a_program_refuses_is_not_said() {
    let scene = Scene::new(Program::new(403, "")).await;
    assert_eq!(scene.say(1, "Buy now").await, Err(Refusal::Refused));
    assert!(scene.said().await.is_empty());
    // It may change its mind.
    scene.program.answers(200, "");
    assert!(scene.say(1, "Buy now").await.is_ok());
}

#[tokio::test]
async fn what_cannot_be_made_out_goes_on() {
    let scene = Scene::new(Program::new(500, "{}")).await;
    scene.say(1, "a").await.unwrap();
    scene.program.answers(404, r#"{"body":"x"}"#);
    scene.say(2, "b").await.unwrap();
    // No message can be this.
    scene.program.answers(200, r#"{"body":" ","attributes":[1]}"#);
    scene.say(3, "c").await.unwrap();
    scene.program.is_down();
    scene.say(4, "d").await.unwrap();
    assert_eq!(scene.said().await, ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn nothing_goes_on_without_an_answer_if_it_is_set_so() {
    let scene = Scene::with(Program::new(500, ""), true).await;
    let refused = scene.say(1, "a").await.unwrap_err();
    assert!(refused.is_temporary(), "the sender tries again by itself");
    scene.program.is_down();
    assert_eq!(scene.say(1, "a").await, Err(Refusal::Unavailable));
    scene.program.answers(200, "");
    assert!(scene.say(1, "a").await.is_ok());
}

#[tokio::test]
async fn a_program_is_asked_only_about_what_could_be_said() {
    let scene = Scene::new(Program::new(403, "")).await;
    let stranger = scene.world.read(&scene.world.issue().token).party;
    let (channel, attributes) = (scene.channel.clone(), Attributes::new());
    let say =
        Say { channel: channel.clone(), cid: None, body: "a".into(), attributes, media: None };
    assert_eq!(scene.log.say(&stranger, say).await, Err(Refusal::NotFound));
    let (author, status) = (Author::System, frontdesk_protocol::state::Status::Inactive);
    let end = Change::SetStatus { channel, author, status };
    scene.log.commit(&Source::Server, vec![end]).await.unwrap();
    assert_eq!(scene.say(1, "a").await, Err(Refusal::Ended));
    assert_eq!(scene.program.asked(), 0);
}

#[tokio::test]
async fn of_one_message_that_comes_twice_at_once_the_program_is_asked_once() {
    let program = Program::new(200, r#"{"body":"x"}"#);
    program.answers.forget_permits(1_000);
    let scene = Arc::new(Scene::new(program).await);
    // The first connection breaks while the program is asked.
    let first = tokio::spawn({
        let scene = scene.clone();
        async move { scene.say(1, "a").await }
    });
    while scene.program.asked() == 0 {
        tokio::task::yield_now().await;
    }
    first.abort();
    let second = tokio::spawn({
        let scene = scene.clone();
        async move { scene.say(1, "a").await }
    });
    scene.program.answers.add_permits(2);
    let (_, dup) = second.await.unwrap().unwrap();
    assert!(dup, "the first was said, though nobody waited for it any more");
    assert_eq!((scene.program.asked(), scene.said().await), (1, vec!["x".to_owned()]));
}

#[tokio::test]
async fn a_program_may_refuse_a_form_by_field() {
    let body = r#"{"errors":{"email":"We do not know you","budget":"Too little"}}"#;
    let scene = Scene::new(Program::new(403, body)).await;
    let engagement = scene.engagement();
    let refused = engagement.create(scene.request(None)).await.unwrap_err();
    let CreateError::Refused { fields, message } = refused else { panic!("{refused:?}") };
    assert_eq!(fields, BTreeMap::from([("email".into(), "We do not know you".into())]));
    assert_eq!(message.as_deref(), Some("Too little"));
    assert_eq!(scene.world.tasks().await.len(), 1, "only the chat that was there");
}

#[tokio::test]
async fn a_program_may_add_to_a_form() {
    let body = json!({
        "CustomerFriendlyName": "Bob the Builder",
        "PreEngagementData": { "friendlyName": "Bob", "tier": "gold" },
        "ChannelAttributes": { "crm": 7, "status": "INACTIVE" },
    });
    let scene = Scene::new(Program::new(200, &body.to_string())).await;
    let request = scene.request(Some("key"));
    let engagement = scene.engagement();
    let opened = engagement.create(request.clone()).await.unwrap();
    let channel = scene.log.store().channel(&opened.channel).await.unwrap().unwrap();
    assert_eq!(channel.attributes["pre_engagement_data"]["tier"], "gold");
    assert_eq!(channel.attributes["from"], "Bob the Builder");
    assert_eq!(
        (&channel.attributes["crm"], &channel.attributes["status"]),
        (&json!(7), &json!("ACTIVE"))
    );
    // The same request again is not asked about: it has led to a chat.
    scene.program.answers(403, "");
    let again = engagement.create(request).await.unwrap();
    assert!(again.replayed && again.channel == opened.channel);
    assert_eq!(scene.program.asked(), 1);
}

#[tokio::test]
async fn a_form_without_an_answer_opens_a_chat_unless_it_is_set_so() {
    let scene = Scene::new(Program::new(500, "")).await;
    scene.engagement().create(scene.request(None)).await.unwrap();
    let scene = Scene::with(Program::new(500, ""), true).await;
    let refused = scene.engagement().create(scene.request(None)).await;
    assert!(matches!(refused, Err(CreateError::Down)));
}

/// What a program does with one question.
#[derive(Debug, Clone, Copy)]
enum Whim {
    Changes,
    Refuses,
    Is,
    Down,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever a program does, and however often the same comes again: a message is said once, at
    /// one position, and what was refused for good is nowhere.
    #[test]
    fn a_message_has_one_answer_whatever_the_program_does(
        sends in proptest::collection::vec(
            (0_u128..4, prop_oneof![
                Just(Whim::Changes), Just(Whim::Refuses), Just(Whim::Is), Just(Whim::Down),
            ]),
            1..24,
        ),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let scene = Scene::new(Program::new(200, "")).await;
            let mut positions: BTreeMap<u128, u64> = BTreeMap::new();
            for (cid, whim) in sends {
                match whim {
                    Whim::Changes => scene.program.answers(200, r#"{"body":"changed"}"#),
                    Whim::Refuses => scene.program.answers(403, ""),
                    Whim::Is => scene.program.answers(200, "OK"),
                    Whim::Down => scene.program.is_down(),
                }
                match scene.say(cid, &format!("text {cid}")).await {
                    Ok((seq, dup)) => {
                        assert_eq!(positions.contains_key(&cid), dup);
                        assert_eq!(*positions.entry(cid).or_insert(seq), seq);
                    }
                    Err(refusal) => {
                        assert_eq!(refusal, Refusal::Refused);
                        assert!(!positions.contains_key(&cid), "it was said before");
                    }
                }
            }
            assert_eq!(scene.said().await.len(), positions.len());
            let distinct: BTreeSet<_> = positions.values().collect();
            assert_eq!(distinct.len(), positions.len());
        });
    }
}
