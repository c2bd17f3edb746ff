//! The one writer.
//!
//! It takes what waits, at most [`BATCH`] jobs, without lingering for more, into one transaction.
//! Answers go out after `COMMIT`, then what happened goes into the feed. A job that cannot be done
//! is weighed before it writes anything, or undone alone (a savepoint), so that it spoils no other.
//!
//! If the database fails, nothing is known about what is on the disk: the store stops taking
//! anything and says so, and nothing is tried again. (Retrying a failed fsync loses data silently:
//! "Can Applications Recover from fsync Failures?", USENIX ATC 2020.)

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use sqlx::{Connection, SqliteConnection};
use tokio::sync::{Notify, mpsc, oneshot, watch};

use super::{
    apply::{self, ApplyError},
    checkpoint::Written,
    ledger::Ledger,
    open::is_constraint,
    put::Put,
};
use crate::{
    clock::Clock,
    storage::{Change, CommitError, Entry, Outcome, StoreError},
};

/// Most jobs in one transaction.
const BATCH: usize = 256;
/// Pages the writer keeps, in KiB. With SQLite's usual 2 MiB it reads the ends of the indexes again
/// and again.
const CACHE: &str = "PRAGMA cache_size = -16384";

/// What is to be done.
#[derive(Debug)]
pub(super) enum Work {
    /// Changes of the log.
    Changes(Vec<Change>),
    /// A change of the directory.
    Put(Box<Put>),
}

impl Work {
    fn changes(&self) -> &[Change] {
        match self {
            Self::Changes(changes) => changes,
            Self::Put(_) => &[],
        }
    }

    fn erases(&self) -> bool {
        // A user takes their name and attributes along, also out of what waited to be told.
        self.changes().iter().any(|change| {
            matches!(
                change,
                Change::Redact { .. } | Change::RemoveChannel { .. } | Change::RemoveUser { .. }
            )
        })
    }
}

/// What came of it.
#[derive(Debug)]
pub(super) enum Reply {
    /// An outcome a change.
    Committed(Vec<Outcome>),
    /// Whether it did what was asked.
    Put(bool),
}

/// Something to do, and who waits for it.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) work: Work,
    pub(super) reply: oneshot::Sender<Result<Reply, CommitError>>,
}

/// Where the time comes from, and who is told what.
pub(super) struct Edges {
    pub(super) clock: Arc<dyn Clock>,
    /// What became durable.
    pub(super) feed: mpsc::UnboundedSender<Vec<Entry>>,
    /// Whether commits are taken.
    pub(super) open: Arc<AtomicBool>,
    /// That the database failed for good.
    pub(super) fail: watch::Sender<bool>,
    /// That there are new deliveries.
    pub(super) enqueued: Arc<Notify>,
}

pub(super) struct Writer {
    connection: SqliteConnection,
    edges: Edges,
    written: Arc<Written>,
    ledger: Ledger,
}

impl Writer {
    pub(super) fn new(connection: SqliteConnection, edges: Edges, written: Arc<Written>) -> Self {
        Self { connection, edges, written, ledger: Ledger::default() }
    }

