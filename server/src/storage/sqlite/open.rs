//! Opening the file: its options, its version, its migrations.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, atomic::AtomicBool},
    time::Duration,
};

use sqlx::{
    Connection, Row, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::{Notify, mpsc, watch};

use super::{
    QUEUE, SqliteStore, checkpoint,
    writer::{Edges, Writer},
};
use crate::{
    clock::Clock,
    random::Random,
    storage::{Feed, StoreError},
};

/// What brings the schema from the version before to the one at this place, from 1 on. A step that
/// has been released is never changed: what comes later is a step of its own.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
];

/// The version of the schema this program writes.
#[expect(clippy::cast_possible_truncation, reason = "there are few steps")]
pub const VERSION: u32 = MIGRATIONS.len() as u32;

/// Why the file cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file is of a newer program.
    #[error(
        "the data in {} are of version {found}, and this program knows versions up to {VERSION}; \
         use the newer program, or the copy that was made before it changed them", path.display()
    )]
    TooNew {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
    /// The file was not set up yet, or is of an older program.
    #[error("the data in {} are of version {found}, not {VERSION}; start the server once", path.display())]
    NotMigrated {
        /// The file.
        path: PathBuf,
        /// Its version; 0 is an empty file.
        found: u32,
    },
    /// The file has a version of ours, and other tables.
    #[error(
        "the data in {} say they are of version {found}, but were not written by a release of this \
         program; use the program that wrote them, or another data folder", path.display()
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
    /// The file is not whole.
    #[error("{} is damaged: {found}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the database says about it.
        found: String,
    },
    /// The copy before a migration, or the file itself, cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database refused.
    #[error("cannot open {}: {source}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// Why.
        source: sqlx::Error,
    },
}

pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .foreign_keys(true)
        // Checkpoints are the checkpointer's: a commit never waits for one.
        .pragma("wal_autocheckpoint", "0")
        // What is erased is overwritten.
        .pragma("secure_delete", "ON")
}

/// Brings the file to this program's version, making it if it is not there. An existing one is
/// copied first, to `NAME.v1` and so on. The caller holds the data folder's lock.
///
/// Returns the version it had: 0 if it was made now.
///
/// # Errors
/// [`OpenError`]; the file is as it was.
pub async fn migrate(path: &Path, random: &dyn Random) -> Result<u32, OpenError> {
    let io = |source| OpenError::Io { path: path.to_owned(), source };
    let database = |source| OpenError::Database { path: path.to_owned(), source };
    if !path.exists() {
        create_private(path).map_err(io)?;
    }
    let mut connection = SqliteConnection::connect_with(&options(path)).await.map_err(database)?;
    let found = version(&mut connection).await.map_err(database)?;
    if found > VERSION {
        return Err(OpenError::TooNew { path: path.to_owned(), found });
    }
    if tables(&mut connection).await.map_err(database)? != made(found).await.map_err(database)? {
        return Err(OpenError::Foreign { path: path.to_owned(), found });
    }
    if found > 0 && found < VERSION {
        let copy = path.with_extension(format!("v{found}"));
        tracing::info!(from = found, to = VERSION, copy = %copy.display(), "migrating the data; a copy is kept");
        // VACUUM INTO takes what is in the write-ahead log too.
        let target = copy.to_string_lossy().into_owned();
        sqlx::query("VACUUM INTO ?")
            .bind(target)
            .execute(&mut connection)
            .await
            .map_err(database)?;
        restrict(&copy).map_err(io)?;
    }
    if found < VERSION {
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(database)?;
        for migration in &MIGRATIONS[found as usize..] {
            sqlx::raw_sql(*migration).execute(&mut *transaction).await.map_err(database)?;
        }
        if found == 0 {
            sqlx::query("INSERT INTO meta (key, value) VALUES ('epoch', ?)")
                .bind(format!("{:032x}", random.bits()))
                .execute(&mut *transaction)
                .await
                .map_err(database)?;
        }
        // A pragma takes no parameter, and the number is this program's own.
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("PRAGMA user_version = {VERSION}")))
            .execute(&mut *transaction)
            .await
            .map_err(database)?;
        transaction.commit().await.map_err(database)?;
    }
    connection.close().await.map_err(database)?;
    Ok(found)
}

