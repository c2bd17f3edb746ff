//! What a flow connects a new chat with. So far: a task in a queue ([`task`]). A Studio flow and a
//! program of the account's are kept, but nothing here runs them yet.

pub mod task;

use frontdesk_protocol::{ChannelSid, TaskSid, attributes::Attributes};

use crate::storage::{Change, IntegrationConfig};

/// A chat that is about to be opened.
#[derive(Debug, Clone, PartialEq)]
pub struct NewChat {
    /// Its channel.
    pub channel: ChannelSid,
    /// The SID of the task about it.
    pub task: TaskSid,
    /// The visitor's name.
    pub name: String,
    /// The answers of the form.
    pub answers: Attributes,
}

/// The changes that connect a chat, to be committed together with its opening; `None` if nothing
/// here can connect one.
#[must_use]
pub fn connect(integration: &IntegrationConfig, chat: NewChat) -> Option<Vec<Change>> {
    match integration {
        IntegrationConfig::Task { queue } => Some(task::connect(queue.clone(), chat)),
        IntegrationConfig::External | IntegrationConfig::Studio => None,
    }
}
