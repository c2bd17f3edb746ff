//! The contract of the queue of deliveries, and of channels' webhooks.

use frontdesk_protocol::{ChannelSid, MessageSid, UserSid, attributes::Attributes, id::WebhookSid};
use frontdesk_server::storage::{
    Author, Change, HookKind, HookMethod, Look, NewDelivery, NewWebhook, Outcome, QueueCounts,
    Rejection, Settled, Stamp, User, WEBHOOKS_PER_CHANNEL, Waiting,
};

use super::world::{NOW, World, identity};

/// A delivery to the receiver `target`, about a channel.
pub(crate) fn delivery(world: &World, target: &str, lane: &str) -> NewDelivery {
    NewDelivery {
        id: world.bits(),
        account: world.account.clone(),
        target: target.into(),
        url: format!("https://{target}.example/hook"),
        method: HookMethod::Post,
        lane: lane.into(),
        event: "onMessageSent".into(),
        fields: vec![("EventType".into(), "onMessageSent".into())],
        text: vec![("Body".into(), "canary-body".into())],
        stamps: vec![("Index".into(), Stamp::Index)],
        message: None,
    }
}

pub(crate) fn enqueue(delivery: &NewDelivery) -> Change {
    Change::Enqueue { about: 0, quiet: false, delivery: Box::new(delivery.clone()) }
}

fn look(world: &World) -> Look {
    let now = frontdesk_server::clock::Clock::now(&*world.clock);
    Look { now, lanes: vec![], targets: vec![], accounts: vec![], each: 100, most: 100 }
}

impl World {
    /// Says something and tells `targets` of it: the deliveries' ids.
    async fn tell(&self, channel: &ChannelSid, targets: &[&str]) -> Vec<u128> {
        let mut changes = vec![self.say(channel, "g", self.bits(), "canary-body")];
        let Change::Say { sid, .. } = &changes[0] else { unreachable!() };
        let message = Some(sid.clone());
        let to = |target| NewDelivery {
            message: message.clone(),
            ..delivery(self, target, channel.as_str())
        };
        let deliveries: Vec<_> = targets.iter().copied().map(to).collect();
        changes.extend(deliveries.iter().map(enqueue));
        self.store.commit(changes).await.unwrap();
        deliveries.iter().map(|delivery| delivery.id).collect()
    }

    async fn due(&self) -> Vec<Waiting> {
        self.store.due(look(self)).await.unwrap().waiting
    }

    /// The ids of what is due.
    async fn due_ids(&self) -> Vec<u128> {
        let mut ids = Vec::new();
        for waiting in self.due().await {
            ids.push(self.store.delivery(waiting.n).await.unwrap().unwrap().what.id);
        }
        ids
    }

    async fn settle_first(&self, how: Settled) {
        let first = self.due().await.remove(0);
        self.store.settle(first.n, how).await.unwrap();
    }

    async fn counts(&self) -> (u64, u64) {
        let QueueCounts { waiting, dead } = self.store.queue_counts().await.unwrap();
        (waiting, dead)
    }
}

fn dead() -> Settled {
    Settled::Dead { error: "status 404".into() }
}

pub(crate) async fn what_was_newly_done_is_put_into_the_queue_with_it(world: World) {
    let channel = world.channel("g").await;
    let about_message = NewDelivery {
        message: Some(MessageSid::from_bits(5)),
        ..delivery(&world, "a", channel.as_str())
    };
    let say = |cid| world.say(&channel, "g", cid, "Hello");
    world.said(say(1)).await;
    world.clock.set(NOW.plus(1_000));
    let committed =
        world.store.commit(vec![say(2), enqueue(&about_message)]).await.unwrap().outcomes;
    assert_eq!(committed[1], Outcome::Quiet);
    world.store.enqueued().await;
    let first = world.due().await.remove(0);
    let kept = world.store.delivery(first.n).await.unwrap().unwrap();
    assert_eq!(kept.what, about_message);
    assert_eq!((kept.index, kept.ts, kept.attempts), (Some(1), NOW.plus(1_000), 0));
    assert_eq!(kept.enqueued, NOW.plus(1_000));

    // An event has a time and no number.
    let end = Change::SetStatus {
        channel: channel.clone(),
        author: Author::System,
        status: frontdesk_protocol::state::Status::Inactive,
    };
    let about_event = delivery(&world, "b", channel.as_str());
    world.store.commit(vec![end.clone(), enqueue(&about_event)]).await.unwrap();
    let second = world.due().await.remove(1);
    let kept = world.store.delivery(second.n).await.unwrap().unwrap();
    assert_eq!((kept.what, kept.index, kept.ts), (about_event, None, NOW.plus(1_000)));
    assert_eq!(world.counts().await, (2, 0));
}

