//! How many messages a second the store makes durable: with commits grouped, as it does, and one
//! commit a message, as a plain program would, in the same run on the same disk.
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
    random::{Random, SystemRandom},
    storage::{
        Change, ChannelType, Speaker, Streams,
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
    let grouped = measure(&folder, senders, run).await?;
    let single = measure(&folder, 1, run).await?;
    grouped.print(&format!("{senders} senders, grouped commits"));
    single.print("1 sender, one commit a message");
    println!("ratio {:.1}", grouped.rate() / single.rate());
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

async fn measure(folder: &Path, senders: usize, run: Duration) -> anyhow::Result<Measured> {
    let name = format!("commit-rate-{:x}", SystemRandom.bits());
    let folder = folder.join(name);
    std::fs::create_dir(&folder)?;
    let measured = measure_in(&folder.join("bench.db"), senders, run).await;
    std::fs::remove_dir_all(&folder)?;
    measured
}

async fn measure_in(path: &Path, senders: usize, run: Duration) -> anyhow::Result<Measured> {
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
    let stop = Arc::new(AtomicBool::new(false));
    let start = now();
    let tasks: Vec<_> = (0..senders)
        .map(|sender| {
            let (store, stop) = (store.clone(), stop.clone());
            let channel = channels[sender % channels.len()].clone();
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while !stop.load(Ordering::Relaxed) {
                    let sent = now();
                    store.commit(vec![say(&channel, sender)]).await?;
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

fn say(channel: &ChannelSid, sender: usize) -> Change {
    let author = Identity::parse(&format!("guest-{sender}")).expect("plain characters");
    Change::Say {
        channel: channel.clone(),
        author: Speaker::Anybody(author),
        sid: MessageSid::from_bits(SystemRandom.bits()),
        cid: Some(Cid(SystemRandom.bits())),
        body: "Hello, is my order on its way? I have been waiting since Tuesday.".into(),
        media: None,
        attributes: Attributes::new(),
        submitted: None,
    }
}
