//! The measurements, the same for both servers.

pub(crate) mod delivery;
pub(crate) mod durable;
pub(crate) mod idle;
pub(crate) mod seat;

use std::time::Duration;

use anyhow::Result;
use tokio::time::{Instant, sleep, sleep_until};

use crate::{
    board::{Board, Moment},
    load::{delivery::Delivery, durable::Durable, idle::Idle, seat::Seat},
    program::Program,
    target::Target,
    wire::Guest,
};

/// Connections that send in the durability loads.
pub(crate) const SENDERS: usize = 128;
/// Messages a second that the durability load asks for: the figure to hold.
pub(crate) const DURABLE_A_SECOND: u32 = 3_000;
/// Messages a second of the delivery load.
pub(crate) const DELIVERED_A_SECOND: u32 = 500;
/// Connections of the smaller delivery load.
pub(crate) const FEW: usize = 500;
/// What one message says: a usual sentence's length.
pub(crate) const BODY: &str = "Hello, I ordered a lamp last week and it has not come yet. \
                               Can you look where it is? Thank you!";
/// How long late messages are waited for after a load.
const GRACE: Duration = Duration::from_secs(4);

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// Idle connections, and connections of the larger delivery load.
    pub(crate) connections: usize,
    /// How long each load lasts.
    pub(crate) lasts: Duration,
}

/// What was measured of one server.
#[derive(Debug)]
pub(crate) struct Measured {
    /// Memory of idle connections.
    pub(crate) idle: Idle,
    /// Delivery with few connections.
    pub(crate) few: Delivery,
    /// Delivery with many.
    pub(crate) many: Delivery,
    /// Durable messages.
    pub(crate) durable: Durable,
    /// Connections that the server ended although nobody asked it to.
    pub(crate) lost: usize,
}

impl Plan {
    /// So many connections, so many seconds a load.
    pub(crate) fn new(connections: usize, seconds: u32) -> Self {
        Self { connections, lasts: Duration::from_secs(seconds.into()) }
    }
}

/// All measurements, one after the other, on a server that nobody has connected to yet.
///
/// `guests` are as many as the plan has connections.
///
/// # Errors
/// The server cannot be connected to, or has ended.
pub(crate) async fn measure(
    name: &str,
    program: &Program,
    target: &Target,
    guests: &[Guest],
    plan: &Plan,
) -> Result<Measured> {
    println!("{name}: memory of {} idle connections", plan.connections);
    let (idle, mut seats) = idle::measure(program, target, guests).await?;
    // Two connections a guest from here on: one says, the other hears.
    let pairs = plan.connections / 2;
    close(seats.split_off(pairs)).await;
    println!("{name}: delivery, {} connections", pairs * 2);
    let many = delivery::measure(target, seats, &guests[..pairs], plan, 1).await?;
    println!("{name}: delivery, {FEW} connections");
    let seats = target.seat_all(&guests[..FEW / 2]).await?;
    let few = delivery::measure(target, seats, &guests[..FEW / 2], plan, 2).await?;
    println!("{name}: durable messages, {SENDERS} senders");
    let durable = durable::measure(program, target, &guests[..SENDERS], plan).await?;
    Ok(Measured { idle, few, many, durable, lost: target.lost() })
}

/// Lets messages fall due at that rate, each handed to the seat whose turn it is.
async fn pace(board: &Board, seats: &[Seat], a_second: u32, lasts: Duration) {
    let began = Instant::now();
    let every = Duration::from_secs(1) / a_second;
    let total = (lasts.as_secs_f64() * f64::from(a_second)) as u32;
    for number in 0..total {
        let due = every * number;
        if began.elapsed() < due {
            sleep_until(began + due).await;
        }
        let number = board.sheet().due(due);
        if let Some(seat) = seats.get(number as usize % seats.len()) {
            seat.say(number);
        }
    }
}

/// Waits until this has happened to every message, or long enough.
async fn await_all(board: &Board, moment: Moment) {
    let end = Instant::now() + GRACE;
    while Instant::now() < end && !board.sheet().all(moment) {
        sleep(Duration::from_millis(20)).await;
    }
}

/// Closes connections and waits until they are.
async fn close(seats: Vec<Seat>) {
    for seat in seats {
        seat.close().await;
    }
}
