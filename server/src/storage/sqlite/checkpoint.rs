//! Moving what was committed from the write-ahead log into the file, beside the commits.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{Connection, Row, SqliteConnection};
use tokio::sync::{Mutex, Notify};

/// How often it looks.
const EVERY: Duration = Duration::from_millis(500);
/// Above this many pages in the log (64 MiB) it begins again at its front, and commits wait for
/// that.
const MOST_PAGES: i64 = 16_384;
/// They wait for the pages that are not moved by then: no more than these (4 MiB), if possible.
const FEW_PAGES: i64 = 1_024;
/// How often moving is tried to get there, because commits go on meanwhile.
const PASSES: usize = 3;

/// What the writer and the checkpointer tell each other.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// How many transactions there were.
    pub(super) transactions: AtomicU64,
    /// Whether something was erased that may still stand in the write-ahead log.
    pub(super) erased: AtomicBool,
    /// Held for a transaction, and while the log begins again. SQLite has a lock of its own for
    /// that, but who wants it looks again and again, ever more rarely, and is overtaken.
    pub(super) turn: Mutex<()>,
}

/// Runs until `stop`.
///
/// The last connection to the file that is closed does the last checkpoint.
pub(super) async fn run(
    mut connection: SqliteConnection,
    written: Arc<Written>,
    stop: Arc<Notify>,
) {
    // Commits wait while it waits for a reader, so not for long: it comes again.
    if let Err(error) = sqlx::raw_sql("PRAGMA busy_timeout = 100").execute(&mut connection).await {
        tracing::warn!(%error, "the checkpoint connection keeps its patience");
    }
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
    let mut log = checkpoint(connection, "PRAGMA wal_checkpoint(PASSIVE)").await?;
    for _ in 1..PASSES {
        if log.pages <= MOST_PAGES || log.left <= FEW_PAGES {
            break;
        }
        log = checkpoint(connection, "PRAGMA wal_checkpoint(PASSIVE)").await?;
    }
    if erased {
        let _turn = written.turn.lock().await;
        if checkpoint(connection, "PRAGMA wal_checkpoint(TRUNCATE)").await?.busy {
            // A reader was in the way; what was erased is still in the log, so look again.
            written.erased.store(true, Ordering::SeqCst);
            written.transactions.fetch_add(1, Ordering::Relaxed);
        }
    } else if log.pages > MOST_PAGES {
        // The file keeps its length: writing over it costs the file system less than growing it.
        let _turn = written.turn.lock().await;
        checkpoint(connection, "PRAGMA wal_checkpoint(RESTART)").await?;
    }
    Ok(())
}

/// How a checkpoint went.
struct Log {
    /// Somebody was in the way.
    busy: bool,
    /// Pages in the log.
    pages: i64,
    /// Pages of it that are not in the file.
    left: i64,
}

async fn checkpoint(
    connection: &mut SqliteConnection,
    pragma: &'static str,
) -> Result<Log, sqlx::Error> {
    let row = sqlx::query(pragma).fetch_one(connection).await?;
    let (pages, moved): (i64, i64) = (row.try_get(1)?, row.try_get(2)?);
    Ok(Log { busy: row.try_get::<i64, _>(0)? != 0, pages, left: pages - moved })
}
