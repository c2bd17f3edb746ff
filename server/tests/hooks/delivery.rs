//! From the queue to receivers.

use frontdesk_protocol::{ChannelSid, MessageSid, Millis, attributes::Attributes, id::AccountSid};
use frontdesk_server::{
    app::App,
    clock::Clock as _,
    config::Config,
    hooks::driver,
    jobs,
    storage::{Author, Change, HookMethod, Look, NewDelivery, QueueCounts, Speaker, Stamp, system},
};
use tokio::task::JoinHandle;

use crate::{
    receiver::{Answer, Receiver, status},
    world::{NOW, World},
};

/// A server that delivers, with a chat in it.
pub(crate) struct Delivering {
    pub(crate) world: World,
    pub(crate) channel: ChannelSid,
    running: JoinHandle<()>,
}

pub(crate) fn config() -> Config {
    let webhook_private = vec!["127.0.0.1".parse().unwrap()];
    Config { webhook_private, webhook_timeout_ms: 60_000, ..Config::default() }
}

/// A message and what tells `url` of it, for one commit.
pub(crate) fn told(
    app: &App,
    account: &AccountSid,
    channel: &ChannelSid,
    url: &str,
    body: &str,
) -> Vec<Change> {
    let sid = MessageSid::from_bits(app.random().bits());
    let delivery = NewDelivery {
        id: app.random().bits(),
        account: account.clone(),
        target: url.into(),
        url: url.into(),
        method: HookMethod::Post,
        lane: channel.to_string(),
        event: "onMessageSent".into(),
        fields: vec![("EventType".into(), "onMessageSent".into())],
        text: vec![("Body".into(), body.into())],
        stamps: vec![
            ("Index".into(), Stamp::Index),
            ("DateCreated".into(), Stamp::Time),
            ("RetryCount".into(), Stamp::Retries),
        ],
        message: Some(sid.clone()),
    };
    let say = Change::Say {
        channel: channel.clone(),
        author: Speaker::Anybody(system()),
        sid,
        cid: None,
        body: body.into(),
        media: None,
        attributes: Attributes::new(),
        submitted: None,
    };
    vec![say, Change::Enqueue { about: 0, quiet: false, delivery: Box::new(delivery) }]
}

impl Delivering {
    async fn start() -> Self {
        Self::with(config()).await
    }

    async fn with(config: Config) -> Self {
        let world = World::with(config).await;
        let token = world.read(&world.issue().token);
        let channel = world.open(&token).await.unwrap().channel;
        let running = tokio::spawn(driver::run(world.app.clone()));
        Self { world, channel, running }
    }

    /// Says something and has `url` told of it.
    async fn tell(&self, url: &str, body: &str) {
        let changes = told(&self.world.app, &self.world.account, &self.channel, url, body);
        self.world.app.log.store().commit(changes).await.unwrap();
    }

    /// Ends what is under way: then nobody is told any more, and the queue stands still.
    async fn drain(self) -> World {
        self.world.app.lifecycle.drain();
        self.running.await.unwrap();
        self.world
    }
}

pub(crate) async fn counts(app: &App) -> (u64, u64) {
    let QueueCounts { waiting, dead } = app.store().queue_counts().await.unwrap();
    (waiting, dead)
}

#[tokio::test]
async fn what_is_said_is_told_in_order() {
    let mut receiver = Receiver::start().await;
    let delivering = Delivering::start().await;
    for body in ["one", "two", "three"] {
        delivering.tell(&receiver.url("/hook"), body).await;
    }
    let (mut ids, mut numbers) = (Vec::new(), Vec::new());
    for body in ["one", "two", "three"] {
        let came = receiver.next().await;
        assert_eq!(came.field("Body").as_deref(), Some(body));
        numbers.push(came.field("Index").unwrap().parse::<u64>().unwrap());
        assert_eq!(came.field("DateCreated").as_deref(), Some("2026-11-18T11:06:40Z"));
        assert_eq!(came.field("RetryCount").as_deref(), Some("0"));
        ids.push(came.header("webhook-id").to_owned());
        assert!(receiver.is_quiet(), "the next waits for this one");
        receiver.will(status(200));
    }
    ids.dedup();
    assert_eq!(ids.len(), 3);
    assert_eq!(numbers, [0, 1, 2].map(|n| numbers[0] + n));
    let world = delivering.drain().await;
    assert_eq!(counts(&world.app).await, (0, 0));
}

