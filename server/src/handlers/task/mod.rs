//! The default integration: a task in the agents' queue.

use frontdesk_protocol::QueueSid;

use super::NewChat;
use crate::storage::Change;

/// Queues a task for agents.
#[must_use]
pub fn connect(queue: QueueSid, chat: NewChat) -> Vec<Change> {
    let NewChat { channel, task, name, answers } = chat;
    vec![Change::OpenTask { queue, sid: task, channel, name, attributes: answers }]
}
