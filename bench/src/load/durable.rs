//! Durable messages: as many as the server takes, and at the rate it has to hold.

use std::time::Duration;

use anyhow::Result;

use super::{DURABLE_A_SECOND, Plan, await_all, close, pace, seat::Listens};
use crate::{
    board::{Board, Latency, Moment},
    program::{Program, own_processor_time},
    target::Target,
    wire::Guest,
};

/// What the durability loads showed.
#[derive(Debug, Clone)]
pub(crate) struct Durable {
    /// Each sender has one message unanswered at any time: acknowledged a second.
    pub(crate) most_a_second: f64,
    /// From sent to acknowledged in that load.
    pub(crate) most: Latency,
    /// The server's processor time for one message of it, in microseconds.
    pub(crate) server_us: f64,
    /// The load client's.
    pub(crate) client_us: f64,
    /// At the rate to hold: acknowledged a second while it lasted.
    pub(crate) held_a_second: f64,
    /// From due to acknowledged in that load.
    pub(crate) held: Latency,
    /// Messages refused, and the first reason.
    pub(crate) refused: usize,
    /// Why the first was.
    pub(crate) refusal: Option<String>,
}

/// Both loads, on the same connections.
///
/// # Errors
/// A connection could not be opened, or the server has ended.
pub(crate) async fn measure(
    program: &Program,
    target: &Target,
    guests: &[Guest],
    plan: &Plan,
) -> Result<Durable> {
    let seats = target.seat_all(guests).await?;
    let seconds = plan.lasts.as_secs_f64();

    let most = Board::new(3);
    let (server, client) = (program.processor_time()?, own_processor_time()?);
    for seat in &seats {
        seat.join(&most, Listens::No);
        seat.flood(plan.lasts);
    }
    tokio::time::sleep(plan.lasts).await;
    await_all(&most, Moment::Stored).await;
    let (server, client) = (program.processor_time()? - server, own_processor_time()? - client);

    let held = Board::new(4);
    for seat in &seats {
        seat.join(&held, Listens::No);
    }
    pace(&held, &seats, DURABLE_A_SECOND, plan.lasts).await;
    await_all(&held, Moment::Stored).await;
    close(seats).await;

    let (most, mut held) = (most.sheet(), held.sheet());
    let all = most.latency(Moment::Stored);
    let each_us = |took: Duration| took.as_secs_f64() * 1e6 / all.count.max(1) as f64;
    Ok(Durable {
        most_a_second: most.until(Moment::Stored, plan.lasts) as f64 / seconds,
        most: all,
        server_us: each_us(server),
        client_us: each_us(client),
        held_a_second: held.until(Moment::Stored, plan.lasts) as f64 / seconds,
        held: held.latency(Moment::Stored),
        refused: most.refused + held.refused,
        refusal: most.refusal.clone().or_else(|| held.refusal.take()),
    })
}
