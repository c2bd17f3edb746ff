//! Copies of the file: made beside a running server, and put back.
//!
//! A copy has the positions of its original and goes its own way from there. Whoever saw later
//! events of the original would resume into a different history, so what is put back gets a new
//! epoch: by [`adopt`] if it was told, by [`settle`] if it was not.

use std::path::Path;

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteJournalMode};

use super::open::{OpenError, VERSION, create_private, migrate, options, version};
use crate::random::Random;

/// What the copy carries along for whoever puts it back.
const NOTE: &str = "note";
/// What [`settle`] left here.
const OPENED: &str = "opened";

/// Copies the database at `from`, which may be in use, to the new file `to`; `note` goes along.
///
/// It is one moment of the database, and readable by its owner alone. Commits go on meanwhile.
///
/// # Errors
/// [`OpenError`]; what there is of `to` then is no copy.
pub async fn copy(from: &Path, to: &Path, note: Option<&str>) -> Result<(), OpenError> {
    let database = |source| OpenError::Database { path: from.to_owned(), source };
    // A copy takes as long as it takes, and that is nothing to warn of.
    let patient = options(from).disable_statement_logging();
    let mut connection = SqliteConnection::connect_with(&patient).await.map_err(database)?;
    known(from, version(&mut connection).await.map_err(database)?)?;
    let io = |source| OpenError::Io { path: to.to_owned(), source };
    // Empty files are taken as targets, and this one has the right mode from its first byte on.
    create_private(to).map_err(io)?;
    sqlx::query("VACUUM INTO ?")
        .bind(to.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await
        .map_err(database)?;
    connection.close().await.map_err(database)?;

    let database = |source| OpenError::Database { path: to.to_owned(), source };
    // One file: a copy with a write-ahead log beside it would be copied without it.
    let options = options(to).journal_mode(SqliteJournalMode::Delete);
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(database)?;
    forget(&mut connection, OPENED).await.map_err(database)?;
    if let Some(note) = note {
        set(&mut connection, NOTE, note).await.map_err(database)?;
    }
    connection.close().await.map_err(database)?;
    std::fs::File::open(to).and_then(|file| file.sync_all()).map_err(io)
}

/// Makes a copy a database of its own: checks that it is whole, brings it to this program's
/// version, gives it a new epoch, and ends the sessions it remembers. Returns the note of
/// [`copy`].
///
/// # Errors
/// [`OpenError`]; the file is then not to be used.
pub async fn adopt(path: &Path, random: &dyn Random) -> Result<Option<String>, OpenError> {
    let database = |source| OpenError::Database { path: path.to_owned(), source };
    let patient = options(path).disable_statement_logging();
    let mut connection = SqliteConnection::connect_with(&patient).await.map_err(database)?;
    let checked = check(path, &mut connection).await;
    // Closed in any case, so that nothing stays beside a file that is of no use.
    connection.close().await.map_err(database)?;
    checked?;

    migrate(path, random).await?;
    let mut connection = SqliteConnection::connect_with(&options(path)).await.map_err(database)?;
    let note = get(&mut connection, NOTE).await.map_err(database)?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(database)?;
    renew_epoch(&mut transaction, random).await.map_err(database)?;
    for key in [OPENED, NOTE] {
        forget(&mut transaction, key).await.map_err(database)?;
    }
    // A session that was ended after the copy was made must not be back.
    sqlx::query("DELETE FROM sessions").execute(&mut *transaction).await.map_err(database)?;
    transaction.commit().await.map_err(database)?;
    connection.close().await.map_err(database)?;
    Ok(note)
}

/// Gives the store a new epoch if it is not the one that was opened at this place last, and leaves
/// `next` in it. `last` is what the place has from the last time; `None` if it knows of none.
///
/// Returns whether there is a new epoch. The caller keeps `next` at the place afterwards: if that
/// is cut off, the next opening makes a new epoch for nothing, which costs clients a snapshot.
///
/// # Errors
/// [`OpenError`]; the epoch is then as it was.
pub async fn settle(
    path: &Path,
    last: Option<&str>,
    next: &str,
    random: &dyn Random,
) -> Result<bool, OpenError> {
    let database = |source| OpenError::Database { path: path.to_owned(), source };
    let mut connection = SqliteConnection::connect_with(&options(path)).await.map_err(database)?;
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(database)?;
    let opened = get(&mut transaction, OPENED).await.map_err(database)?;
    let moved = opened.is_none() || opened.as_deref() != last;
    if moved {
        renew_epoch(&mut transaction, random).await.map_err(database)?;
    }
    set(&mut transaction, OPENED, next).await.map_err(database)?;
    transaction.commit().await.map_err(database)?;
    connection.close().await.map_err(database)?;
    Ok(moved)
}

async fn check(path: &Path, connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let database = |source| OpenError::Database { path: path.to_owned(), source };
    known(path, version(connection).await.map_err(database)?)?;
    let found: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(connection)
        .await
        .map_err(database)?;
    if found == "ok" { Ok(()) } else { Err(OpenError::Damaged { path: path.to_owned(), found }) }
}

/// Whether a file of this version can be copied or adopted.
fn known(path: &Path, found: u32) -> Result<(), OpenError> {
    match found {
        0 => Err(OpenError::NotMigrated { path: path.to_owned(), found }),
        1..=VERSION => Ok(()),
        _ => Err(OpenError::TooNew { path: path.to_owned(), found }),
    }
}

async fn renew_epoch(
    connection: &mut SqliteConnection,
    random: &dyn Random,
) -> Result<(), sqlx::Error> {
    set(connection, "epoch", &format!("{:032x}", random.bits())).await
}

async fn get(connection: &mut SqliteConnection, key: &str) -> Result<Option<String>, sqlx::Error> {
    let query = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?");
    query.bind(key).fetch_optional(connection).await
}

async fn set(connection: &mut SqliteConnection, key: &str, value: &str) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO meta (key, value) VALUES (?, ?) \
               ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    sqlx::query(sql).bind(key).bind(value).execute(connection).await.map(drop)
}

async fn forget(connection: &mut SqliteConnection, key: &str) -> Result<(), sqlx::Error> {
    let query = sqlx::query("DELETE FROM meta WHERE key = ?");
    query.bind(key).execute(connection).await.map(drop)
}
