//! SQLite: the contract, and what is true of a file.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
};

use frontdesk_protocol::{ChannelSid, Cid, EventKind, Stream};
use frontdesk_server::{
    clock::ManualClock,
    random::SeededRandom,
    storage::{
        Author, Change, NewDelivery,
        sqlite::{OpenError, SqliteStore, VERSION, migrate},
    },
};

use super::{
    contract::contract,
    hooks::{delivery, enqueue},
    world::{NOW, World},
};

async fn open(path: &Path) -> World {
    open_seeded(path, 7).await
}

/// Ids come again with the same seed; a second world on the same file needs another one.
async fn open_seeded(path: &Path, seed: u64) -> World {
    migrate(path, &SeededRandom::new(3)).await.unwrap();
    let clock = Arc::new(ManualClock::at(NOW));
    let (store, feed) = SqliteStore::open(path, clock.clone()).await.unwrap();
    World::new(Arc::new(store), feed, clock, seed).await
}

async fn run(case: impl AsyncFnOnce(World)) {
    let folder = tempfile::tempdir().unwrap();
    let world = open(&folder.path().join("frontdesk.db")).await;
    let store = world.store.clone();
    case(world).await;
    assert!(store.is_open());
    store.close().await;
}

contract!(run);

fn count(events: &[frontdesk_protocol::Event]) -> usize {
    events.iter().filter(|event| matches!(event.kind, EventKind::Msg { .. })).count()
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frontdesk.db");
    let world = open(&path).await;
    let epoch = world.store.epoch().to_owned();
    let channel = world.channel("g").await;
    for cid in 0..10 {
        world.said(world.say(&channel, "g", cid, "Hello")).await;
    }
    // Nothing is closed: a second opening sees what the first has acknowledged.
    let again = open(&path).await;
    assert_eq!(again.store.epoch(), epoch);
    assert_eq!(count(&again.all(&channel.clone().into()).await), 10);
    again.agrees(channel).await;
}

#[tokio::test]
async fn a_closed_store_takes_nothing_and_ends_its_feed() {
    let folder = tempfile::tempdir().unwrap();
    let mut world = open(&folder.path().join("frontdesk.db")).await;
    let channel = world.channel("g").await;
    world.store.close().await;
    assert!(world.store.commit(vec![world.say(&channel, "g", 1, "Hello")]).await.is_err());
    while world.feed.recv().await.is_some() {}
}

#[tokio::test]
async fn data_of_a_newer_program_are_refused_with_a_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frontdesk.db");
    open(&path).await.store.close().await;
    set_version(&path, VERSION + 1).await;
    let refused = migrate(&path, &SeededRandom::new(3)).await.unwrap_err();
    assert!(matches!(refused, OpenError::TooNew { found, .. } if found == VERSION + 1));
    let refused = SqliteStore::open(&path, Arc::new(ManualClock::at(NOW))).await;
    assert!(matches!(refused, Err(OpenError::TooNew { .. })));
}

/// A file as the first release made it, with an account in it.
async fn of_version_1(path: &Path) {
    std::fs::write(path, "").unwrap();
    execute(path, include_str!("../../src/storage/sqlite/schema/1.sql")).await;
    execute(path, "INSERT INTO meta (key, value) VALUES ('epoch', 'e1')").await;
    execute(path, "INSERT INTO accounts (sid, name, auth_token) VALUES ('AC1', 'Old', 't')").await;
    let keys = "INSERT INTO api_keys (sid, account, name, secret) VALUES ('SK1', 'AC1', 'k', 's')";
    execute(path, keys).await;
    set_version(path, 1).await;
}

#[tokio::test]
async fn older_data_are_copied_before_they_are_migrated() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frontdesk.db");
    of_version_1(&path).await;

    let found = migrate(&path, &SeededRandom::new(3)).await.unwrap();

    assert_eq!(found, 1);
    // The copy is the file as it was, and what was in it is in both.
    let copy = folder.path().join("frontdesk.v1");
    for (path, version) in [(&copy, 1), (&path, VERSION)] {
        assert_eq!(number(path, "PRAGMA user_version").await, i64::from(version));
        assert_eq!(number(path, "SELECT count(*) FROM accounts").await, 1);
        let key = "SELECT count(*) FROM api_keys WHERE sid = 'SK1' AND name = 'k' AND secret = 's'";
        assert_eq!(number(path, key).await, 1);
    }
    open(&path).await.store.close().await;
}

// A build between two releases had changed the tables and left the version: the server started,
// and died at the first write.
#[tokio::test]
async fn data_with_other_tables_than_their_version_says_are_refused_and_left_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frontdesk.db");
    of_version_1(&path).await;
    execute(&path, "ALTER TABLE accounts ADD COLUMN colour TEXT").await;

    let refused = migrate(&path, &SeededRandom::new(3)).await.unwrap_err();

    assert!(matches!(refused, OpenError::Foreign { found: 1, .. }), "{refused}");
    assert_eq!(number(&path, "PRAGMA user_version").await, 1);
    assert!(!folder.path().join("frontdesk.v1").exists());
}

async fn number(path: &Path, sql: &str) -> i64 {
    use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
    let options = SqliteConnectOptions::new().filename(path);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    let number = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    number
}

async fn set_version(path: &Path, version: u32) {
    execute(path, &format!("PRAGMA user_version = {version}")).await;
}