pub(crate) async fn what_was_not_newly_done_is_not_put_into_the_queue(world: World) {
    let channel = world.channel("g").await;
    let delivery = delivery(&world, "a", channel.as_str());
    world.said(world.say(&channel, "g", 1, "Hello")).await;
    // Known already, nothing to tell, and refused.
    let again = world.say(&channel, "g", 1, "Hello");
    world.store.commit(vec![again, enqueue(&delivery)]).await.unwrap();
    let quiet = || Change::KeepChannel {
        channel: channel.clone(),
        unique_name: Some("name".into()),
        created_by: None,
    };
    world.store.commit(vec![quiet(), enqueue(&delivery)]).await.unwrap();
    let nobody = world.say(&channel, "nobody", 2, "Hello");
    let refused = vec![world.say(&channel, "g", 3, "Hi"), enqueue(&delivery), nobody];
    assert!(world.store.commit(refused).await.is_err());
    assert_eq!(world.counts().await, (0, 0));
    // Only what is about an earlier change makes sense.
    assert_eq!(world.one(enqueue(&delivery)).await, Err(Rejection::NotFound));

    // A change without an event can be told of too.
    let tell = Change::Enqueue { about: 0, quiet: true, delivery: Box::new(delivery.clone()) };
    world.store.commit(vec![quiet(), tell]).await.unwrap();
    assert_eq!(world.due_ids().await, [delivery.id]);
}

pub(crate) async fn a_lane_goes_out_one_after_the_other(world: World) {
    let (channel, other) = (world.channel("g").await, world.channel("g").await);
    let a = world.tell(&channel, &["x"]).await[0];
    let b = world.tell(&channel, &["x"]).await[0];
    let c = world.tell(&other, &["x"]).await[0];
    assert_eq!(world.due_ids().await, [a, c]);

    // What is tried again holds its lane back, and no other.
    let (at, error) = (NOW.plus(5_000), "status 500".into());
    world.settle_first(Settled::Again { at, error }).await;
    assert_eq!(world.due_ids().await, [c]);
    assert_eq!(world.store.due(look(&world)).await.unwrap().next, Some(at));
    world.settle_first(Settled::Done).await;
    assert!(world.due_ids().await.is_empty());
    world.clock.set(at);
    assert_eq!(world.due_ids().await, [a]);
    assert_eq!(world.due().await[0].attempts, 1);

    // What is dead does not.
    world.settle_first(dead()).await;
    assert_eq!(world.due_ids().await, [b]);
    world.settle_first(Settled::Done).await;
    assert!(world.due_ids().await.is_empty());
    assert_eq!(world.store.due(look(&world)).await.unwrap().next, None);
    assert_eq!(world.counts().await, (0, 1));
}

pub(crate) async fn what_waits_for_a_receiver_that_is_back_is_due(world: World) {
    let channel = world.channel("g").await;
    let ids = world.tell(&channel, &["x", "y"]).await;
    for _ in &ids {
        let (at, error) = (NOW.plus(3_600_000), "status 500".into());
        world.settle_first(Settled::Again { at, error }).await;
    }
    world.store.hasten("x").await.unwrap();
    assert_eq!(world.due_ids().await, [ids[0]]);
    assert_eq!(world.due().await[0].attempts, 1);
}

pub(crate) async fn what_is_asked_for_is_bounded_and_fair(world: World) {
    let mut channels = Vec::new();
    for _ in 0..4 {
        let channel = world.channel("g").await;
        world.tell(&channel, &["busy"]).await;
        channels.push(channel);
    }
    world.tell(&channels[3], &["calm"]).await;
    let targets = async |look: Look| {
        let due = world.store.due(look).await.unwrap().waiting;
        due.into_iter().map(|waiting| waiting.target).collect::<Vec<_>>()
    };
    let all = look(&world);
    assert_eq!(targets(Look { each: 2, ..all.clone() }).await, ["busy", "busy", "calm"]);
    assert_eq!(targets(Look { most: 3, ..all.clone() }).await, ["busy"; 3]);
    let closed = vec!["busy".to_owned(), "unknown".to_owned()];
    assert_eq!(targets(Look { targets: closed, ..all.clone() }).await, ["calm"]);
    let accounts = vec![world.account.clone()];
    assert!(targets(Look { accounts, ..all.clone() }).await.is_empty());
    let lanes: Vec<u64> = world.due().await.iter().map(|waiting| waiting.lane).collect();
    let under_way = Look { lanes: lanes[1..4].to_vec(), ..all };
    assert_eq!(targets(under_way).await, ["busy", "calm"]);
}

