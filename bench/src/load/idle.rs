//! Memory of a connection that is authenticated, follows its channel, and says nothing.

use anyhow::Result;

use super::{close, seat::Seat};
use crate::{program::Program, target::Target, wire::Guest};

/// Connections that come and go before, so that what a server makes once is not counted.
const WARM_UP: usize = 64;

/// Resident memory before and after.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Idle {
    /// Bytes before.
    pub(crate) before_bytes: u64,
    /// Bytes with all connections open.
    pub(crate) after_bytes: u64,
    /// How many they are.
    pub(crate) connections: usize,
}

impl Idle {
    /// KiB for one of them.
    pub(crate) fn kib_each(&self) -> f64 {
        let grown = self.after_bytes.saturating_sub(self.before_bytes);
        grown as f64 / self.connections as f64 / 1_024.0
    }
}

/// Opens all, and leaves them open.
///
/// # Errors
/// A connection could not be opened, or the server has ended.
pub(crate) async fn measure(
    program: &Program,
    target: &Target,
    guests: &[Guest],
) -> Result<(Idle, Vec<Seat>)> {
    close(target.seat_all(&guests[..WARM_UP.min(guests.len())]).await?).await;
    let before_bytes = program.settled_bytes().await?;
    let seats = target.seat_all(guests).await?;
    let after_bytes = program.settled_bytes().await?;
    Ok((Idle { before_bytes, after_bytes, connections: seats.len() }, seats))
}
