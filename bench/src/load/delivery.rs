//! From said to heard by the other side, in an open loop.

use anyhow::Result;

use super::{
    DELIVERED_A_SECOND, Plan, await_all, close, pace,
    seat::{Listens, Seat},
};
use crate::{
    board::{Board, Latency, Moment},
    target::Target,
    wire::Guest,
};

/// What one delivery load showed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delivery {
    /// Connections that were open.
    pub(crate) connections: usize,
    /// From due to heard.
    pub(crate) latency: Latency,
}

/// Gives each guest that sits a second connection, which hears, and lets all say in turn.
///
/// # Errors
/// A connection could not be opened.
pub(crate) async fn measure(
    target: &Target,
    speakers: Vec<Seat>,
    guests: &[Guest],
    plan: &Plan,
    run: u64,
) -> Result<Delivery> {
    let listeners = target.seat_all(guests).await?;
    let board = Board::new(run);
    for seat in &speakers {
        seat.join(&board, Listens::No);
    }
    for seat in &listeners {
        seat.join(&board, Listens::Yes);
    }
    pace(&board, &speakers, DELIVERED_A_SECOND, plan.lasts).await;
    await_all(&board, Moment::Delivered).await;
    let latency = board.sheet().latency(Moment::Delivered);
    let connections = speakers.len() + listeners.len();
    close(speakers).await;
    close(listeners).await;
    Ok(Delivery { connections, latency })
}
