//! Reading the log.

use std::collections::BTreeMap;

use async_trait::async_trait;
use frontdesk_protocol::{
    ChannelSid, Event, Stream, TaskSid,
    frame::FetchFrom,
    id::AccountSid,
    limits::PAGE_BYTES,
    state::{Channel, Message, Role, StreamState, Task, TaskStatus},
};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{
    SqliteStore,
    rows::{self, int},
};
use crate::storage::{
    Access, Change, CommitError, Committed, Events, Head, MessagePage, Party, PartyKind, Snapshot,
    StoreError, Streams,
};

/// Closed tasks in a snapshot of a queue.
const CLOSED_TASKS: i64 = 100;

#[async_trait]
impl Streams for SqliteStore {
    fn epoch(&self) -> &str {
        &self.epoch
    }

    fn is_open(&self) -> bool {
        self.is_open_now()
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<Committed, CommitError> {
        self.commit_changes(changes).await
    }

    async fn failed(&self) {
        self.wait_failed().await;
    }

    async fn close(&self) {
        self.close_all().await;
    }

    async fn heads(&self, streams: &[Stream]) -> Result<BTreeMap<Stream, Head>, StoreError> {
        let mut heads = BTreeMap::new();
        let mut connection = self.readers.acquire().await?;
        for stream in streams {
            if let Some((_, head)) = end(&mut connection, stream).await? {
                heads.insert(stream.clone(), head);
            }
        }
        Ok(heads)
    }

    async fn events(
        &self,
        stream: &Stream,
        after: u64,
        max_items: usize,
        max_bytes: usize,
    ) -> Result<Events, StoreError> {
        // One more than may be given tells whether there is more.
        let sql = "SELECT e.payload FROM events e JOIN streams s ON s.id = e.stream \
                   WHERE s.sid = ? AND e.seq > ? ORDER BY e.seq LIMIT ?";
        let rows = sqlx::query(sql)
            .bind(stream.as_str())
            .bind(int(after))
            .bind(limit(max_items))
            .fetch_all(&self.readers)
            .await?;
        let mut bytes = 0;
        let mut events = Events::default();
        for row in rows {
            let payload: &str = row.try_get("payload")?;
            bytes += payload.len();
            let full = events.items.len() >= max_items || bytes > max_bytes;
            if full && !events.items.is_empty() {
                events.more = true;
                break;
            }
            let event: Event = rows::from_json(&row, "payload")?;
            events.items.push(event);
        }
        Ok(events)
    }

    async fn snapshot(&self, stream: &Stream, page: usize) -> Result<Option<Snapshot>, StoreError> {
        let mut transaction = self.readers.begin().await?;
        let connection = &mut *transaction;
        let end = end(connection, stream).await?;
        let (state, newest) = match (stream, end) {
            (Stream::Channel(sid), Some((id, _))) => {
                // One that was erased leaves its end behind.
                let Some(state) = channel_state(connection, sid, id).await? else {
                    return Ok(None);
                };
                (state, newest(connection, id, page).await?)
            }
            (Stream::Channel(_), None) => return Ok(None),
            // Nothing may have happened yet in a user's or queue's stream that is there.
            (Stream::User(user), _) => {
                if end.is_none() && !is_there(connection, USER, user.as_str()).await? {
                    return Ok(None);
                }
                let sql = "SELECT channel FROM memberships WHERE user = ? ORDER BY since";
                let rows = sqlx::query(sql).bind(user.as_str()).fetch_all(connection).await?;
                let channels: Result<_, _> =
                    rows.iter().map(|row| rows::sid(row, "channel")).collect();
                let state = StreamState { channels: channels?, ..StreamState::default() };
                (state, MessagePage::default())
            }
            (Stream::Queue(queue), _) => {
                if end.is_none() && !is_there(connection, QUEUE, queue.as_str()).await? {
                    return Ok(None);
                }
                let tasks = queue_tasks(connection, queue.as_str()).await?;
                (StreamState { tasks, ..StreamState::default() }, MessagePage::default())
            }
        };
        transaction.commit().await?;
        let MessagePage { items, more } = newest;
        Ok(Some(Snapshot { seq: end.map_or(0, |(_, head)| head.head), state, items, more }))
    }

    async fn messages(
        &self,
        channel: &ChannelSid,
        from: FetchFrom,
        most: usize,
    ) -> Result<MessagePage, StoreError> {
        let mut connection = self.readers.acquire().await?;
        let stream = Stream::Channel(channel.clone());
        let Some((id, _)) = end(&mut connection, &stream).await? else {
            return Ok(MessagePage::default());
        };
        let (sql, at) = match from {
            FetchFrom::Before(seq) => (BEFORE, seq),
            FetchFrom::After(seq) => {
                ("SELECT * FROM messages WHERE channel = ? AND seq > ? ORDER BY seq LIMIT ?", seq)
            }
        };
        let rows = sqlx::query(sql)
            .bind(id)
            .bind(int(at))
            .bind(limit(most))
            .fetch_all(&mut *connection)
            .await?;
        let mut page = cut(&rows, most)?;
        match from {
            FetchFrom::Before(_) => page.items.reverse(),
            FetchFrom::After(_) => {}
        }
        Ok(page)
    }

    async fn access(&self, stream: &Stream, party: &Party) -> Result<Access, StoreError> {
        match stream {
            Stream::Channel(channel) => self.channel_access(channel, party).await,
            Stream::User(user) => {
                let sql = "SELECT 1 FROM users WHERE sid = ? AND account = ? AND identity = ?";
                let row = sqlx::query(sql)
                    .bind(user.as_str())
                    .bind(party.account.as_str())
                    .bind(party.identity.as_str())
                    .fetch_optional(&self.readers)
                    .await?;
                Ok(row.map_or(Access::None, |_| Access::Reader))
            }
            Stream::Queue(queue) => match party.kind {
                PartyKind::Guest => Ok(Access::None),
                PartyKind::Agent => {
                    let sql = "SELECT 1 FROM agents \
                               WHERE account = ? AND identity = ? AND queue = ? AND enabled";
                    let row = sqlx::query(sql)
                        .bind(party.account.as_str())
                        .bind(party.identity.as_str())
                        .bind(queue.as_str())
                        .fetch_optional(&self.readers)
                        .await?;
                    Ok(row.map_or(Access::None, |_| Access::Reader))
                }
            },
        }
    }

    async fn channel_account(
        &self,
        channel: &ChannelSid,
    ) -> Result<Option<AccountSid>, StoreError> {
        let sql = "SELECT c.account FROM channels c JOIN streams s ON s.id = c.stream \
                   WHERE s.sid = ?";
        let row = sqlx::query(sql).bind(channel.as_str()).fetch_optional(&self.readers).await?;
        row.map(|row| rows::sid(&row, "account")).transpose()
    }

    async fn task(&self, task: &TaskSid) -> Result<Option<(AccountSid, Task)>, StoreError> {
        let row = sqlx::query("SELECT * FROM tasks WHERE sid = ?")
            .bind(task.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.map(|row| Ok((rows::sid(&row, "account")?, rows::task(&row)?))).transpose()
    }

    async fn task_of(&self, channel: &ChannelSid) -> Result<Option<Task>, StoreError> {
        let row = sqlx::query("SELECT * FROM tasks WHERE channel = ? ORDER BY opened DESC LIMIT 1")
            .bind(channel.as_str())
            .fetch_optional(&self.readers)
            .await?;
        row.map(|row| rows::task(&row)).transpose()
    }
}

impl SqliteStore {
    async fn channel_access(
        &self,
        channel: &ChannelSid,
        party: &Party,
    ) -> Result<Access, StoreError> {
        let sql = "SELECT m.role FROM members m \
                   JOIN streams s ON s.id = m.channel JOIN channels c ON c.stream = m.channel \
                   WHERE s.sid = ? AND c.account = ? AND m.identity = ? AND NOT m.gone";
        let member = sqlx::query(sql)
            .bind(channel.as_str())
            .bind(party.account.as_str())
            .bind(party.identity.as_str())
            .fetch_optional(&self.readers)
            .await?;
        if let Some(row) = member {
            let role: Role = rows::from_word(&row, "role")?;
            return Ok(Access::Member(role));
        }
        match party.kind {
            PartyKind::Guest => Ok(Access::None),
            PartyKind::Agent => {
                let sql = "SELECT 1 FROM tasks t JOIN agents a ON a.queue = t.queue \
                           WHERE t.channel = ? AND a.account = ? AND a.identity = ? AND a.enabled";
                let row = sqlx::query(sql)
                    .bind(channel.as_str())
                    .bind(party.account.as_str())
                    .bind(party.identity.as_str())
                    .fetch_optional(&self.readers)
                    .await?;
                Ok(row.map_or(Access::None, |_| Access::Reader))
            }
        }
    }
}

const BEFORE: &str =
    "SELECT * FROM messages WHERE channel = ? AND seq < ? ORDER BY seq DESC LIMIT ?";
const USER: &str = "SELECT 1 FROM users WHERE sid = ?";
const QUEUE: &str = "SELECT 1 FROM queues WHERE sid = ?";

/// One more than may be given.
fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX - 1) + 1
}