    /// Runs until nobody can submit any more, or the database has failed.
    pub(super) async fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        if let Err(error) = sqlx::raw_sql(CACHE).execute(&mut self.connection).await {
            tracing::warn!(%error, "the writer keeps a small cache");
        }
        let mut jobs = Vec::with_capacity(BATCH);
        while queue.recv_many(&mut jobs, BATCH).await > 0 {
            if self.batch(&mut jobs).await.is_err() {
                self.edges.open.store(false, Ordering::SeqCst);
                self.edges.fail.send_replace(true);
                return;
            }
        }
        if let Err(error) = self.connection.close().await {
            tracing::warn!(%error, "the database did not close in order");
        }
    }

    async fn batch(&mut self, jobs: &mut Vec<Job>) -> Result<(), ()> {
        let mut replies = Vec::with_capacity(jobs.len());
        let mut entries = Vec::new();
        let (works, waiting): (Vec<_>, Vec<_>) =
            jobs.drain(..).map(|job| (job.work, job.reply)).unzip();
        let erases = works.iter().any(Work::erases);
        self.ledger.trim();
        self.ledger.now = self.edges.clock.now();
        match self.transaction(works, &mut replies, &mut entries).await {
            Ok(()) => {
                self.written.erased.fetch_or(erases, Ordering::SeqCst);
                self.written.transactions.fetch_add(1, Ordering::Relaxed);
                for (reply, waiting) in replies.into_iter().zip(waiting) {
                    // Who does not wait any more finds out by asking again with the same id.
                    let _ = waiting.send(reply);
                }
                if !entries.is_empty() {
                    let _ = self.edges.feed.send(entries);
                }
                if std::mem::take(&mut self.ledger.enqueued) {
                    self.edges.enqueued.notify_one();
                }
                Ok(())
            }
            Err(error) => {
                self.ledger = Ledger::default();
                let harmless = is_constraint(&error);
                tracing::error!(%error, jobs = waiting.len(), "a transaction failed");
                let rolled_back = sqlx::raw_sql("ROLLBACK").execute(&mut self.connection).await;
                let reason = if harmless && rolled_back.is_ok() {
                    StoreError::Database(error.to_string())
                } else {
                    StoreError::Closed
                };
                for waiting in waiting {
                    let _ = waiting.send(Err(reason.clone().into()));
                }
                match reason {
                    StoreError::Closed => {
                        tracing::error!(
                            "the database cannot be relied on any more: nothing is taken, and the \
                             process ends; check the disk, then start again"
                        );
                        Err(())
                    }
                    StoreError::Database(_) | StoreError::Corrupt(_) => Ok(()),
                }
            }
        }
    }

    async fn transaction(
        &mut self,
        works: Vec<Work>,
        replies: &mut Vec<Result<Reply, CommitError>>,
        entries: &mut Vec<Entry>,
    ) -> Result<(), sqlx::Error> {
        let connection = &mut self.connection;
        let _turn = self.written.turn.lock().await;
        sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
        Self::look_ahead(connection, &mut self.ledger, &works).await?;
        for work in works {
            let reply = match work {
                Work::Put(put) => Ok(Reply::Put(put.run(connection, self.ledger.now).await?)),
                Work::Changes(changes) => {
                    Self::changes(connection, &mut self.ledger, changes, entries).await?
                }
            };
            replies.push(reply);
        }
        self.ledger.flush(connection).await?;
        sqlx::query("COMMIT").execute(&mut *connection).await?;
        Ok(())
    }

    /// Asks at once what each message would ask for by itself.
    async fn look_ahead(
        connection: &mut SqliteConnection,
        ledger: &mut Ledger,
        works: &[Work],
    ) -> Result<(), sqlx::Error> {
        let mut keys = Vec::new();
        for change in works.iter().flat_map(Work::changes) {
            let Change::Say { channel, author, cid: Some(cid), .. } = change else { continue };
            if let Some(room) = unless_it_failed(ledger.room(connection, channel).await)?.flatten()
            {
                keys.push((room.id, author.identity().clone(), *cid));
            }
        }
        if keys.len() > 1 {
            unless_it_failed(ledger.cids.ask(connection, keys).await)?;
        }
        Ok(())
    }

    async fn changes(
        connection: &mut SqliteConnection,
        ledger: &mut Ledger,
        changes: Vec<Change>,
        entries: &mut Vec<Entry>,
    ) -> Result<Result<Reply, CommitError>, sqlx::Error> {
        // One change weighs everything before it writes; of several, an earlier one may have
        // written when a later one cannot be.
        let several = changes.len() > 1;
        if several {
            ledger.flush(connection).await?;
            sqlx::query("SAVEPOINT one").execute(&mut *connection).await?;
        }
        let before = entries.len();
        let mut outcomes = Vec::with_capacity(changes.len());
        for (index, change) in changes.into_iter().enumerate() {
            let error = match apply::apply(connection, ledger, change, &outcomes, entries).await {
                Ok(outcome) => {
                    outcomes.push(outcome);
                    continue;
                }
                Err(ApplyError::Database(error)) => return Err(error),
                Err(ApplyError::Rejected(reason)) => CommitError::Rejected { index, reason },
                Err(ApplyError::Corrupt(what)) => StoreError::Corrupt(what).into(),
            };
            entries.truncate(before);
            if several {
                sqlx::query("ROLLBACK TO one").execute(&mut *connection).await?;
                sqlx::query("RELEASE one").execute(&mut *connection).await?;
                ledger.forget();
            }
            return Ok(Err(error));
        }
        if several {
            ledger.flush(connection).await?;
            sqlx::query("RELEASE one").execute(&mut *connection).await?;
        }
        Ok(Ok(Reply::Committed(outcomes)))
    }
}

/// What was read ahead. What cannot be read is told to whoever needs it.
fn unless_it_failed<T>(read: Result<T, ApplyError>) -> Result<Option<T>, sqlx::Error> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(ApplyError::Database(error)) => Err(error),
        Err(ApplyError::Rejected(_) | ApplyError::Corrupt(_)) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_protocol::{ChannelSid, Identity, UserSid};

    use super::*;
    use crate::storage::Author;

    #[test]
    fn what_people_wrote_is_taken_out_of_the_write_ahead_log_as_well() {
        let channel = ChannelSid::from_bits(1);
        let author = Author::System;
        let erases = |change| Work::Changes(vec![change]).erases();
        assert!(erases(Change::Redact { channel: channel.clone(), author, target: 1 }));
        assert!(erases(Change::RemoveChannel { channel: channel.clone() }));
        // A name and attributes.
        assert!(erases(Change::RemoveUser { sid: UserSid::from_bits(1) }));
        let identity = Identity::parse("bob").expect("this is one");
        assert!(!erases(Change::Leave { channel, identity }));
    }
}
