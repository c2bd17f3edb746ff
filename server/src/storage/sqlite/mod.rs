//! The default store: one SQLite file in WAL mode.
//!
//! One writer task owns the only connection that writes. It drains its queue into one transaction
//! and answers after `COMMIT`, which waits for the disk (`synchronous=FULL`): [`writer`] is the
//! loop, [`apply`] what each change does, [`ledger`] what the writer knows without asking. Reads go
//! through a small pool and see whole transactions only.

mod apply;
mod backup;
mod chats;
mod checkpoint;
mod cids;
mod directory;
mod flex;
mod hooks;
mod keys;
mod ledger;
mod media;
mod open;
mod pending;
mod put;
mod queue;
mod read;
mod rows;
mod services;
mod writer;

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};

use sqlx::SqlitePool;
use tokio::{
    sync::{Notify, mpsc, oneshot, watch},
    task::JoinHandle,
};

pub use backup::{adopt, copy, settle};
pub use open::{OpenError, VERSION, migrate};

use self::{
    put::Put,
    writer::{Job, Reply, Work},
};
use super::{Change, CommitError, Committed, StoreError};

/// Most commits that wait for the writer. Above it, callers wait for a place.
const QUEUE: usize = 4_096;

/// A store in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    epoch: String,
    readers: SqlitePool,
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    open: Arc<AtomicBool>,
    stop: Arc<Notify>,
    failed: watch::Receiver<bool>,
    enqueued: Arc<Notify>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl SqliteStore {
    async fn submit(&self, work: Work) -> Result<Reply, CommitError> {
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let jobs = jobs.ok_or(StoreError::Closed)?;
        jobs.send(Job { work, reply }).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    async fn commit_changes(&self, changes: Vec<Change>) -> Result<Committed, CommitError> {
        match self.submit(Work::Changes(changes)).await? {
            Reply::Committed(outcomes) => Ok(Committed { outcomes }),
            Reply::Put(_) => Err(StoreError::Closed.into()),
        }
    }

    /// Writes to the directory: `true` if it did what was asked.
    async fn put(&self, put: Put) -> Result<bool, StoreError> {
        match self.submit(Work::Put(Box::new(put))).await {
            Ok(Reply::Put(done)) => Ok(done),
            Ok(Reply::Committed(_)) => Err(StoreError::Closed),
            Err(CommitError::Store(error)) => Err(error),
            Err(CommitError::Rejected { reason, .. }) => {
                Err(StoreError::Corrupt(reason.to_string()))
            }
        }
    }

    fn is_open_now(&self) -> bool {
        self.open.load(Ordering::SeqCst)
    }

    async fn wait_failed(&self) {
        let mut failed = self.failed.clone();
        if failed.wait_for(|failed| *failed).await.is_err() {
            // The writer is gone without having failed: the store was closed in order.
            std::future::pending::<()>().await;
        }
    }

    async fn close_all(&self) {
        self.open.store(false, Ordering::SeqCst);
        drop(self.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
        self.stop.notify_one();
        let tasks = std::mem::take(
            &mut *self.tasks.lock().unwrap_or_else(std::sync::PoisonError::into_inner),
        );
        for task in tasks {
            if task.await.is_err() {
                tracing::error!("a task of the store panicked");
            }
        }
        self.readers.close().await;
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.to_string())
    }
}
