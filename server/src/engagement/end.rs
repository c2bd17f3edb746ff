//! A chat is taken by an agent, and ends.

use frontdesk_protocol::{
    ChannelSid, Identity, MemberSid, Stream, TaskSid,
    attributes::Attributes,
    id::AccountSid,
    state::{Role, Status, Task},
};

use super::Engagement;
use crate::{
    log::Source,
    storage::{
        Access, Agent, AttributesChange, Author, Change, CommitError, NewMember, Party, PartyKind,
        Rejection, StoreError,
    },
};

/// Who ends a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ender {
    /// A member.
    Member(Party),
    /// A program of the account's.
    Account {
        /// The account.
        account: AccountSid,
        /// On whose behalf.
        source: Source,
    },
}

/// Why a chat was not ended.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EndError {
    /// No such chat, or none of theirs.
    #[error("not found")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a task was not taken or closed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TaskError {
    /// No such task in the agent's queue.
    #[error("not found")]
    NotFound,
    /// Somebody else has taken it.
    #[error("somebody else has taken the chat")]
    Taken {
        /// Who.
        by: Identity,
    },
    /// It is closed.
    #[error("the chat is closed")]
    Closed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Engagement {
    /// Ends a chat: nothing can be said in it any more, and its task is closed. Ending it again
    /// changes nothing.
    ///
    /// # Errors
    /// [`EndError`].
    pub async fn end(&self, channel: &ChannelSid, ender: Ender) -> Result<(), EndError> {
        self.end_with(channel, ender, Attributes::new()).await
    }

    /// The same, and sets these attributes on the channel with it.
    ///
    /// # Errors
    /// [`EndError`].
    pub async fn end_with(
        &self,
        channel: &ChannelSid,
        ender: Ender,
        attributes: Attributes,
    ) -> Result<(), EndError> {
        let (author, by, source) = match ender {
            Ender::Account { account, source } => {
                if self.store().channel_account(channel).await? != Some(account) {
                    return Err(EndError::NotFound);
                }
                (Author::System, None, source)
            }
            Ender::Member(party) => {
                let stream = Stream::Channel(channel.clone());
                match self.store().access(&stream, &party).await? {
                    Access::Member(_) => {
                        let identity = party.identity.clone();
                        let source = Source::Client(identity.clone());
                        (Author::Member(party), Some(identity), source)
                    }
                    Access::Reader | Access::None => return Err(EndError::NotFound),
                }
            }
        };
        let task = self.store().task_of(channel).await?;
        let changes = end_changes(channel, author, task, by, attributes);
        match self.log.commit(&source, changes).await {
            Ok(_) => Ok(()),
            Err(CommitError::Rejected { .. }) => Err(EndError::NotFound),
            Err(CommitError::Store(error)) => Err(error.into()),
        }
    }

    /// An agent takes a waiting task and comes into its channel. Taking one's own again changes
    /// nothing.
    ///
    /// # Errors
    /// [`TaskError`].
    pub async fn accept(&self, agent: &Agent, task: &TaskSid) -> Result<Task, TaskError> {
        let known = self.task_for(agent, task).await?;
        let changes = vec![
            Change::AcceptTask { sid: task.clone(), agent: agent.identity.clone() },
            Change::Join {
                channel: known.channel,
                member: NewMember {
                    sid: MemberSid::from_bits(self.random.bits()),
                    identity: agent.identity.clone(),
                    role: Role::Agent,
                    name: agent.name.clone(),
                    attributes: member_attributes(),
                },
            },
        ];
        self.commit_task(agent, changes).await?;
        self.task_for(agent, task).await
    }

    /// An agent closes a task and ends its chat. One that nobody has taken may be closed by any
    /// agent of its queue; a taken one by who took it.
    ///
    /// # Errors
    /// [`TaskError`].
    pub async fn close(&self, agent: &Agent, task: &TaskSid) -> Result<Task, TaskError> {
        let known = self.task_for(agent, task).await?;
        if let Some(by) = known.agent.clone().filter(|by| *by != agent.identity) {
            return Err(TaskError::Taken { by });
        }
        let author = match known.agent {
            Some(_) => Author::Member(Party {
                account: agent.account.clone(),
                identity: agent.identity.clone(),
                kind: PartyKind::Agent,
            }),
            None => Author::System,
        };
        let channel = known.channel.clone();
        let (by, none) = (Some(agent.identity.clone()), Attributes::new());
        let changes = end_changes(&channel, author, Some(known), by, none);
        self.commit_task(agent, changes).await?;
        self.task_for(agent, task).await
    }

    async fn task_for(&self, agent: &Agent, task: &TaskSid) -> Result<Task, TaskError> {
        let found = self.store().task(task).await?;
        let (_, task) =
            found.filter(|(account, _)| *account == agent.account).ok_or(TaskError::NotFound)?;
        Ok(task)
    }

    async fn commit_task(&self, agent: &Agent, changes: Vec<Change>) -> Result<(), TaskError> {
        let source = Source::Client(agent.identity.clone());
        match self.log.commit(&source, changes).await {
            Ok(_) => Ok(()),
            Err(CommitError::Store(error)) => Err(error.into()),
            Err(CommitError::Rejected { reason, .. }) => Err(match reason {
                Rejection::TaskTaken { by } => TaskError::Taken { by },
                Rejection::TaskClosed | Rejection::Ended => TaskError::Closed,
                Rejection::NotFound
                | Rejection::NotMember
                | Rejection::NotAuthor
                | Rejection::Conflict
                | Rejection::Exists
                | Rejection::Full
                | Rejection::Answered { .. }
                | Rejection::KeyReused => TaskError::NotFound,
            }),
        }
    }
}

fn end_changes(
    channel: &ChannelSid,
    author: Author,
    task: Option<Task>,
    by: Option<Identity>,
    mut inactive: Attributes,
) -> Vec<Change> {
    inactive.insert("status".into(), "INACTIVE".into());
    let mut changes = vec![
        Change::SetAttributes {
            channel: channel.clone(),
            author: author.clone(),
            name: None,
            attributes: AttributesChange::Merge(inactive),
        },
        Change::SetStatus { channel: channel.clone(), author, status: Status::Inactive },
    ];
    if let Some(task) = task {
        changes.push(Change::CloseTask { sid: task.sid, by });
    }
    changes
}

fn member_attributes() -> Attributes {
    let mut attributes = Attributes::new();
    attributes.insert("member_type".into(), "agent".into());
    attributes
}
