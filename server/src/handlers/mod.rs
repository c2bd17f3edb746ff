//! What a flow connects a new chat with: a task in a queue ([`task`]), or a program of the account's
//! ([`external`]). A Studio flow is kept, but nothing here runs it.

pub mod external;
pub mod task;

use frontdesk_protocol::{ChannelSid, TaskSid, attributes::Attributes};

use crate::storage::{Change, FlowRecord, IntegrationConfig};

/// A chat that is about to be opened.
#[derive(Debug, Clone, PartialEq)]
pub struct NewChat {
    /// Its channel.
    pub channel: ChannelSid,
    /// The SID of the task about it, if there is to be one.
    pub task: TaskSid,
    /// The visitor's name.
    pub name: String,
    /// The answers of the form.
    pub answers: Attributes,
}

/// How a chat is connected.
#[derive(Debug, Clone, PartialEq)]
pub struct Connection {
    /// To be committed together with its opening.
    pub changes: Vec<Change>,
    /// The task about it, if people are to answer.
    pub task: Option<TaskSid>,
}

/// Connects a chat as its flow says; `None` if nothing here can.
#[must_use]
pub fn connect(flow: &FlowRecord, chat: NewChat) -> Option<Connection> {
    match &flow.flow.integration {
        IntegrationConfig::Task { queue } => {
            let task = Some(chat.task.clone());
            Some(Connection { changes: task::connect(queue.clone(), chat), task })
        }
        IntegrationConfig::External => {
            let changes = external::connect(&flow.settings, &chat.channel)?;
            Some(Connection { changes, task: None })
        }
        IntegrationConfig::Studio => None,
    }
}