pub(crate) async fn the_dead_are_listed_tried_again_and_forgotten(world: World) {
    let channel = world.channel("g").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(world.tell(&channel, &["x"]).await[0]);
        world.settle_first(dead()).await;
    }
    let list = async |after, most| world.store.dead_deliveries(after, most).await.unwrap();
    let all = list(0, 10).await;
    assert_eq!(all.iter().map(|dead| dead.id).collect::<Vec<_>>(), ids);
    assert_eq!(list(all[0].n, 1).await, all[1..2]);
    let first = &all[0];
    assert_eq!((first.attempts, first.died, first.error.as_str()), (1, NOW, "status 404"));
    assert_eq!((first.lane.as_str(), first.event.as_str()), (channel.as_str(), "onMessageSent"));
    // It does not wait any more, whoever still thinks so.
    world.store.settle(first.n, Settled::Done).await.unwrap();
    assert_eq!(world.store.delivery(first.n).await.unwrap(), None);

    world.clock.set(NOW.plus(1_000));
    assert!(world.store.retry_delivery(ids[1]).await.unwrap());
    assert!(!world.store.retry_delivery(ids[1]).await.unwrap(), "it waits");
    assert!(!world.store.retry_delivery(404).await.unwrap());
    let again = world.due().await.remove(0);
    assert_eq!((again.attempts, again.enqueued), (0, NOW.plus(1_000)));
    assert_eq!(world.due_ids().await, [ids[1]]);
    world.store.drop_delivery(ids[1]).await.unwrap();
    assert_eq!(world.counts().await, (1, 2), "what waits is not dropped");
    world.store.drop_delivery(ids[0]).await.unwrap();
    world.store.forget_dead(NOW).await.unwrap();
    assert_eq!(world.counts().await, (1, 1));
    world.store.forget_dead(NOW.plus(1)).await.unwrap();
    assert_eq!(world.counts().await, (1, 0));
}

pub(crate) async fn what_waits_too_long_is_buried(world: World) {
    let channel = world.channel("g").await;
    let old = world.tell(&channel, &["x"]).await[0];
    world.clock.set(NOW.plus(1));
    let new = world.tell(&channel, &["x"]).await[0];
    assert!(world.store.bury_old(NOW.plus(1)).await.unwrap());
    assert!(!world.store.bury_old(NOW.plus(1)).await.unwrap());
    assert_eq!(world.store.dead_deliveries(0, 9).await.unwrap()[0].id, old);
    assert_eq!(world.due_ids().await, [new]);

    // A clock that was a day ahead put it off by a day.
    let at = NOW.plus(24 * 3_600_000);
    world.settle_first(Settled::Again { at, error: "status 500".into() }).await;
    assert!(world.due_ids().await.is_empty());
    assert!(!world.store.bury_old(NOW).await.unwrap());
    assert_eq!(world.due_ids().await, [new]);
}

pub(crate) async fn what_is_taken_back_is_not_told_any_more(world: World) {
    let channel = world.channel("g").await;
    world.tell(&channel, &["x"]).await;
    let gone = world.tell(&channel, &["y", "z"]).await;
    world.settle_first(Settled::Done).await;
    let target = world.all(&channel.clone().into()).await.last().unwrap().seq;
    let redact = Change::Redact { channel: channel.clone(), author: Author::System, target };
    let removed = delivery(&world, "y", channel.as_str());
    world.store.commit(vec![redact, enqueue(&removed)]).await.unwrap();
    // Who was to hear of it hears that there was something, and then that it is gone.
    assert_eq!(world.due_ids().await, gone);
    for waiting in world.due().await {
        let what = world.store.delivery(waiting.n).await.unwrap().unwrap().what;
        assert!(what.text.is_empty() && !what.fields.is_empty());
        world.store.settle(waiting.n, Settled::Done).await.unwrap();
    }
    assert_eq!(world.due_ids().await, [removed.id]);
}

