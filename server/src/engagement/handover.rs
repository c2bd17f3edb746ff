//! A program gives a chat to people.

use frontdesk_protocol::{
    ChannelSid, TaskSid, attributes::Attributes, id::AccountSid, state::Status,
};
use serde_json::Value;

use super::Engagement;
use crate::{
    handlers::external,
    log::Source,
    storage::{
        AttributesChange, Author, Change, CommitError, NewEngagement, Rejection, StoreError,
    },
};

/// Why a chat was not given to people.
#[derive(Debug, Clone, thiserror::Error)]
pub enum HandoverError {
    /// No such chat of the account's.
    #[error("not found")]
    NotFound,
    /// It has ended.
    #[error("the chat has ended")]
    Ended,
    /// The account has no queue.
    #[error("the account has no queue")]
    NoQueue,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Engagement {
    /// Gives a chat to the agents: a task in the account's first queue, and the program that the
    /// chat was connected with hears no more of it. Doing it again changes nothing.
    ///
    /// # Errors
    /// [`HandoverError`].
    pub async fn hand_over(
        &self,
        account: &AccountSid,
        channel: &ChannelSid,
        source: &Source,
    ) -> Result<(), HandoverError> {
        let record = self.store().engagement(channel).await?;
        let record = record.filter(|record| record.engagement.account == *account);
        let known = record.ok_or(HandoverError::NotFound)?.engagement;
        if known.task.is_some() {
            return Ok(());
        }
        let chat = self.store().channel(channel).await?.ok_or(HandoverError::NotFound)?;
        if chat.status != Status::Active {
            return Err(HandoverError::Ended);
        }
        let queue = self.store().queues(account).await?.into_iter().next();
        let queue = queue.ok_or(HandoverError::NoQueue)?.sid;
        let task = TaskSid::from_bits(self.random.bits());
        let answers = chat.attributes.get("pre_engagement_data").and_then(Value::as_object);
        let name = chat.attributes.get("from").and_then(Value::as_str).unwrap_or(&chat.name);
        let mut carries = Attributes::new();
        carries.insert("task_sid".into(), task.as_str().into());
        let mut changes = vec![
            // First of all, because it is refused if somebody else was faster.
            Change::KeepEngagement(NewEngagement { task: Some(task.clone()), ..known }),
            Change::OpenTask {
                queue,
                sid: task,
                channel: channel.clone(),
                name: name.to_owned(),
                attributes: answers.cloned().unwrap_or_default(),
            },
            Change::SetAttributes {
                channel: channel.clone(),
                author: Author::System,
                name: None,
                attributes: AttributesChange::Merge(carries),
            },
        ];
        let sid = external::webhook_of(channel);
        if self.store().webhook(channel, &sid).await?.is_some() {
            changes.push(Change::RemoveWebhook { channel: channel.clone(), sid });
        }
        match self.log.commit(source, changes).await {
            Ok(_) | Err(CommitError::Rejected { reason: Rejection::Exists, .. }) => Ok(()),
            Err(CommitError::Rejected { .. }) => Err(HandoverError::NotFound),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }
}
