//! A server without its fronts: an account with one site, one flow and one agent.

use std::sync::Arc;

use frontdesk_protocol::{
    Identity, Millis, QueueSid, UserSid,
    attributes::Attributes,
    form::Form,
    id::{AccountSid, FlowSid, ServiceSid},
};
use frontdesk_server::{
    app::{App, Edges},
    auth::{
        continuity::{Grant, Issued},
        origin::Origin,
        tokens::{GuestToken, Profile as TokenProfile, Token},
    },
    clock::ManualClock,
    config::Config,
    engagement::{Asker, CreateError, Opened, Request},
    media::LocalMedia,
    random::{Random, SeededRandom},
    storage::{
        Account, Agent, Flow, IntegrationConfig, Profile, Queue, Service, SigningKey, Site, SiteId,
        Store, User,
        sqlite::{SqliteStore, migrate},
    },
};
use serde_json::json;

pub(crate) const NOW: Millis = Millis(1_795_000_000_000);
pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) account: AccountSid,
    pub(crate) flow: FlowSid,
    pub(crate) site: SiteId,
    pub(crate) agent: Agent,
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) fn origin() -> Origin {
    Origin::parse("https://example.com").unwrap()
}

fn form() -> Form {
    serde_json::from_value(json!({ "fields": [
        { "name": "friendlyName", "label": "Name", "type": "text", "required": true },
        { "name": "email", "label": "E-mail", "type": "email" },
        { "name": "question", "label": "Question", "type": "textarea", "first_message": true },
    ] }))
    .unwrap()
}

pub(crate) fn answers(value: serde_json::Value) -> Attributes {
    serde_json::from_value(value).unwrap()
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("frontdesk.db");
        let random = Arc::new(SeededRandom::new(1));
        let clock = Arc::new(ManualClock::at(NOW));
        migrate(&path, random.as_ref()).await.unwrap();
        let (store, feed) = SqliteStore::open(&path, clock.clone()).await.unwrap();
        let store: Arc<dyn Store> = Arc::new(store);
        let account = AccountSid::from_bits(1);
        let (service, flow) = (ServiceSid::from_bits(1), FlowSid::from_bits(1));
        let (queue, site) = (QueueSid::from_bits(1), SiteId::parse("site").unwrap());
        populate(store.as_ref(), &account, &service, &flow, &queue, &site).await;
        for profile in TokenProfile::ALL {
            let key = SigningKey {
                kid: profile.typ().into(),
                profile: profile.typ().into(),
                secret: random.secret(),
                created: NOW,
            };
            store.put_signing_key(key).await.unwrap();
        }
        let media = Arc::new(LocalMedia::open(&folder.path().join("media")).unwrap());
        let edges = Edges { store: store.clone(), clock: clock.clone(), random, media };
        let app = App::new(config, edges, feed).await.unwrap();
        let agent = hire(&app, &account, &queue, "alice").await;
        Self { app, clock, account, flow, site, agent, folder }
    }

    pub(crate) async fn hire(&self, name: &str) -> Agent {
        hire(&self.app, &self.account, &self.agent.queue, name).await
    }

    pub(crate) fn later(&self, ms: u64) {
        self.clock.set(self.app.now().plus(ms));
    }

    /// A guest token of the site, as the widget gets one.
    pub(crate) fn issue(&self) -> Issued {
        self.app.guests.issue(Grant {
            account: self.account.clone(),
            site: Some(self.site.clone()),
            origin: Some(origin()),
            continuity: true,
        })
    }

    pub(crate) fn read(&self, token: &str) -> GuestToken {
        match self.app.authenticate(token).unwrap() {
            Token::Guest(token) => token,
            Token::Agent(_) => panic!("an agent's token"),
        }
    }

    /// The request that the widget's form makes.
    pub(crate) fn request(&self, token: &GuestToken) -> Request {
        Request {
            asker: Asker::Guest(Box::new(token.clone())),
            origin: Some(origin()),
            flow: self.flow.clone(),
            identity: token.party.identity.clone(),
            chat_name: "Webchat".into(),
            customer_name: "Bob".into(),
            unique_name: None,
            pre_engagement_data: answers(json!({
                "friendlyName": "Bob", "location": "https://example.com/shop"
            })),
            idempotency_key: None,
        }
    }

    pub(crate) async fn open(&self, token: &GuestToken) -> Result<Opened, CreateError> {
        self.app.engagement.create(self.request(token)).await
    }

    pub(crate) async fn tasks(&self) -> Vec<frontdesk_protocol::state::Task> {
        let queue = self.agent.queue.clone().into();
        self.app.store().snapshot(&queue, 0).await.unwrap().unwrap().state.tasks
    }
}

async fn populate(
    store: &dyn Store,
    account: &AccountSid,
    service: &ServiceSid,
    flow: &FlowSid,
    queue: &QueueSid,
    site: &SiteId,
) {
    let sid = account.clone();
    let auth_token = "auth-token".to_owned();
    store.put_account(Account { sid, name: "Test".into(), auth_token }).await.unwrap();
    let (sid, name) = (service.clone(), "Chat".to_owned());
    store.put_service(Service { sid, account: account.clone(), name }).await.unwrap();
    let (sid, name) = (queue.clone(), "All".to_owned());
    store.put_queue(Queue { sid, account: account.clone(), name }).await.unwrap();
    store
        .put_flow(Flow {
            sid: flow.clone(),
            account: account.clone(),
            service: service.clone(),
            name: "Web".into(),
            enabled: true,
            integration: IntegrationConfig::Task { queue: queue.clone() },
        })
        .await
        .unwrap();
    store
        .put_site(Site {
            id: site.clone(),
            account: account.clone(),
            flow: flow.clone(),
            origins: vec![origin()],
            profile: Profile {
                name: "Test".into(),
                tagline: String::new(),
                label: String::new(),
                brand: "#123456".into(),
                form: form(),
            },
        })
        .await
        .unwrap();
}

async fn hire(app: &App, account: &AccountSid, queue: &QueueSid, name: &str) -> Agent {
    let identity = Identity::parse(name).unwrap();
    let user = User {
        sid: UserSid::from_bits(app.random().bits()),
        account: account.clone(),
        identity: identity.clone(),
        name: name.into(),
        attributes: Attributes::new(),
    };
    app.store().put_user(user.clone()).await.unwrap();
    let agent = Agent {
        account: account.clone(),
        identity,
        name: name.into(),
        user: user.sid,
        queue: queue.clone(),
        password_hash: app.passwords.hash(PASSWORD.into(), [3; 16]).await,
        enabled: true,
    };
    app.store().put_agent(agent.clone()).await.unwrap();
    agent
}
