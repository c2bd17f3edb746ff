//! Asking an account's program about what somebody with a token wants, other than to say something.

use std::sync::Arc;

use frontdesk_protocol::{
    ChannelSid, Identity, MemberSid,
    attributes::Attributes,
    id::ServiceSid,
    state::{Role, Status},
};
use frontdesk_server::{
    engagement::Engagement,
    limits::Spans,
    listeners::{Asks, Listeners},
    log::{Log, Say, Source},
    random::SeededRandom,
    rooms::{Actor, ActorKind, NewRoom, RoomError, Rooms, Who},
    storage::{Author, Change, ChannelRecord, ChannelType, NewMember, Party, PartyKind, Service},
};
use serde_json::{Value, json};

use super::{
    program::{HOOK, Program},
    world::{World, answers},
};

/// Every event of this kind, with what people do that is asked about under its name.
const WISHES: [(&str, &[Act]); 8] = [
    ("onChannelAdd", &[Act::Create]),
    ("onChannelUpdate", &[Act::Name, Act::UniqueName, Act::Attributes]),
    ("onChannelDestroy", &[Act::Destroy]),
    ("onMemberAdd", &[Act::Add, Act::Join]),
    ("onMemberRemove", &[Act::Remove, Act::Leave]),
    ("onMessageUpdate", &[Act::Edit, Act::EditAttributes]),
    ("onMessageRemove", &[Act::Redact]),
    ("onUserUpdate", &[Act::UserName, Act::UserAttributes]),
];

/// Something that somebody does in the channel of a scene.
#[derive(Debug, Clone, Copy)]
enum Act {
    Create,
    Name,
    UniqueName,
    Attributes,
    Destroy,
    Add,
    Join,
    Remove,
    Leave,
    Edit,
    EditAttributes,
    Redact,
    UserName,
    UserAttributes,
}

/// Bob has made a public channel, brought Dave in and said something.
struct Scene {
    world: World,
    program: Arc<Program>,
    log: Log,
    rooms: Rooms,
    channel: ChannelSid,
}

fn identity(name: &str) -> Identity {
    Identity::parse(name).unwrap()
}

fn room(name: &str) -> NewRoom {
    let attributes = answers(json!({ "a": 1 }));
    NewRoom { name: name.into(), unique_name: None, kind: ChannelType::Public, attributes }
}

impl Scene {
    async fn new(filters: &[&str]) -> Self {
        Self::with(filters, false).await
    }

    async fn with(filters: &[&str], refuses_when_down: bool) -> Self {
        let (world, program) = (World::new().await, Program::new(200, ""));
        let store = world.app.log.store().clone();
        let random = Arc::new(SeededRandom::new(2));
        let listeners = Listeners::new(store.clone());
        let asks = Asks::new(listeners.clone(), program.clone(), random.clone(), refuses_when_down);
        let spans = Spans::new(10_000, 60_000);
        let log = Log::new(store.clone(), world.clock.clone(), random.clone(), spans, asks.clone());
        let engagement = Engagement::new(log.clone(), random.clone(), asks.clone());
        let rooms = Rooms::new(log.clone(), engagement, random, asks);
        let channel = rooms.create(&actor(&world, "bob"), room("A room")).await.unwrap();
        let scene = Self { world, program, log, rooms, channel };
        scene.rooms.add(&scene.actor("bob"), &scene.channel, identity("dave")).await.unwrap();
        let say = Say {
            channel: scene.channel.clone(),
            cid: None,
            body: "Hello".into(),
            attributes: Attributes::new(),
            media: None,
        };
        scene.rooms.say(&scene.actor("bob"), say).await.unwrap();
        let settings = json!({ "PreWebhookUrl": HOOK, "WebhookFilters": filters });
        let sid = ServiceSid::from_bits(1);
        store.set_service(&sid, "Chat".into(), answers(settings)).await.unwrap();
        listeners.service_changed();
        scene
    }

    fn actor(&self, name: &str) -> Actor {
        actor(&self.world, name)
    }

