//! How many messages a second the store makes durable: with commits grouped, as it does, and one
//! commit a message, as a plain program would, in the same run on the same disk. And the first again
//! through the log, which looks who hears of each message: nobody does.
//!
//! `cargo run --release -p frontdesk-server --example commit_rate -- [senders] [seconds] [folder]`

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use frontdesk_protocol::{
    ChannelSid, Cid, Identity, MessageSid,
    attributes::Attributes,
    id::{AccountSid, ServiceSid},
};
use frontdesk_server::{
    clock::SystemClock,
    hooks::{Caller, guard::Guard},
    limits::Spans,
    listeners::{Asks, Listeners, Programs},
    log::{Log, Source},
    random::{Random, SystemRandom},
    storage::{
        Change, ChannelType, Speaker, Store, Streams,
        sqlite::{SqliteStore, migrate},
        system,
    },
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let senders: usize = arguments.next().map_or(Ok(128), |text| text.parse())?;
    let seconds: u64 = arguments.next().map_or(Ok(5), |text| text.parse())?;
    let folder = arguments.next().map_or_else(std::env::temp_dir, PathBuf::from);
    let run = Duration::from_secs(seconds);
    let grouped = measure(&folder, senders, run, false).await?;
    let single = measure(&folder, 1, run, false).await?;
    let logged = measure(&folder, senders, run, true).await?;
    grouped.print(&format!("{senders} senders, grouped commits"));
    single.print("1 sender, one commit a message");
    logged.print(&format!("{senders} senders, grouped commits, through the log"));
    println!(
        "ratio {:.1}, through the log {:.2}",
        grouped.rate() / single.rate(),
        logged.rate() / grouped.rate()
    );
    Ok(())
}

struct Measured {
    took: Duration,
    latencies: Vec<Duration>,
}

impl Measured {
    #[expect(clippy::cast_precision_loss, reason = "a count of messages in seconds")]
    fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.took.as_secs_f64()
    }

    fn print(&self, what: &str) {
        let at = |percent: usize| self.latencies[(self.latencies.len() - 1) * percent / 100];
        println!(
            "{what}: {:.0} messages a second, p50 {:.1} ms, p99 {:.1} ms",
            self.rate(),
            at(50).as_secs_f64() * 1e3,
            at(99).as_secs_f64() * 1e3
        );
    }
}

async fn measure(
    folder: &Path,
    senders: usize,
    run: Duration,
    logged: bool,
) -> anyhow::Result<Measured> {
    let name = format!("commit-rate-{:x}", SystemRandom.bits());
    let folder = folder.join(name);
    std::fs::create_dir(&folder)?;
    let measured = measure_in(&folder.join("bench.db"), senders, run, logged).await;
    std::fs::remove_dir_all(&folder)?;
    measured
}

async fn measure_in(
    path: &Path,
    senders: usize,
    run: Duration,
    logged: bool,
) -> anyhow::Result<Measured> {
    migrate(path, &SystemRandom).await?;
    let (store, mut feed) = SqliteStore::open(path, Arc::new(SystemClock)).await?;
    let store = Arc::new(store);
    let drain = tokio::spawn(async move { while feed.recv().await.is_some() {} });
    // One channel for four senders, as a busy desk has many chats.
    let channels: Vec<ChannelSid> =
        (0..senders.div_ceil(4)).map(|n| ChannelSid::from_bits(n as u128)).collect();
    for channel in &channels {
        store.commit(vec![open(channel)]).await?;
    }
    let log = log(store.clone());
    let stop = Arc::new(AtomicBool::new(false));
    let start = now();
    let tasks: Vec<_> = (0..senders)
        .map(|sender| {
            let (store, log, stop) = (store.clone(), log.clone(), stop.clone());
            let channel = channels[sender % channels.len()].clone();
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let sent = now();
                    let change = say(&channel, sender);
                    if logged {
                        log.commit(&Source::Client(guest(sender)), vec![change]).await?;
                    } else {
                        store.commit(vec![change]).await?;
                    }
                    latencies.push(sent.elapsed());
                }
                anyhow::Ok(latencies)
            })
        })
        .collect();
    #[expect(clippy::disallowed_methods, reason = "a bench runs for a while")]
    tokio::time::sleep(run).await;
    stop.store(true, Ordering::Relaxed);
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await??);
    }
    let took = start.elapsed();
    latencies.sort_unstable();
    store.close().await;
    drain.await?;
    Ok(Measured { took, latencies })
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn now() -> Instant {
    Instant::now()
}

fn open(channel: &ChannelSid) -> Change {
    Change::OpenChannel {
        sid: channel.clone(),
        account: AccountSid::from_bits(1),
        service: ServiceSid::from_bits(1),
        unique_name: Some(channel.to_string()),
        name: "Bench".into(),
        kind: ChannelType::Private,
        created_by: system(),
        attributes: Attributes::new(),
        key: SystemRandom.secret(),
    }
}

fn guest(sender: usize) -> Identity {
    Identity::parse(&format!("guest-{sender}")).expect("plain characters")
}

/// A log on the store, as the server has it.
fn log(store: Arc<SqliteStore>) -> Log {
    let store: Arc<dyn Store> = store;
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let caller = Caller::new(Guard::new(Vec::new()), clock.clone());
    let programs = Programs::new(caller, store.clone(), Duration::from_secs(5));
    let listeners = Listeners::new(store.clone());
    let asks = Asks::new(listeners, Arc::new(programs), random.clone(), false);
    Log::new(store, clock, random, Spans::new(1, 1), asks)
}

fn say(channel: &ChannelSid, sender: usize) -> Change {
    Change::Say {
        channel: channel.clone(),
        author: Speaker::Anybody(guest(sender)),
        sid: MessageSid::from_bits(SystemRandom.bits()),
        cid: Some(Cid(SystemRandom.bits())),
        body: "Hello, is my order on its way? I have been waiting since Tuesday.".into(),
        media: None,
        attributes: Attributes::new(),
        submitted: None,
    }
}
