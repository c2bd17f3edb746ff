//! Rows of the log that are not written yet.
//!
//! Each statement is a way to the database's thread and back, and that costs more than the row it
//! inserts. So the rows of a transaction are kept until somebody wants to read them, at the latest
//! until its end, and then inserted many to a statement.

use std::sync::LazyLock;

use frontdesk_protocol::{Cid, Identity, MessageSid, Millis};
use sqlx::{Arguments, SqliteConnection, error::BoxDynError, sqlite::SqliteArguments};

use super::rows::int;

/// Statements are for one row, two, four and so on: up to two to this power.
const POWERS: usize = 6;

/// Statements by the power of two that is their number of rows.
type Statements = LazyLock<[String; POWERS + 1]>;

static MESSAGES: Statements = LazyLock::new(|| {
    let into = "messages \
                (channel, seq, idx, sid, cid, author, body, attributes, ts, redacted, mac, media)";
    statements(into, "(?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)")
});
static EVENTS: Statements =
    LazyLock::new(|| statements("events (stream, seq, payload)", "(?, ?, ?)"));

fn statements(into: &str, row: &str) -> [String; POWERS + 1] {
    std::array::from_fn(|power| {
        format!("INSERT INTO {into} VALUES {}", vec![row; 1 << power].join(", "))
    })
}

/// A message that was said.
#[derive(Debug)]
pub(super) struct NewMessage {
    pub(super) channel: i64,
    pub(super) seq: u64,
    pub(super) index: u64,
    pub(super) sid: MessageSid,
    pub(super) cid: Option<Cid>,
    pub(super) author: Identity,
    pub(super) body: String,
    pub(super) attributes: String,
    pub(super) ts: Millis,
    pub(super) mac: [u8; 32],
    /// What is told of its file, as JSON.
    pub(super) media: Option<String>,
}

/// An event of a stream.
#[derive(Debug)]
pub(super) struct NewEvent {
    pub(super) stream: i64,
    pub(super) seq: u64,
    pub(super) payload: String,
}

/// What is to be inserted.
#[derive(Debug, Default)]
pub(super) struct Pending {
    pub(super) messages: Vec<NewMessage>,
    pub(super) events: Vec<NewEvent>,
}

impl Pending {
    /// The position of the channel's last message among these, at or below `upto`.
    pub(super) fn last_message(&self, channel: i64, upto: u64) -> Option<u64> {
        let theirs = self.messages.iter().rev().filter(|message| message.channel == channel);
        theirs.map(|message| message.seq).find(|seq| *seq <= upto)
    }

    /// Inserts everything.
    pub(super) async fn write(
        &mut self,
        connection: &mut SqliteConnection,
    ) -> Result<(), sqlx::Error> {
        insert(connection, &MESSAGES, std::mem::take(&mut self.messages)).await?;
        insert(connection, &EVENTS, std::mem::take(&mut self.events)).await
    }
}

trait Row {
    fn bind(self, arguments: &mut SqliteArguments) -> Result<(), BoxDynError>;
}

impl Row for NewMessage {
    fn bind(self, arguments: &mut SqliteArguments) -> Result<(), BoxDynError> {
        arguments.add(self.channel)?;
        arguments.add(int(self.seq))?;
        arguments.add(int(self.index))?;
        arguments.add(self.sid.as_str())?;
        arguments.add(self.cid.map(|cid| cid.0.to_be_bytes().to_vec()))?;
        arguments.add(self.author.as_str())?;
        arguments.add(self.body)?;
        arguments.add(self.attributes)?;
        arguments.add(int(self.ts.0))?;
        arguments.add(&self.mac[..])?;
        arguments.add(self.media)
    }
}

impl Row for NewEvent {
    fn bind(self, arguments: &mut SqliteArguments) -> Result<(), BoxDynError> {
        arguments.add(self.stream)?;
        arguments.add(int(self.seq))?;
        arguments.add(self.payload)
    }
}

async fn insert<T: Row>(
    connection: &mut SqliteConnection,
    statements: &'static Statements,
    rows: Vec<T>,
) -> Result<(), sqlx::Error> {
    let mut rows = rows.into_iter();
    while let Some(power) = rows.len().checked_ilog2() {
        let power = (power as usize).min(POWERS);
        let mut arguments = SqliteArguments::default();
        for row in rows.by_ref().take(1 << power) {
            row.bind(&mut arguments).map_err(sqlx::Error::Encode)?;
        }
        let sql = statements[power].as_str();
        sqlx::query_with(sql, arguments).execute(&mut *connection).await?;
    }
    Ok(())
}