    async fn act(&self, act: Act) -> Result<(), RoomError> {
        let (rooms, channel, bob) = (&self.rooms, &self.channel, self.actor("bob"));
        let attributes = answers(json!({ "b": 2 }));
        match act {
            Act::Create => rooms.create(&bob, room("Another")).await.map(drop),
            Act::Name => rooms.set_name(&bob, channel, "New".into()).await,
            Act::UniqueName => rooms.set_unique_name(&bob, channel, "new".into()).await,
            Act::Attributes => rooms.set_attributes(&bob, channel, attributes).await,
            Act::Destroy => rooms.destroy(&bob, channel).await,
            Act::Add => rooms.add(&bob, channel, identity("carol")).await,
            Act::Join => rooms.join(&self.actor("erin"), channel).await,
            Act::Remove => rooms.remove(&bob, channel, &Who::Identity(identity("dave"))).await,
            Act::Leave => rooms.leave(&bob, channel).await,
            Act::Edit => rooms.edit(&bob, channel, 0, Some("Bye"), None).await,
            Act::EditAttributes => rooms.edit(&bob, channel, 0, None, Some(attributes)).await,
            Act::Redact => rooms.redact(&bob, channel, 0).await,
            Act::UserName => {
                let name = Some("Robert".into());
                rooms.set_user(&bob, &identity("bob"), name, None).await.map(drop)
            }
            Act::UserAttributes => {
                rooms.set_user(&bob, &identity("bob"), None, Some(attributes)).await.map(drop)
            }
        }
    }

    /// Everything that any of these may change.
    async fn everything(&self) -> String {
        let store = self.log.store();
        let stream = self.channel.clone().into();
        let channels = store.channels(&ServiceSid::from_bits(1), None, 0, 99).await.unwrap();
        let snapshot = store.snapshot(&stream, 200).await.unwrap();
        let members = store.members(&self.channel, &[], 0, 99).await.unwrap();
        let users = store.users(&self.world.account, 0, 99).await.unwrap();
        format!("{channels:?} {snapshot:?} {members:?} {users:?}")
    }

    async fn record(&self) -> ChannelRecord {
        self.log.store().channel(&self.channel).await.unwrap().unwrap()
    }

    async fn message(&self) -> (String, Value) {
        let snapshot = self.log.store().snapshot(&self.channel.clone().into(), 200).await.unwrap();
        let message = snapshot.unwrap().items.remove(0);
        (message.body, json!(message.attributes))
    }

    async fn user(&self) -> (String, Value) {
        let store = self.log.store();
        let user = store.user_named(&self.world.account, &identity("bob")).await.unwrap();
        let user = user.unwrap().user;
        (user.name, json!(user.attributes))
    }

    /// Does it, and something else while the program is thinking.
    async fn meanwhile(
        self,
        act: Act,
        other: impl AsyncFnOnce(&Self),
    ) -> (Arc<Self>, Result<(), RoomError>) {
        self.program.answers.forget_permits(1_000);
        let asked = self.program.asked();
        let scene = Arc::new(self);
        let acting = tokio::spawn({
            let scene = scene.clone();
            async move { scene.act(act).await }
        });
        while scene.program.asked() == asked {
            tokio::task::yield_now().await;
        }
        other(&scene).await;
        scene.program.answers.add_permits(1_000);
        let done = acting.await.unwrap();
        (scene, done)
    }
}

fn actor(world: &World, name: &str) -> Actor {
    let (account, identity) = (world.account.clone(), identity(name));
    Actor { party: Party { account, identity, kind: PartyKind::Guest }, kind: ActorKind::User }
}

#[tokio::test]
async fn each_wish_is_asked_about_and_may_be_refused() {
    for (name, acts) in WISHES {
        for act in acts {
            let scene = Scene::new(&[name]).await;
            scene.program.answers(403, "");
            let before = scene.everything().await;
            let refused = scene.act(*act).await;
            assert!(matches!(refused, Err(RoomError::Forbidden)), "{act:?}: {refused:?}");
            assert_eq!(scene.everything().await, before, "{act:?}");
            assert_eq!(scene.program.told("EventType"), [name], "{act:?}");
            assert_eq!(scene.program.told("Source"), ["SDK"], "{act:?}");
            // It may change its mind.
            scene.program.answers(200, "");
            scene.act(*act).await.unwrap();
            assert_ne!(scene.everything().await, before, "{act:?}");
            assert_eq!(scene.program.asked(), 2, "{act:?}");
        }
    }
}

