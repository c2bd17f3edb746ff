//! Taking from the queue of deliveries: through the one writer, like everything. What is put into it
//! comes with a commit of the log.

use frontdesk_protocol::Millis;
use sqlx::{Row, SqliteConnection};

use super::{put::Done, rows::int};
use crate::storage::Settled;

/// Nothing is made to wait for longer than this: a lane that is due later than that was put off by a
/// clock that went wrong.
const LONGEST_MS: u64 = 2 * 3_600_000;

/// The lane of a name, which is made if nothing waits in it: then it is due now.
pub(super) async fn lane(
    connection: &mut SqliteConnection,
    account: &str,
    target: &str,
    name: &str,
    now: Millis,
) -> Result<i64, sqlx::Error> {
    // An update that changes nothing, because without one there is nothing to return.
    let sql = "INSERT INTO lanes (account, target, name, due) VALUES (?, ?, ?, ?) \
               ON CONFLICT (target, name) DO UPDATE SET name = excluded.name RETURNING id";
    sqlx::query_scalar(sql)
        .bind(account)
        .bind(target)
        .bind(name)
        .bind(int(now.0))
        .fetch_one(connection)
        .await
}

/// Says how an attempt ended: `false` if the delivery does not wait any more.
pub(super) async fn settle(
    connection: &mut SqliteConnection,
    n: u64,
    how: Settled,
    now: Millis,
) -> Result<bool, sqlx::Error> {
    let lane: Option<Option<i64>> = sqlx::query_scalar("SELECT lane FROM deliveries WHERE n = ?")
        .bind(int(n))
        .fetch_optional(&mut *connection)
        .await?;
    let Some(lane) = lane.flatten() else { return Ok(false) };
    match how {
        Settled::Done => {
            let query = sqlx::query("DELETE FROM deliveries WHERE n = ?");
            query.bind(int(n)).execute(&mut *connection).await?;
            go_on(connection, lane, now).await?;
        }
        Settled::Again { at, error } => {
            let sql = "UPDATE deliveries SET attempts = attempts + 1, error = ? WHERE n = ?";
            sqlx::query(sql).bind(error).bind(int(n)).execute(&mut *connection).await?;
            let query = sqlx::query("UPDATE lanes SET due = ? WHERE id = ?");
            query.bind(int(at.0)).bind(lane).execute(connection).await?;
        }
        Settled::Dead { error } => {
            let sql = "UPDATE deliveries SET attempts = attempts + 1, error = ?, died = ?, \
                       lane = NULL WHERE n = ?";
            sqlx::query(sql)
                .bind(error)
                .bind(int(now.0))
                .bind(int(n))
                .execute(&mut *connection)
                .await?;
            go_on(connection, lane, now).await?;
        }
    }
    Ok(true)
}

/// The first of a lane is gone: the next is due, or there is none.
async fn go_on(
    connection: &mut SqliteConnection,
    lane: i64,
    now: Millis,
) -> Result<(), sqlx::Error> {
    let sql = "DELETE FROM lanes WHERE id = ?1 \
               AND NOT EXISTS (SELECT 1 FROM deliveries WHERE lane = ?1)";
    let done = sqlx::query(sql).bind(lane).execute(&mut *connection).await?;
    if done.rows_affected() == 0 {
        let query = sqlx::query("UPDATE lanes SET due = ? WHERE id = ?");
        query.bind(int(now.0)).bind(lane).execute(connection).await?;
    }
    Ok(())
}

/// Makes due what waits for a target.
pub(super) async fn hasten(connection: &mut SqliteConnection, target: &str, now: Millis) -> Done {
    sqlx::query("UPDATE lanes SET due = ?1 WHERE target = ?2 AND due > ?1")
        .bind(int(now.0))
        .bind(target)
        .execute(connection)
        .await
}

/// Puts a dead one back: `false` if there is none.
pub(super) async fn retry(
    connection: &mut SqliteConnection,
    id: u128,
    now: Millis,
) -> Result<bool, sqlx::Error> {
    let sql = "SELECT n, account, target, name FROM deliveries WHERE id = ? AND lane IS NULL";
    let id = id.to_be_bytes();
    let row = sqlx::query(sql).bind(&id[..]).fetch_optional(&mut *connection).await?;
    let Some(row) = row else { return Ok(false) };
    let (n, target): (i64, String) = (row.try_get("n")?, row.try_get("target")?);
    let (account, name): (String, String) = (row.try_get("account")?, row.try_get("name")?);
    let lane = lane(connection, &account, &target, &name, now).await?;
    let sql = "UPDATE deliveries SET lane = ?, attempts = 0, enqueued = ?, died = NULL, \
               error = NULL WHERE n = ?";
    sqlx::query(sql).bind(lane).bind(int(now.0)).bind(n).execute(connection).await?;
    Ok(true)
}

/// Forgets a dead one.
pub(super) async fn forget(connection: &mut SqliteConnection, id: u128) -> Done {
    sqlx::query("DELETE FROM deliveries WHERE id = ? AND lane IS NULL")
        .bind(&id.to_be_bytes()[..])
        .execute(connection)
        .await
}

/// Forgets what died before `before`.
pub(super) async fn forget_dead(connection: &mut SqliteConnection, before: Millis) -> Done {
    sqlx::query("DELETE FROM deliveries WHERE lane IS NULL AND died < ?")
        .bind(int(before.0))
        .execute(connection)
        .await
}

/// Buries what came before `before`: `false` if there was nothing.
pub(super) async fn bury_old(
    connection: &mut SqliteConnection,
    before: Millis,
    now: Millis,
) -> Result<bool, sqlx::Error> {
    let query = sqlx::query("UPDATE lanes SET due = ?1 WHERE due > ?1 + ?2");
    query.bind(int(now.0)).bind(int(LONGEST_MS)).execute(&mut *connection).await?;
    let sql = "UPDATE deliveries SET lane = NULL, died = ?1, \
               error = COALESCE(error, 'it was never its turn') \
               WHERE lane IS NOT NULL AND enqueued < ?2";
    let done =
        sqlx::query(sql).bind(int(now.0)).bind(int(before.0)).execute(&mut *connection).await?;
    let sql = "DELETE FROM lanes WHERE id NOT IN \
               (SELECT lane FROM deliveries WHERE lane IS NOT NULL)";
    sqlx::query(sql).execute(connection).await?;
    Ok(done.rows_affected() > 0)
}