#[tokio::test]
async fn what_is_not_taken_comes_again_with_its_id() {
    let (mut receiver, mut other) = (Receiver::start().await, Receiver::start().await);
    let delivering = Delivering::start().await;
    delivering.tell(&receiver.url("/"), "one").await;
    let first = receiver.next().await;
    let busy = "HTTP/1.1 503 Busy\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n";
    receiver.will(Answer::Whole(busy.into()));
    // Until the store knows that it comes again.
    loop {
        let look =
            Look { now: NOW, lanes: vec![], targets: vec![], accounts: vec![], each: 9, most: 9 };
        if let Some(next) = delivering.world.app.store().due(look).await.unwrap().next {
            assert!(next >= NOW.plus(60_000), "as long as it asked for");
            break;
        }
        tokio::task::yield_now().await;
    }
    delivering.world.later(3_600_000);
    // Something else is told, so that the clock is looked at.
    other.will(status(200));
    delivering.tell(&other.url("/"), "two").await;
    other.next().await;
    let second = receiver.next().await;
    receiver.will(status(200));
    assert_eq!(second.header("webhook-id"), first.header("webhook-id"));
    assert_eq!(second.field("RetryCount").as_deref(), Some("1"));
    assert_ne!(second.header("webhook-signature"), first.header("webhook-signature"));
    let world = delivering.drain().await;
    assert_eq!(counts(&world.app).await, (0, 0));
}

#[tokio::test]
async fn what_is_refused_is_dead_and_its_channel_goes_on() {
    let mut receiver = Receiver::start().await;
    let delivering = Delivering::start().await;
    delivering.tell(&receiver.url("/?secret=1"), "one").await;
    delivering.tell(&receiver.url("/?secret=1"), "two").await;
    assert_eq!(receiver.next().await.field("Body").as_deref(), Some("one"));
    receiver.will(status(404));
    assert_eq!(receiver.next().await.field("Body").as_deref(), Some("two"));
    receiver.will(status(200));
    let world = delivering.drain().await;
    assert_eq!(counts(&world.app).await, (0, 1));
    let dead = world.app.store().dead_deliveries(0, 9).await.unwrap();
    assert_eq!((dead[0].error.as_str(), dead[0].attempts), ("status 404", 1));
}

#[tokio::test]
async fn what_may_not_be_called_waits_and_what_cannot_be_is_dead() {
    let mut receiver = Receiver::start().await;
    let private = Config { webhook_private: vec![], ..config() };
    let delivering = Delivering::with(private).await;
    delivering.tell(&receiver.url("/"), "one").await;
    delivering.tell("gopher://example.com/", "two").await;
    while counts(&delivering.world.app).await != (1, 1) {
        tokio::task::yield_now().await;
    }
    assert!(receiver.is_quiet());
    let world = delivering.drain().await;
    let dead = world.app.store().dead_deliveries(0, 9).await.unwrap();
    assert_eq!(dead[0].error, "not an http or https address");
}

#[tokio::test]
async fn a_receiver_that_does_not_answer_holds_up_nobody() {
    let (mut slow, mut quick) = (Receiver::start().await, Receiver::start().await);
    let delivering = Delivering::start().await;
    delivering.tell(&slow.url("/"), "one").await;
    slow.next().await;
    // Nothing has been answered, and the chat goes on, and so does who answers.
    for body in ["two", "three"] {
        delivering.tell(&quick.url("/"), body).await;
        assert_eq!(quick.next().await.field("Body").as_deref(), Some(body));
        quick.will(status(200));
    }
    // At the end what is under way is waited for.
    slow.will(status(200));
    let world = delivering.drain().await;
    assert_eq!(counts(&world.app).await, (0, 0));
}

#[tokio::test]
async fn a_message_that_is_taken_back_in_time_is_told_without_its_text() {
    let mut receiver = Receiver::start().await;
    let delivering = Delivering::start().await;
    delivering.tell(&receiver.url("/"), "one").await;
    receiver.next().await;
    delivering.tell(&receiver.url("/"), "canary").await;
    let store = delivering.world.app.log.store().clone();
    let stream = delivering.channel.clone().into();
    let target = store.snapshot(&stream, 1).await.unwrap().unwrap().items[0].seq;
    let channel = delivering.channel.clone();
    store.commit(vec![Change::Redact { channel, author: Author::System, target }]).await.unwrap();
    receiver.will(status(200));
    let came = receiver.next().await;
    assert_eq!(came.field("EventType").as_deref(), Some("onMessageSent"));
    assert_eq!(came.field("Body"), None);
    receiver.will(status(200));
    delivering.drain().await;
}

#[tokio::test]
async fn what_is_too_old_is_buried_and_forgotten_by_the_chores() {
    const DAY_MS: u64 = 24 * 3_600_000;
    let world = World::with(config()).await;
    let token = world.read(&world.issue().token);
    let channel = world.open(&token).await.unwrap().channel;
    let changes = told(&world.app, &world.account, &channel, "http://127.0.0.1:1/", "one");
    world.app.log.store().commit(changes).await.unwrap();
    let tidy = async |now: Millis| {
        world.clock.set(now);
        jobs::tidy(&world.app).await.unwrap();
        counts(&world.app).await
    };
    assert_eq!(tidy(world.clock.now().plus(DAY_MS)).await, (1, 0));
    assert_eq!(tidy(world.clock.now().plus(DAY_MS)).await, (0, 1));
    assert_eq!(tidy(world.clock.now().plus(30 * DAY_MS)).await, (0, 1));
    assert_eq!(tidy(world.clock.now().plus(1)).await, (0, 0));
}
