//! What a flow connects a new chat with. So far: a task in a queue ([`task`]); a Studio flow and a
//! webhook will be further arms of [`crate::storage::IntegrationConfig`].

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

/// The changes that connect a chat, to be committed together with its opening.
#[must_use]
pub fn connect(integration: &IntegrationConfig, chat: NewChat) -> Vec<Change> {
    match integration {
        IntegrationConfig::Task { queue } => task::connect(queue.clone(), chat),
    }
}