#[tokio::test]
async fn a_program_is_asked_only_about_what_its_filters_name() {
    for (name, acts) in WISHES {
        let others: Vec<_> = WISHES.into_iter().map(|(other, _)| other).collect();
        let others: Vec<_> = others.into_iter().filter(|other| *other != name).collect();
        for act in acts {
            let scene = Scene::new(&others).await;
            scene.program.answers(403, "");
            scene.act(*act).await.unwrap();
            assert_eq!(scene.program.asked(), 0, "{act:?}");
        }
    }
}

#[tokio::test]
async fn who_is_down_refuses_only_if_it_is_set_so() {
    for (name, acts) in WISHES {
        for act in acts {
            let scene = Scene::with(&[name], true).await;
            let before = scene.everything().await;
            scene.program.is_down();
            let refused = scene.act(*act).await.unwrap_err();
            assert!(matches!(refused, RoomError::Unavailable), "{act:?}: {refused:?}");
            assert!(refused.is_temporary());
            scene.program.answers(500, r#"{"body":"x"}"#);
            assert!(scene.act(*act).await.is_err(), "{act:?}");
            assert_eq!(scene.everything().await, before, "{act:?}");

            let scene = Scene::new(&[name]).await;
            scene.program.is_down();
            scene.act(*act).await.unwrap();
            assert_ne!(scene.everything().await, before, "{act:?}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_made_out_goes_on_as_it_is() {
    let long = "x".repeat(40_000);
    let too_long = json!({
        "friendlyName": long, "body": long, "attributes": { "x": long },
    });
    for (status, body) in [
        (500, "{}"),
        (404, r#"{"body":"x","friendlyName":"x","attributes":{}}"#),
        (201, r#"{"body":"x","friendlyName":"x","attributes":{}}"#),
        (200, "OK"),
        (200, r#"{"body":" ","friendlyName":"a\nb","attributes":[1]}"#),
        (200, r#"{"body":1,"friendlyName":null,"attributes":"{"}"#),
        (200, &too_long.to_string()),
    ] {
        let scene = Scene::new(&["onMessageUpdate", "onChannelUpdate", "onUserUpdate"]).await;
        scene.program.answers(status, body);
        for act in [Act::Edit, Act::EditAttributes, Act::Name, Act::UniqueName, Act::Attributes] {
            scene.act(act).await.unwrap();
        }
        for act in [Act::UserName, Act::UserAttributes] {
            scene.act(act).await.unwrap();
        }
        assert!(scene.program.asked() >= 7);
        let said = &body[..body.len().min(60)];
        assert_eq!(scene.message().await, ("Bye".into(), json!({ "b": 2 })), "{status} {said}");
        let record = scene.record().await;
        assert_eq!((record.name.as_str(), record.unique_name.as_deref()), ("New", Some("new")));
        assert_eq!(json!(record.attributes), json!({ "b": 2 }), "{status} {said}");
        assert_eq!(scene.user().await, ("Robert".into(), json!({ "b": 2 })), "{status} {said}");
    }
}

#[tokio::test]
async fn what_a_program_makes_of_it_is_done() {
    let body = r#"{"body":"B*e","friendlyName":"By the program","attributes":{"crm":7}}"#;
    let (name, crm) = ("By the program", json!({ "crm": 7 }));
    for act in [Act::Edit, Act::EditAttributes] {
        let scene = Scene::new(&["onMessageUpdate"]).await;
        scene.program.answers(200, body);
        scene.act(act).await.unwrap();
        assert_eq!(scene.message().await, ("B*e".into(), crm.clone()), "{act:?}");
    }
    for act in [Act::Name, Act::UniqueName, Act::Attributes] {
        let scene = Scene::new(&["onChannelUpdate"]).await;
        scene.program.answers(200, body);
        scene.act(act).await.unwrap();
        let record = scene.record().await;
        assert_eq!((record.name.as_str(), json!(record.attributes)), (name, crm.clone()));
    }
    for act in [Act::UserName, Act::UserAttributes] {
        let scene = Scene::new(&["onUserUpdate"]).await;
        scene.program.answers(200, body);
        scene.act(act).await.unwrap();
        assert_eq!(scene.user().await, (name.to_owned(), crm.clone()), "{act:?}");
    }
    let scene = Scene::new(&["onChannelAdd"]).await;
    scene.program.answers(200, body);
    let made = scene.rooms.create(&scene.actor("bob"), room("Mine")).await.unwrap();
    let record = scene.log.store().channel(&made).await.unwrap().unwrap();
    assert_eq!((record.name.as_str(), json!(record.attributes)), (name, crm));
    assert_eq!(scene.program.told("FriendlyName"), ["Mine"]);
}

#[tokio::test]
async fn a_program_reads_what_it_is_asked_about() {
    let names: Vec<_> = WISHES.into_iter().map(|(name, _)| name).collect();
    let scene = Scene::new(&names).await;
    let acts = [
        Act::Edit,
        Act::Name,
        Act::UserName,
        Act::Add,
        Act::Remove,
        Act::Redact,
        Act::Destroy,
        Act::Create,
    ];
    for act in acts {
        scene.act(act).await.unwrap();
    }
    let told = |name: &str| scene.program.told(name);
    assert_eq!(told("Body"), ["Bye", "", "", "", "", "Bye", "", ""]);
    assert_eq!(told("Index"), ["0", "", "", "", "", "0", "", ""]);
    assert_eq!(told("FriendlyName"), ["", "New", "Robert", "", "", "", "New", "Another"]);
    assert_eq!(told("Identity"), ["", "", "bob", "carol", "dave", "", "", ""]);
    assert_eq!(told("ClientIdentity"), ["bob"; 8]);
    assert_eq!(told("ChannelType"), ["", "public", "", "", "", "", "public", "public"]);
    let channel = scene.channel.as_str();
    let inside = [channel, channel, "", channel, channel, channel, channel, ""];
    assert_eq!(told("ChannelSid"), inside);
}

#[tokio::test]
async fn a_program_is_asked_only_about_what_could_be_done() {
    let names: Vec<_> = WISHES.into_iter().map(|(name, _)| name).collect();
    let scene = Scene::new(&names).await;
    scene.program.answers(403, "");
    let (rooms, channel, dave) = (&scene.rooms, &scene.channel, scene.actor("dave"));
    let stranger = scene.actor("mallory");
    // Not theirs, or not within their role.
    assert!(rooms.edit(&dave, channel, 0, Some("mine"), None).await.is_err());
    assert!(rooms.redact(&dave, channel, 0).await.is_err());
    assert!(rooms.redact(&dave, channel, 9).await.is_err());
    assert!(rooms.set_name(&dave, channel, "mine".into()).await.is_err());
    assert!(rooms.destroy(&dave, channel).await.is_err());
    assert!(rooms.add(&dave, channel, identity("carol")).await.is_err());
    assert!(rooms.remove(&dave, channel, &Who::Identity(identity("bob"))).await.is_err());
    assert!(rooms.leave(&stranger, channel).await.is_err());
    assert!(rooms.set_user(&dave, &identity("bob"), Some("x".into()), None).await.is_err());
    let visitor = Actor { kind: ActorKind::Visitor, ..scene.actor("visitor") };
    assert!(rooms.create(&visitor, room("mine")).await.is_err());
    // It is so already.
    rooms.join(&dave, channel).await.unwrap();
    let again = rooms.add(&scene.actor("bob"), channel, identity("dave")).await;
    assert!(matches!(again, Err(RoomError::InAlready)));
    // The chat has ended.
    let (author, status) = (Author::System, Status::Inactive);
    let end = Change::SetStatus { channel: channel.clone(), author, status };
    scene.log.commit(&Source::Server, vec![end]).await.unwrap();
    assert!(matches!(scene.act(Act::Edit).await, Err(RoomError::Ended)));
    assert_eq!(scene.program.asked(), 0);
}

#[tokio::test]
async fn what_others_do_while_a_program_thinks_stays() {
    let scene = Scene::new(&["onMessageUpdate"]).await;
    let (scene, done) = scene
        .meanwhile(Act::EditAttributes, async |scene| {
            let (author, attributes) = (Author::System, Attributes::new());
            let (channel, target) = (scene.channel.clone(), target(scene).await);
            let body = "Corrected".to_owned();
            let edit = Change::Edit { channel, author, target, body, attributes };
            scene.log.commit(&Source::Server, vec![edit]).await.unwrap();
        })
        .await;
    done.unwrap();
    assert_eq!(scene.message().await, ("Corrected".into(), json!({ "b": 2 })));

    let scene = Scene::new(&["onMessageUpdate"]).await;
    let (_, done) = scene
        .meanwhile(Act::Edit, async |scene| {
            let (channel, author) = (scene.channel.clone(), Author::System);
            let redact = Change::Redact { channel, author, target: target(scene).await };
            scene.log.commit(&Source::Server, vec![redact]).await.unwrap();
        })
        .await;
    assert!(matches!(done, Err(RoomError::NoMessage)), "{done:?}");
}

async fn target(scene: &Scene) -> u64 {
    scene.log.store().position(&scene.channel, 0).await.unwrap()
}

#[tokio::test]
async fn who_loses_a_right_while_a_program_thinks_does_not_use_it() {
    for (name, act) in [
        ("onChannelUpdate", Act::Name),
        ("onChannelDestroy", Act::Destroy),
        ("onMemberAdd", Act::Add),
        ("onMemberRemove", Act::Remove),
        ("onMessageUpdate", Act::Edit),
        ("onMessageRemove", Act::Redact),
    ] {
        let scene = Scene::new(&[name]).await;
        let (scene, done) = scene
            .meanwhile(act, async |scene| {
                let (channel, identity) = (scene.channel.clone(), identity("bob"));
                let leave = Change::Leave { channel, identity };
                scene.log.commit(&Source::Server, vec![leave]).await.unwrap();
            })
            .await;
        assert!(done.is_err(), "{act:?}");
        assert_eq!(scene.record().await.name, "A room", "{act:?}");
        assert_eq!(scene.message().await.0, "Hello", "{act:?}");
        let members = scene.log.store().members(&scene.channel, &[], 0, 9).await.unwrap();
        let members: Vec<_> = members.iter().map(|member| member.identity.as_str()).collect();
        assert_eq!(members, ["dave"], "{act:?}");
    }
}

#[tokio::test]
async fn who_came_in_while_a_program_thinks_is_in() {
    let scene = Scene::new(&["onMemberAdd"]).await;
    let (_, done) = scene
        .meanwhile(Act::Join, async |scene| {
            let member = NewMember {
                sid: MemberSid::from_bits(99),
                identity: identity("erin"),
                role: Role::Guest,
                name: "Erin".into(),
                attributes: Attributes::new(),
            };
            let join = Change::Join { channel: scene.channel.clone(), member };
            scene.log.commit(&Source::Server, vec![join]).await.unwrap();
        })
        .await;
    done.unwrap();
}

#[tokio::test]
async fn attributes_by_a_program_end_a_chat_too() {
    let scene = Scene::new(&["onChannelUpdate"]).await;
    scene.program.answers(200, r#"{"attributes":{"status":"INACTIVE"}}"#);
    scene.act(Act::Name).await.unwrap();
    let record = scene.record().await;
    assert_eq!((record.status, record.name.as_str()), (Status::Inactive, "New"));
    // And they keep one going.
    let scene = Scene::new(&["onChannelUpdate"]).await;
    scene.program.answers(200, r#"{"attributes":{"status":"ACTIVE"}}"#);
    let ending = answers(json!({ "status": "INACTIVE" }));
    scene.rooms.set_attributes(&scene.actor("bob"), &scene.channel, ending).await.unwrap();
    assert_eq!(scene.record().await.status, Status::Active);
}

#[tokio::test]
async fn of_a_user_the_services_of_the_account_are_asked_one_after_the_other() {
    let scene = Scene::new(&["onUserUpdate"]).await;
    let store = scene.log.store();
    let (sid, account) = (ServiceSid::from_bits(2), scene.world.account.clone());
    store.put_service(Service { sid: sid.clone(), account, name: "Two".into() }).await.unwrap();
    let second = "https://two.example.com/ask";
    let settings = json!({ "PreWebhookUrl": second, "WebhookFilters": ["onUserUpdate"] });
    store.set_service(&sid, "Two".into(), answers(settings)).await.unwrap();
    scene.program.answers(200, r#"{"friendlyName":"Sir Robert"}"#);
    scene.act(Act::UserName).await.unwrap();
    assert_eq!(scene.program.urls(), [HOOK, second]);
    assert_eq!(scene.program.told("FriendlyName"), ["Robert", "Sir Robert"]);
    assert_eq!(scene.user().await.0, "Sir Robert");
    // One that refuses is enough.
    scene.program.answers(403, "");
    assert!(matches!(scene.act(Act::UserAttributes).await, Err(RoomError::Forbidden)));
    assert_eq!(scene.program.asked(), 3);
}
