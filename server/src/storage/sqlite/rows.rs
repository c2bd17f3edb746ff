//! Between rows and values.

use frontdesk_protocol::{
    Cid, Identity, Millis,
    attributes::Attributes,
    id::{Kind, Sid},
    state::{Member, Message, Task},
};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{Row, sqlite::SqliteRow};

use crate::storage::StoreError;

fn corrupt(column: &str) -> StoreError {
    StoreError::Corrupt(format!("column {column}"))
}

/// A position or a time, as SQLite keeps numbers.
pub(super) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// The opposite of [`int`].
pub(super) fn uint(value: i64) -> u64 {
    u64::try_from(value).unwrap_or_default()
}

pub(super) fn number(row: &SqliteRow, column: &str) -> Result<u64, StoreError> {
    Ok(uint(row.try_get::<i64, _>(column)?))
}

pub(super) fn millis(row: &SqliteRow, column: &str) -> Result<Millis, StoreError> {
    number(row, column).map(Millis)
}

pub(super) fn text(row: &SqliteRow, column: &str) -> Result<String, StoreError> {
    Ok(row.try_get(column)?)
}

pub(super) fn sid<K: Kind>(row: &SqliteRow, column: &str) -> Result<Sid<K>, StoreError> {
    Sid::parse(row.try_get::<&str, _>(column)?).map_err(|_| corrupt(column))
}

pub(super) fn identity(row: &SqliteRow, column: &str) -> Result<Identity, StoreError> {
    Identity::parse(row.try_get::<&str, _>(column)?).ok_or_else(|| corrupt(column))
}

pub(super) fn bytes<const N: usize>(row: &SqliteRow, column: &str) -> Result<[u8; N], StoreError> {
    row.try_get::<&[u8], _>(column)?.try_into().map_err(|_| corrupt(column))
}

/// A value as JSON text. Ours have only string keys.
pub(super) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("what is stored has only string keys")
}

pub(super) fn from_json<T: DeserializeOwned>(
    row: &SqliteRow,
    column: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(row.try_get::<&str, _>(column)?).map_err(|_| corrupt(column))
}

/// A unit variant as its word on the wire.
pub(super) fn word<T: Serialize>(value: &T) -> String {
    json(value).trim_matches('"').to_owned()
}

pub(super) fn from_word<T: DeserializeOwned>(
    row: &SqliteRow,
    column: &str,
) -> Result<T, StoreError> {
    let word = serde_json::Value::String(text(row, column)?);
    serde_json::from_value(word).map_err(|_| corrupt(column))
}

pub(super) fn attributes(row: &SqliteRow) -> Result<Attributes, StoreError> {
    from_json(row, "attributes")
}

pub(super) fn message(row: &SqliteRow) -> Result<Message, StoreError> {
    let cid: Option<&[u8]> = row.try_get("cid")?;
    let cid = cid
        .map(|bytes| <[u8; 16]>::try_from(bytes).map_err(|_| corrupt("cid")))
        .transpose()?
        .map(|bytes| Cid(u128::from_be_bytes(bytes)));
    let edited: Option<i64> = row.try_get("edited")?;
    Ok(Message {
        seq: number(row, "seq")?,
        index: number(row, "idx")?,
        sid: sid(row, "sid")?,
        cid,
        author: identity(row, "author")?,
        body: text(row, "body")?,
        media: super::media::of_message(row)?,
        attributes: attributes(row)?,
        ts: millis(row, "ts")?,
        edited: edited.map(|at| Millis(uint(at))),
        redacted: row.try_get("redacted")?,
    })
}

pub(super) fn member(row: &SqliteRow) -> Result<Member, StoreError> {
    Ok(Member {
        identity: identity(row, "identity")?,
        role: from_word(row, "role")?,
        name: text(row, "name")?,
        seen: number(row, "seen")?,
        read: number(row, "read")?,
        left: row.try_get("gone")?,
        attributes: attributes(row)?,
    })
}

pub(super) fn task(row: &SqliteRow) -> Result<Task, StoreError> {
    let agent: Option<&str> = row.try_get("agent")?;
    let agent =
        agent.map(|agent| Identity::parse(agent).ok_or_else(|| corrupt("agent"))).transpose()?;
    Ok(Task {
        sid: sid(row, "sid")?,
        channel: sid(row, "channel")?,
        status: from_word(row, "status")?,
        name: text(row, "name")?,
        created: millis(row, "created")?,
        updated: millis(row, "updated")?,
        agent,
        attributes: attributes(row)?,
    })
}