async fn end(
    connection: &mut SqliteConnection,
    stream: &Stream,
) -> Result<Option<(i64, Head)>, StoreError> {
    let row = sqlx::query("SELECT id, head, oldest FROM streams WHERE sid = ?")
        .bind(stream.as_str())
        .fetch_optional(connection)
        .await?;
    row.map(|row| {
        let head =
            Head { head: rows::number(&row, "head")?, oldest: rows::number(&row, "oldest")? };
        Ok((row.try_get("id")?, head))
    })
    .transpose()
}

async fn is_there(
    connection: &mut SqliteConnection,
    sql: &'static str,
    sid: &str,
) -> Result<bool, StoreError> {
    Ok(sqlx::query(sql).bind(sid).fetch_optional(connection).await?.is_some())
}

async fn channel_state(
    connection: &mut SqliteConnection,
    sid: &ChannelSid,
    id: i64,
) -> Result<Option<StreamState>, StoreError> {
    let row = sqlx::query("SELECT * FROM channels WHERE stream = ?")
        .bind(id)
        .fetch_optional(&mut *connection)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let members = sqlx::query("SELECT * FROM members WHERE channel = ? ORDER BY joined")
        .bind(id)
        .fetch_all(connection)
        .await?;
    let members: Result<_, _> = members.iter().map(rows::member).collect();
    let channel = Channel {
        sid: sid.clone(),
        name: rows::text(&row, "name")?,
        status: rows::from_word(&row, "status")?,
        created: rows::millis(&row, "created")?,
        attributes: rows::attributes(&row)?,
    };
    let state = StreamState { channel: Some(channel), members: members?, ..StreamState::default() };
    Ok(Some(state))
}

