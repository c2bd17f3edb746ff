//! As many messages as the server takes, and a rate that it has to hold.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::Result;
use tokio::{
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};

use crate::{
    board::{Board, Latency, Moment},
    http::Http,
    program::{Program, own_processor_time},
    target::source,
};

/// Connections, each with one request unanswered at most.
pub(super) const CONNECTIONS: usize = 64;
/// Channels that take turns.
pub(super) const CHANNELS: usize = 100;
/// Messages of the load that asks for as many as can be. A channel takes 150 within five seconds
/// from programs, and so the load ends before any of them refuses one.
pub(super) const MOST: usize = 120 * CHANNELS;
/// Messages a second of the other load: the figure to hold.
pub(super) const HELD_A_SECOND: u32 = 2_000;
/// A load that takes so much longer than it should is given up: what was not sent is missing.
const GRACE: Duration = Duration::from_secs(4);
/// How long the load that asks for as many as can be may take.
const MOST_WITHIN: Duration = Duration::from_secs(30);
/// After this the channels take as many again.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(6);

/// What the loads showed.
#[derive(Debug, Clone)]
pub(crate) struct Measured {
    /// Each connection has one request unanswered at any time: answered a second.
    pub(super) most_a_second: f64,
    /// From sent to answered in that load.
    pub(super) most: Latency,
    /// The server's processor time for one message of it, in microseconds.
    pub(super) server_us: f64,
    /// The load client's.
    pub(super) client_us: f64,
    /// At the rate to hold: answered a second while it lasted.
    pub(super) held_a_second: f64,
    /// From due to answered in that load.
    pub(super) held: Latency,
    /// Messages refused.
    pub(super) refused: usize,
    /// Why the first was.
    pub(super) refusal: Option<String>,
}

/// Both loads. `requests` are one a channel.
///
/// # Errors
/// A connection broke, or the server has ended.
pub(super) async fn measure(
    program: &Program,
    address: SocketAddr,
    requests: &[String],
    lasts: Duration,
) -> Result<Measured> {
    let requests: Arc<[String]> = requests.into();

    let most = Board::new(1);
    let (server, client) = (program.processor_time()?, own_processor_time()?);
    run(address, &most, &requests, MOST, Pace::Flood(MOST_WITHIN)).await?;
    let took = most.sheet().elapsed();
    let (server, client) = (program.processor_time()? - server, own_processor_time()? - client);

    sleep(FORGOTTEN_AFTER).await;
    let held = Board::new(2);
    let every = Duration::from_secs(1) / HELD_A_SECOND;
    let total = lasts.as_secs() as usize * HELD_A_SECOND as usize;
    run(address, &held, &requests, total, Pace::Every(every)).await?;

    let (mut most, mut held) = (most.sheet(), held.sheet());
    let all = most.latency(Moment::Stored);
    let each_us = |took: Duration| took.as_secs_f64() * 1e6 / all.count.max(1) as f64;
    Ok(Measured {
        most_a_second: all.count as f64 / took.as_secs_f64(),
        most: all,
        server_us: each_us(server),
        client_us: each_us(client),
        held_a_second: held.until(Moment::Stored, lasts) as f64 / lasts.as_secs_f64(),
        held: held.latency(Moment::Stored),
        refused: most.refused + held.refused,
        refusal: most.refusal.take().or_else(|| held.refusal.take()),
    })
}

/// When the next message is due.
#[derive(Clone, Copy)]
enum Pace {
    /// As soon as somebody is free, at most so long.
    Flood(Duration),
    /// One after each such span.
    Every(Duration),
}

/// Sends `total` messages over all connections: whoever is free takes the next one.
async fn run(
    address: SocketAddr,
    board: &Board,
    requests: &Arc<[String]>,
    total: usize,
    pace: Pace,
) -> Result<()> {
    let within = match pace {
        Pace::Flood(within) => within,
        Pace::Every(every) => every * u32::try_from(total)? + GRACE,
    };
    let mut connections = Vec::with_capacity(CONNECTIONS);
    for number in 0..CONNECTIONS {
        connections.push(Http::connect(address, source(number), "").await?);
    }
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    board.sheet().begin();
    let mut senders = JoinSet::new();
    for mut http in connections {
        let (board, requests, next) = (board.clone(), requests.clone(), next.clone());
        senders.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= total {
                    return anyhow::Ok(());
                }
                let due = match pace {
                    Pace::Every(every) => every * u32::try_from(number)?,
                    Pace::Flood(_) => began.elapsed(),
                };
                if matches!(pace, Pace::Every(_)) {
                    sleep_until(began + due).await;
                }
                let row = board.sheet().due(due);
                if began.elapsed() > within {
                    continue;
                }
                let (status, text) = http.exchange(&requests[number % requests.len()]).await?;
                let mut sheet = board.sheet();
                if status == 201 {
                    let cid = sheet.cid(row);
                    sheet.note(Moment::Stored, cid);
                } else {
                    sheet.refused += 1;
                    sheet.refusal.get_or_insert(format!("{status} {text}"));
                }
            }
        });
    }
    while let Some(sent) = senders.join_next().await {
        sent??;
    }
    Ok(())
}
