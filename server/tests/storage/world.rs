//! A store with an account in it, and short words for what the cases do.

use std::sync::Arc;

use frontdesk_protocol::{
    ChannelSid, Cid, Event, Identity, MemberSid, MessageSid, Millis, QueueSid, Stream, TaskSid,
    UserSid,
    attributes::Attributes,
    id::{AccountSid, FlowSid, ServiceSid},
    state::Role,
};
use frontdesk_server::{
    clock::ManualClock,
    random::{Random, SeededRandom},
    storage::{
        Account, Agent, Change, ChannelType, CommitError, Feed, Flow, IntegrationConfig, Mark,
        NewMember, Outcome, Party, PartyKind, Queue, Rejection, Said, Service, Speaker, Store,
        User, fold::Fold, system,
    },
};

pub(crate) const NOW: Millis = Millis(1_795_000_000_000);

/// A store, and the only account in it.
pub(crate) struct World {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) feed: Feed,
    pub(crate) clock: Arc<ManualClock>,
    random: SeededRandom,
    pub(crate) account: AccountSid,
    pub(crate) service: ServiceSid,
    pub(crate) queue: QueueSid,
}

pub(crate) fn identity(name: &str) -> Identity {
    Identity::parse(name).unwrap()
}

impl World {
    pub(crate) async fn new(
        store: Arc<dyn Store>,
        feed: Feed,
        clock: Arc<ManualClock>,
        seed: u64,
    ) -> Self {
        let random = SeededRandom::new(seed);
        let account = AccountSid::from_bits(1);
        let service = ServiceSid::from_bits(1);
        let queue = QueueSid::from_bits(1);
        store
            .put_account(Account {
                sid: account.clone(),
                name: "Test".into(),
                auth_token: "secret".into(),
            })
            .await
            .unwrap();
        store
            .put_service(Service {
                sid: service.clone(),
                account: account.clone(),
                name: "Chat".into(),
            })
            .await
            .unwrap();
        store
            .put_queue(Queue { sid: queue.clone(), account: account.clone(), name: "All".into() })
            .await
            .unwrap();
        store
            .put_flow(Flow {
                sid: FlowSid::from_bits(1),
                account: account.clone(),
                service: service.clone(),
                name: "Web".into(),
                enabled: true,
                integration: IntegrationConfig::Task { queue: queue.clone() },
            })
            .await
            .unwrap();
        Self { store, feed, clock, random, account, service, queue }
    }

    pub(crate) fn bits(&self) -> u128 {
        self.random.bits()
    }

    pub(crate) fn guest(&self, name: &str) -> Party {
        let kind = PartyKind::Guest;
        Party { account: self.account.clone(), identity: identity(name), kind }
    }

    pub(crate) fn agent(&self, name: &str) -> Party {
        Party { kind: PartyKind::Agent, ..self.guest(name) }
    }

    /// Lets an agent work on the queue.
    pub(crate) async fn employ(&self, name: &str) -> UserSid {
        let user = UserSid::from_bits(self.bits());
        self.store
            .put_user(User {
                sid: user.clone(),
                account: self.account.clone(),
                identity: identity(name),
                name: name.into(),
                attributes: Attributes::new(),
            })
            .await
            .unwrap();
        self.store
            .put_agent(Agent {
                account: self.account.clone(),
                identity: identity(name),
                name: name.into(),
                user: user.clone(),
                queue: self.queue.clone(),
                password_hash: "-".into(),
                enabled: true,
            })
            .await
            .unwrap();
        user
    }

    pub(crate) fn open(&self, sid: &ChannelSid) -> Change {
        Change::OpenChannel {
            sid: sid.clone(),
            account: self.account.clone(),
            service: self.service.clone(),
            unique_name: Some(sid.to_string()),
            name: "A chat".into(),
            kind: ChannelType::Private,
            created_by: system(),
            attributes: Attributes::new(),
            key: self.random.secret(),
        }
    }

