//! A server under load: where it is, what it speaks, who its guests are.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use tokio::{sync::Semaphore, task::JoinSet, time::timeout};

use crate::{
    load::seat::Seat,
    wire::{Guest, Wire},
};

/// Connections that are opened at the same time.
const OPENING_AT_ONCE: usize = 64;
/// How long one may take to open.
const OPEN_WITHIN: Duration = Duration::from_secs(20);

/// A server under load.
#[derive(Clone)]
pub(crate) struct Target {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    /// What it speaks.
    pub(crate) wire: Wire,
    /// The Origin that connections come from.
    pub(crate) origin: String,
    /// Connections that ended by themselves.
    pub(crate) lost: Arc<AtomicUsize>,
}

/// The address that the connection of that number comes from: eight take turns, so that neither
/// ports nor a limit by address run out.
pub(crate) fn source(number: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 0, 0, 2 + (number % 8) as u8)
}

impl Target {
    /// Opens a connection for each of the guests, in their order.
    ///
    /// # Errors
    /// One of them could not be opened.
    pub(crate) async fn seat_all(&self, guests: &[Guest]) -> Result<Vec<Seat>> {
        let permits = Arc::new(Semaphore::new(OPENING_AT_ONCE));
        let mut opening = JoinSet::new();
        for (number, guest) in guests.iter().cloned().enumerate() {
            let (target, permits) = (self.clone(), permits.clone());
            opening.spawn(async move {
                let _permit = permits.acquire_owned().await?;
                let opened = Seat::open(&target, guest, source(number));
                let seat = timeout(OPEN_WITHIN, opened)
                    .await
                    .with_context(|| format!("connection {number} did not open in time"))??;
                anyhow::Ok((number, seat))
            });
        }
        let mut seats = Vec::with_capacity(guests.len());
        while let Some(opened) = opening.join_next().await {
            seats.push(opened??);
        }
        seats.sort_unstable_by_key(|(number, _)| *number);
        Ok(seats.into_iter().map(|(_, seat)| seat).collect())
    }

    /// Connections that ended by themselves so far.
    pub(crate) fn lost(&self) -> usize {
        self.lost.load(Ordering::Relaxed)
    }
}
