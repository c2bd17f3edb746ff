//! Moving what was committed from the write-ahead log into the file, beside the commits.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{Connection, Row, SqliteConnection};
use tokio::sync::Notify;

/// How often it looks.
const EVERY: Duration = Duration::from_millis(500);
/// Above this many pages in the log (64 MiB) it is emptied, and commits wait for that.
const MOST_PAGES: i64 = 16_384;

/// What the writer tells the checkpointer.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// How many transactions there were.
    pub(super) transactions: AtomicU64,
    /// Whether something was erased that may still stand in the write-ahead log.
    pub(super) erased: AtomicBool,
}

/// Runs until `stop`.
///
/// The last connection to the file that is closed does the last checkpoint.
pub(super) async fn run(
    mut connection: SqliteConnection,
    written: Arc<Written>,
    stop: Arc<Notify>,
) {
    let mut seen = 0;
    let mut every = tokio::time::interval(EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = every.tick() => {}
            () = stop.notified() => break,
        }
        let now = written.transactions.load(Ordering::Relaxed);
        if now == seen {
            continue;
        }
        seen = now;
        if let Err(error) = move_on(&mut connection, &written).await {
            tracing::warn!(%error, "a checkpoint failed");
        }
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "the checkpoint connection did not close");
    }
}

async fn move_on(connection: &mut SqliteConnection, written: &Written) -> Result<(), sqlx::Error> {
    let erased = written.erased.swap(false, Ordering::SeqCst);
    let (_, pages) = checkpoint(connection, "PRAGMA wal_checkpoint(PASSIVE)").await?;
    if erased || pages > MOST_PAGES {
        let (busy, _) = checkpoint(connection, "PRAGMA wal_checkpoint(TRUNCATE)").await?;
        if busy && erased {
            // A reader was in the way; what was erased is still in the log, so look again.
            written.erased.store(true, Ordering::SeqCst);
            written.transactions.fetch_add(1, Ordering::Relaxed);
        }
    }
    Ok(())
}

/// Whether somebody was in the way, and how many pages the log has.
async fn checkpoint(
    connection: &mut SqliteConnection,
    pragma: &'static str,
) -> Result<(bool, i64), sqlx::Error> {
    let row = sqlx::query(pragma).fetch_one(connection).await?;
    Ok((row.try_get::<i64, _>(0)? != 0, row.try_get(1)?))
}