pub(crate) async fn nothing_is_told_of_what_was_removed_but_that(world: World) {
    let channel = world.channel("g").await;
    world.tell(&channel, &["x"]).await;
    world.settle_first(dead()).await;
    world.tell(&channel, &["x", "y"]).await;
    let destroyed = delivery(&world, "x", channel.as_str());
    let remove = Change::RemoveChannel { channel: channel.clone() };
    world.store.commit(vec![remove, enqueue(&destroyed)]).await.unwrap();
    assert_eq!(world.due_ids().await, [destroyed.id]);
    assert_eq!(world.counts().await, (1, 0));
    world.settle_first(Settled::Done).await;

    let user = User {
        sid: UserSid::from_bits(77),
        account: world.account.clone(),
        identity: identity("u"),
        name: "U".into(),
        attributes: Attributes::new(),
    };
    let sid = user.sid.clone();
    let added = delivery(&world, "x", sid.as_str());
    let tell = Change::Enqueue { about: 0, quiet: true, delivery: Box::new(added.clone()) };
    world.store.commit(vec![Change::AddUser { user, role_sid: None }, tell]).await.unwrap();
    assert_eq!(world.due_ids().await, [added.id]);
    world.one(Change::RemoveUser { sid }).await.unwrap();
    assert_eq!(world.counts().await, (0, 0));
    assert!(world.due_ids().await.is_empty());
}

fn webhook(bits: u128) -> NewWebhook {
    NewWebhook {
        sid: WebhookSid::from_bits(bits),
        kind: HookKind::Trigger,
        url: Some("https://example.com/hook".into()),
        method: HookMethod::Get,
        filters: vec!["onMessageSent".into()],
        triggers: vec!["help".into(), "*".into()],
        flow_sid: None,
        retry_count: 2,
    }
}

fn put(channel: &ChannelSid, webhook: NewWebhook) -> Change {
    Change::PutWebhook { channel: channel.clone(), webhook: Box::new(webhook) }
}

pub(crate) async fn a_channel_has_so_many_webhooks(world: World) {
    let (channel, other) = (world.channel("g").await, world.channel("g").await);
    for bits in 0..WEBHOOKS_PER_CHANNEL as u128 {
        world.one(put(&channel, webhook(bits))).await.unwrap();
    }
    assert_eq!(world.one(put(&channel, webhook(9))).await, Err(Rejection::Full));
    assert_eq!(world.one(put(&other, webhook(1))).await, Err(Rejection::Exists));
    let nowhere = ChannelSid::from_bits(404);
    assert_eq!(world.one(put(&nowhere, webhook(9))).await, Err(Rejection::NotFound));
    world.one(put(&other, webhook(9))).await.unwrap();

    // Changing one makes no sixth.
    world.clock.set(NOW.plus(1_000));
    let changed = NewWebhook { url: None, flow_sid: Some("FW1".into()), ..webhook(1) };
    world.one(put(&channel, changed.clone())).await.unwrap();
    let all = world.store.webhooks(&channel, 0, 100).await.unwrap();
    assert_eq!(all.len(), WEBHOOKS_PER_CHANNEL);
    assert_eq!((&all[0].webhook, &all[1].webhook), (&webhook(0), &changed));
    assert_eq!((all[1].created, all[1].updated), (NOW, NOW.plus(1_000)));
    assert_eq!(world.store.webhooks(&channel, all[1].n, 2).await.unwrap(), all[2..4]);
    let fetched = world.store.webhook(&channel, &changed.sid).await.unwrap();
    assert_eq!(fetched.as_ref(), Some(&all[1]));
    assert_eq!(world.store.webhook(&other, &changed.sid).await.unwrap(), None);
}

pub(crate) async fn a_webhook_goes_by_itself_or_with_its_channel(world: World) {
    let (channel, other) = (world.channel("g").await, world.channel("g").await);
    for bits in [1, 2] {
        world.one(put(&channel, webhook(bits))).await.unwrap();
    }
    let remove = |channel: &ChannelSid, bits| {
        let sid = WebhookSid::from_bits(bits);
        world.one(Change::RemoveWebhook { channel: channel.clone(), sid })
    };
    assert_eq!(remove(&other, 1).await, Err(Rejection::NotFound));
    remove(&channel, 1).await.unwrap();
    assert_eq!(remove(&channel, 1).await, Err(Rejection::NotFound));
    assert_eq!(world.store.webhooks(&channel, 0, 9).await.unwrap()[0].webhook, webhook(2));
    world.one(Change::RemoveChannel { channel: channel.clone() }).await.unwrap();
    assert!(world.store.webhooks(&channel, 0, 9).await.unwrap().is_empty());
    world.one(put(&other, webhook(2))).await.unwrap();
}
