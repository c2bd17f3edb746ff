//! `kill -9` between what is said and what is told.

use std::{
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use frontdesk_protocol::{
    ChannelSid,
    attributes::Attributes,
    id::{AccountSid, ServiceSid},
};
use frontdesk_server::{
    app::{App, Edges},
    auth::tokens::Profile,
    clock::{Clock as _, SystemClock},
    hooks::driver,
    media::LocalMedia,
    random::{Random as _, SystemRandom},
    storage::{
        Account, Change, ChannelType, Service, SigningKey, Store,
        sqlite::{SqliteStore, migrate},
        system,
    },
};

use crate::{
    delivery::{config, counts, told},
    receiver::{Receiver, status},
};

const DATABASE: &str = "FRONTDESK_TEST_KILLED_DATABASE";
const URL: &str = "FRONTDESK_TEST_KILLED_URL";
const MESSAGES: usize = 5;

async fn open(path: &Path) -> App {
    migrate(path, &SystemRandom).await.unwrap();
    let (store, feed) = SqliteStore::open(path, Arc::new(SystemClock)).await.unwrap();
    let store: Arc<dyn Store> = Arc::new(store);
    if store.signing_keys().await.unwrap().is_empty() {
        for profile in Profile::ALL {
            let key = SigningKey {
                kid: profile.typ().into(),
                profile: profile.typ().into(),
                secret: SystemRandom.secret(),
                created: SystemClock.now(),
            };
            store.put_signing_key(key).await.unwrap();
        }
    }
    let edges = Edges {
        store,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        media: Arc::new(LocalMedia::open(&path.with_extension("media")).unwrap()),
    };
    App::new(config(), edges, feed).await.unwrap()
}

/// Says everything in a new channel, in one commit each.
async fn say(app: &App, url: &str) {
    let (account, service) = (AccountSid::from_bits(1), ServiceSid::from_bits(1));
    let (name, auth_token) = (String::new(), "auth-token".to_owned());
    let store = app.log.store();
    let made = Account { sid: account.clone(), name: name.clone(), auth_token };
    store.put_account(made).await.unwrap();
    let made = Service { sid: service.clone(), account: account.clone(), name: name.clone() };
    store.put_service(made).await.unwrap();
    let channel = ChannelSid::from_bits(1);
    let open = Change::OpenChannel {
        sid: channel.clone(),
        account: account.clone(),
        service,
        unique_name: None,
        name,
        kind: ChannelType::Private,
        created_by: system(),
        attributes: Attributes::new(),
        key: [0; 32],
    };
    store.commit(vec![open]).await.unwrap();
    for n in 0..MESSAGES {
        let changes = told(app, &account, &channel, url, &n.to_string());
        store.commit(changes).await.unwrap();
    }
}

/// Not a test by itself: what [`nothing_said_is_without_its_delivery_after_kill_9`] starts and kills.
#[tokio::test]
async fn child_that_is_killed() {
    let Some(path) = std::env::var_os(DATABASE) else { return };
    let app = open(Path::new(&path)).await;
    say(&app, &std::env::var(URL).unwrap()).await;
    driver::run(app).await;
}

#[tokio::test]
async fn nothing_said_is_without_its_delivery_after_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frontdesk.db");
    let mut receiver = Receiver::start().await;
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::child_that_is_killed", "--nocapture"])
        .env(DATABASE, &path)
        .env(URL, receiver.url("/hook"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();

    // The first is told and its answer does not come any more; the others have not had their turn.
    let before = receiver.next().await;
    child.kill().unwrap();
    child.wait().unwrap();
    receiver.will(status(200));
    let app = open(&path).await;
    let running = tokio::spawn(driver::run(app.clone()));

    for n in 0..MESSAGES {
        let came = receiver.next().await;
        assert_eq!(came.field("Body"), Some(n.to_string()), "in order");
        let same = came.header("webhook-id") == before.header("webhook-id");
        assert_eq!(same, n == 0, "what comes twice has one id");
        receiver.will(status(200));
    }
    app.lifecycle.drain();
    running.await.unwrap();
    assert_eq!(counts(&app).await, (0, 0));
    assert!(receiver.is_quiet());
}