async fn execute(path: &Path, sql: &str) {
    use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
    let options = SqliteConnectOptions::new().filename(path);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Something the writer needs is gone, as after a broken disk: what is on it is not known.
#[tokio::test]
async fn a_database_that_fails_ends_the_store_and_tries_nothing_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frontdesk.db");
    let world = open(&path).await;
    let channel = world.channel("g").await;
    execute(&path, "DROP TABLE events").await;
    assert!(world.store.commit(vec![world.say(&channel, "g", 1, "Hello")]).await.is_err());
    world.store.failed().await;
    assert!(!world.store.is_open());
    assert!(world.store.commit(vec![world.say(&channel, "g", 2, "Hello")]).await.is_err());
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let world = open(&folder.path().join("frontdesk.db")).await;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        let mode = file.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", file.path().display());
    }
    world.store.close().await;
}

#[tokio::test]
async fn what_is_taken_back_is_not_in_the_file_either() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frontdesk.db");
    let world = open(&path).await;
    let channel = world.channel("g").await;
    let say = world.say(&channel, "g", 1, "canary-body");
    let Change::Say { sid, .. } = &say else { unreachable!() };
    let waiting =
        NewDelivery { message: Some(sid.clone()), ..delivery(&world, "a", channel.as_str()) };
    world.store.commit(vec![say, enqueue(&waiting)]).await.unwrap();
    let target = world.all(&channel.clone().into()).await.last().unwrap().seq;
    let redact = Change::Redact { channel, author: Author::System, target };
    world.one(redact).await.unwrap();
    world.store.close().await;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap().path();
        let bytes = std::fs::read(&file).unwrap();
        let found = bytes.windows(11).any(|window| window == b"canary-body");
        assert!(!found, "{}", file.display());
    }
}

const CHILD: &str = "FRONTDESK_TEST_CRASH_DATABASE";
const SEED: &str = "FRONTDESK_TEST_CRASH_SEED";
const ROUNDS: u64 = 5;
const ACKNOWLEDGED_A_ROUND: usize = 200;

/// Not a test by itself: what [`no_acknowledged_message_is_lost_by_kill_9`] starts and kills.
#[tokio::test]
async fn child_that_is_killed() {
    let Some(path) = std::env::var_os(CHILD) else { return };
    let seed = std::env::var(SEED).unwrap().parse().unwrap();
    let world = Arc::new(open_seeded(Path::new(&path), seed).await);
    let channel = world.channel("g").await;
    println!("\nchannel {channel}");
    let mut senders = Vec::new();
    for sender in 0..16_u128 {
        let (world, channel) = (world.clone(), channel.clone());
        senders.push(tokio::spawn(async move {
            for n in 0.. {
                let cid = sender << 64 | n;
                let body = format!("Message {n} of {sender}");
                world.said(world.say(&channel, "g", cid, &body)).await;
                println!("\nacked {}", Cid(cid));
            }
        }));
    }
    for sender in senders {
        sender.await.unwrap();
    }
}

#[tokio::test]
async fn no_acknowledged_message_is_lost_by_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frontdesk.db");
    let mut all: Vec<(ChannelSid, Vec<Cid>)> = Vec::new();
    for round in 0..ROUNDS {
        all.push(kill_one(&path, 100 + round));
        let world = open(&path).await;
        for (channel, acked) in &all {
            let stream = Stream::Channel(channel.clone());
            let events = world.all(&stream).await;
            let stored: std::collections::HashSet<Cid> = events
                .iter()
                .filter_map(|event| match &event.kind {
                    EventKind::Msg { cid, .. } => *cid,
                    EventKind::Edit { .. }
                    | EventKind::Redact { .. }
                    | EventKind::Join { .. }
                    | EventKind::Leave { .. }
                    | EventKind::Member { .. }
                    | EventKind::Status { .. }
                    | EventKind::Attributes { .. }
                    | EventKind::Read { .. }
                    | EventKind::Seen { .. }
                    | EventKind::Task { .. }
                    | EventKind::Membership { .. }
                    | EventKind::Unknown {} => None,
                })
                .collect();
            assert_eq!(stored.len(), count(&events), "round {round}: no message is there twice");
            for cid in acked {
                assert!(stored.contains(cid), "round {round}: {cid} was acknowledged and is lost");
            }
            world.agrees(channel.clone()).await;
        }
        world.store.close().await;
    }
}

/// Starts the child on the file, and kills it in the middle of its work: what it acknowledged.
fn kill_one(path: &Path, seed: u64) -> (ChannelSid, Vec<Cid>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sqlite::child_that_is_killed", "--nocapture"])
        .env(CHILD, path)
        .env(SEED, seed.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut channel, mut acked) = (None, Vec::new());
    let mut killed = false;
    // The pipe is read to its end: what the child said before it was killed counts.
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if let Some(sid) = line.strip_prefix("channel ") {
            channel = Some(ChannelSid::parse(sid).unwrap());
        }
        if let Some(cid) = line.strip_prefix("acked ").and_then(Cid::parse) {
            acked.push(cid);
        }
        if acked.len() >= ACKNOWLEDGED_A_ROUND && !killed {
            child.kill().unwrap();
            killed = true;
        }
    }
    child.wait().unwrap();
    assert!(killed, "the child ended by itself");
    (channel.unwrap(), acked)
}
