//! Durable messages: as many as the server takes, and at the rate it has to hold.

use anyhow::Result;

use super::{DURABLE_A_SECOND, Plan, await_all, close, pace, seat::Listens};
use crate::{
    board::{Board, Latency, Moment},
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
/// A connection could not be opened.
pub(crate) async fn measure(target: &Target, guests: &[Guest], plan: &Plan) -> Result<Durable> {
    let seats = target.seat_all(guests).await?;
    let seconds = plan.lasts.as_secs_f64();

    let most = Board::new(3);
    for seat in &seats {
        seat.join(&most, Listens::No);
        seat.flood(plan.lasts);
    }
    tokio::time::sleep(plan.lasts).await;
    await_all(&most, Moment::Stored).await;

    let held = Board::new(4);
    for seat in &seats {
        seat.join(&held, Listens::No);
    }
    pace(&held, &seats, DURABLE_A_SECOND, plan.lasts).await;
    await_all(&held, Moment::Stored).await;
    close(seats).await;

    let (most, mut held) = (most.sheet(), held.sheet());
    Ok(Durable {
        most_a_second: most.until(Moment::Stored, plan.lasts) as f64 / seconds,
        most: most.latency(Moment::Stored),
        held_a_second: held.until(Moment::Stored, plan.lasts) as f64 / seconds,
        held: held.latency(Moment::Stored),
        refused: most.refused + held.refused,
        refusal: most.refusal.clone().or_else(|| held.refusal.take()),
    })
}