/// All open tasks and the newest closed ones, in the order they were opened.
async fn queue_tasks(
    connection: &mut SqliteConnection,
    queue: &str,
) -> Result<Vec<Task>, StoreError> {
    let sql = "SELECT * FROM ( \
                 SELECT * FROM tasks WHERE queue = ?1 AND status IN ('waiting', 'accepted') \
                 UNION ALL SELECT * FROM ( \
                   SELECT * FROM tasks WHERE queue = ?1 AND status = 'closed' \
                   ORDER BY opened DESC LIMIT ?2)) \
               ORDER BY opened";
    let rows = sqlx::query(sql).bind(queue).bind(CLOSED_TASKS).fetch_all(connection).await?;
    debug_assert_eq!(rows::word(&TaskStatus::Waiting), "waiting");
    rows.iter().map(rows::task).collect()
}

async fn newest(
    connection: &mut SqliteConnection,
    channel: i64,
    page: usize,
) -> Result<MessagePage, StoreError> {
    let rows = sqlx::query(BEFORE)
        .bind(channel)
        .bind(i64::MAX)
        .bind(limit(page))
        .fetch_all(connection)
        .await?;
    let mut page = cut(&rows, page)?;
    page.items.reverse();
    Ok(page)
}

/// As many of the rows as make a page.
fn cut(rows: &[SqliteRow], most: usize) -> Result<MessagePage, StoreError> {
    let mut page = MessagePage::default();
    let mut bytes = 0;
    for row in rows {
        let message: Message = rows::message(row)?;
        bytes += rows::json(&message).len();
        let full = page.items.len() >= most || bytes > PAGE_BYTES && !page.items.is_empty();
        if full {
            page.more = true;
            break;
        }
        page.items.push(message);
    }
    Ok(page)
}