pub(super) async fn version(connection: &mut SqliteConnection) -> Result<u32, sqlx::Error> {
    let row = sqlx::query("PRAGMA user_version").fetch_one(connection).await?;
    row.try_get(0)
}

/// The tables and indexes there are, as they were asked for.
async fn tables(connection: &mut SqliteConnection) -> Result<Vec<String>, sqlx::Error> {
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
    let rows = sqlx::query(sql).fetch_all(connection).await?;
    rows.iter().map(|row| row.try_get(0)).collect()
}

/// The same of a file that this program made, at a version.
async fn made(version: u32) -> Result<Vec<String>, sqlx::Error> {
    let mut memory = SqliteConnection::connect("sqlite::memory:").await?;
    for migration in &MIGRATIONS[..version as usize] {
        sqlx::raw_sql(*migration).execute(&mut memory).await?;
    }
    tables(&mut memory).await
}

/// An empty file that only its owner may read; the write-ahead log gets the same mode from it.
pub(super) fn create_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn restrict(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}

impl SqliteStore {
    /// Opens a file that [`migrate`] has brought to this version: the store, and what it makes
    /// durable.
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<(Self, Feed), OpenError> {
        let database = |source| OpenError::Database { path: path.to_owned(), source };
        let mut connection =
            SqliteConnection::connect_with(&options(path)).await.map_err(database)?;
        let found = version(&mut connection).await.map_err(database)?;
        if found > VERSION {
            return Err(OpenError::TooNew { path: path.to_owned(), found });
        }
        if found < VERSION {
            return Err(OpenError::NotMigrated { path: path.to_owned(), found });
        }
        let epoch: String = sqlx::query("SELECT value FROM meta WHERE key = 'epoch'")
            .fetch_one(&mut connection)
            .await
            .and_then(|row| row.try_get(0))
            .map_err(database)?;
        let readers = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(4)
            // A file does not hang up, and each test is a way to the database's thread and back.
            .test_before_acquire(false)
            .connect_with(options(path).pragma("query_only", "ON"))
            .await
            .map_err(database)?;
        let checkpoints = SqliteConnection::connect_with(&options(path)).await.map_err(database)?;

        let (jobs, queue) = mpsc::channel(QUEUE);
        let (feed, entries) = mpsc::unbounded_channel();
        let (fail, failed) = watch::channel(false);
        let open = Arc::new(AtomicBool::new(true));
        let stop = Arc::new(Notify::new());
        let written = Arc::new(checkpoint::Written::default());
        let enqueued = Arc::new(Notify::new());
        let edges = Edges { clock, feed, open: open.clone(), fail, enqueued: enqueued.clone() };
        let writer = Writer::new(connection, edges, written.clone());
        let writer = tokio::spawn(writer.run(queue));
        let checkpointer = tokio::spawn(checkpoint::run(checkpoints, written, stop.clone()));
        let store = Self {
            epoch,
            readers,
            jobs: Mutex::new(Some(jobs)),
            open,
            stop,
            failed,
            enqueued,
            tasks: Mutex::new(vec![writer, checkpointer]),
        };
        Ok((store, entries))
    }
}

/// The kinds of errors that a statement of ours may cause without the disk being at fault.
pub(super) fn is_constraint(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| {
        error.is_unique_violation()
            || error.is_foreign_key_violation()
            || error.is_check_violation()
            || matches!(error.kind(), sqlx::error::ErrorKind::NotNullViolation)
    })
}

impl From<OpenError> for StoreError {
    fn from(error: OpenError) -> Self {
        Self::Database(error.to_string())
    }
}
