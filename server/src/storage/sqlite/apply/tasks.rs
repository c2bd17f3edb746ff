//! Tasks in queues.

use frontdesk_protocol::{
    ChannelSid, EventKind, Identity, QueueSid, Stream, TaskSid,
    attributes::Attributes,
    id::AccountSid,
    state::{Task, TaskStatus},
};

use super::{ApplyError, Tx, event};
use crate::storage::{
    Outcome, Rejection,
    sqlite::rows::{self, int, json, word},
};

impl Tx<'_> {
    pub(super) async fn open_task(
        &mut self,
        queue: &QueueSid,
        sid: TaskSid,
        channel: ChannelSid,
        name: String,
        attributes: Attributes,
    ) -> Result<Outcome, ApplyError> {
        let account = self.account_of(queue).await?;
        // A task may only be about a channel of the queue's own account.
        if self.room(&channel).await?.account != account {
            return Err(Rejection::NotFound.into());
        }
        if self.find_task(&sid).await?.is_some() {
            return Err(Rejection::Exists.into());
        }
        let stream = Stream::Queue(queue.clone());
        let end = self.ledger.advance(self.connection, &stream).await?;
        let task = Task {
            sid,
            channel,
            status: TaskStatus::Waiting,
            name,
            created: end.ts,
            updated: end.ts,
            agent: None,
            attributes,
        };
        let sql = "INSERT INTO tasks (sid, account, queue, channel, opened, status, name, created, \
                   updated, agent, attributes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)";
        sqlx::query(sql)
            .bind(task.sid.as_str())
            .bind(account.as_str())
            .bind(queue.as_str())
            .bind(task.channel.as_str())
            .bind(int(end.head))
            .bind(word(&task.status))
            .bind(&task.name)
            .bind(int(task.created.0))
            .bind(int(task.updated.0))
            .bind(json(&task.attributes))
            .execute(&mut *self.connection)
            .await?;
        self.insert(&stream, end, None, EventKind::Task { task });
        Ok(event(end))
    }

    pub(super) async fn accept_task(
        &mut self,
        sid: &TaskSid,
        agent: Identity,
    ) -> Result<Outcome, ApplyError> {
        let (queue, mut task) = self.find_task(sid).await?.ok_or(Rejection::NotFound)?;
        match (task.status, task.agent.take()) {
            (TaskStatus::Waiting, _) => {}
            (TaskStatus::Accepted, Some(by)) if by == agent => return Ok(Outcome::Quiet),
            (TaskStatus::Accepted, Some(by)) => return Err(Rejection::TaskTaken { by }.into()),
            (TaskStatus::Accepted, None) | (TaskStatus::Closed, _) => {
                return Err(Rejection::TaskClosed.into());
            }
        }
        task.status = TaskStatus::Accepted;
        task.agent = Some(agent.clone());
        self.put_task(queue, task, Some(agent)).await
    }

    pub(super) async fn close_task(
        &mut self,
        sid: &TaskSid,
        by: Option<Identity>,
    ) -> Result<Outcome, ApplyError> {
        let (queue, mut task) = self.find_task(sid).await?.ok_or(Rejection::NotFound)?;
        match task.status {
            TaskStatus::Closed => return Ok(Outcome::Quiet),
            TaskStatus::Waiting | TaskStatus::Accepted => {}
        }
        task.status = TaskStatus::Closed;
        self.put_task(queue, task, by).await
    }

    async fn put_task(
        &mut self,
        queue: QueueSid,
        mut task: Task,
        by: Option<Identity>,
    ) -> Result<Outcome, ApplyError> {
        let stream = Stream::Queue(queue);
        let end = self.ledger.advance(self.connection, &stream).await?;
        task.updated = end.ts;
        sqlx::query("UPDATE tasks SET status = ?, updated = ?, agent = ? WHERE sid = ?")
            .bind(word(&task.status))
            .bind(int(task.updated.0))
            .bind(task.agent.as_ref().map(Identity::as_str))
            .bind(task.sid.as_str())
            .execute(&mut *self.connection)
            .await?;
        self.insert(&stream, end, by, EventKind::Task { task });
        Ok(event(end))
    }

    async fn find_task(&mut self, sid: &TaskSid) -> Result<Option<(QueueSid, Task)>, ApplyError> {
        let row = sqlx::query("SELECT * FROM tasks WHERE sid = ?")
            .bind(sid.as_str())
            .fetch_optional(&mut *self.connection)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((rows::sid(&row, "queue")?, rows::task(&row)?)))
    }

    async fn account_of(&mut self, queue: &QueueSid) -> Result<AccountSid, ApplyError> {
        let row = sqlx::query("SELECT account FROM queues WHERE sid = ?")
            .bind(queue.as_str())
            .fetch_optional(&mut *self.connection)
            .await?;
        Ok(rows::sid(&row.ok_or(Rejection::NotFound)?, "account")?)
    }
}