    pub(crate) fn join(&self, channel: &ChannelSid, name: &str, role: Role) -> Change {
        let member = NewMember {
            sid: MemberSid::from_bits(self.bits()),
            identity: identity(name),
            role,
            name: name.to_uppercase(),
            attributes: Attributes::new(),
        };
        Change::Join { channel: channel.clone(), member }
    }

    pub(crate) fn task(&self, channel: &ChannelSid) -> (TaskSid, Change) {
        let sid = TaskSid::from_bits(self.bits());
        let change = Change::OpenTask {
            queue: self.queue.clone(),
            sid: sid.clone(),
            channel: channel.clone(),
            name: "Bob".into(),
            attributes: Attributes::new(),
        };
        (sid, change)
    }

    /// A channel with a guest in it, who is a user.
    pub(crate) async fn channel(&self, guest: &str) -> ChannelSid {
        let channel = ChannelSid::from_bits(self.bits());
        let user = Change::EnsureUser {
            sid: UserSid::from_bits(self.bits()),
            account: self.account.clone(),
            identity: identity(guest),
            name: guest.into(),
        };
        let join = self.join(&channel, guest, Role::Guest);
        self.store.commit(vec![user, self.open(&channel), join]).await.unwrap();
        channel
    }

    pub(crate) fn say(&self, channel: &ChannelSid, who: &str, cid: u128, body: &str) -> Change {
        Change::Say {
            channel: channel.clone(),
            author: Speaker::Member(self.guest(who)),
            sid: MessageSid::from_bits(self.bits()),
            cid: Some(Cid(cid)),
            body: body.into(),
            media: None,
            attributes: Attributes::new(),
            submitted: None,
        }
    }

    pub(crate) async fn said(&self, change: Change) -> Said {
        match self.one(change).await.unwrap() {
            Outcome::Said(said) => said,
            other @ (Outcome::Event { .. } | Outcome::Quiet) => panic!("{other:?}"),
        }
    }

    /// One change by itself: what it came to, or why it was refused.
    pub(crate) async fn one(&self, change: Change) -> Result<Outcome, Rejection> {
        match self.store.commit(vec![change]).await {
            Ok(committed) => Ok(committed.outcomes[0]),
            Err(CommitError::Rejected { reason, .. }) => Err(reason),
            Err(CommitError::Store(error)) => panic!("{error}"),
        }
    }

    pub(crate) async fn mark(
        &self,
        channel: &ChannelSid,
        who: &str,
        mark: Mark,
        upto: u64,
    ) -> Result<Outcome, Rejection> {
        let (channel, party) = (channel.clone(), self.guest(who));
        self.one(Change::Move { channel, party, mark, upto }).await
    }

    pub(crate) async fn all(&self, stream: &Stream) -> Vec<Event> {
        self.store.events(stream, 0, 1_000_000, usize::MAX).await.unwrap().items
    }

    /// That the stream's events are dense, never go back in time, and fold to what the tables say.
    #[track_caller]
    pub(crate) fn agrees(&self, stream: impl Into<Stream>) -> impl Future<Output = ()> + '_ {
        let place = std::panic::Location::caller();
        let stream = stream.into();
        async move {
            let events = self.all(&stream).await;
            for (event, seq) in events.iter().zip(1..) {
                assert_eq!(event.seq, seq, "{place}: positions are dense");
            }
            assert!(events.is_sorted_by_key(|event| event.ts), "{place}: time goes forward");
            let fold = Fold::of(&stream, &events);
            let snapshot = self.store.snapshot(&stream, 100_000).await.unwrap().unwrap();
            assert_eq!(snapshot.seq, fold.seq, "{place}");
            assert_eq!(snapshot.state, fold.state, "{place}");
            let newest = &fold.messages[fold.messages.len() - snapshot.items.len()..];
            assert_eq!(snapshot.items, newest, "{place}");
            assert_eq!(snapshot.more, newest.len() < fold.messages.len(), "{place}");
            for (message, index) in fold.messages.iter().zip(0..) {
                assert_eq!(message.index, index, "{place}: numbers of messages are dense");
            }
        }
    }
}
