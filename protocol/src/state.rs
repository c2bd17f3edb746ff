//! What a stream looks like at one moment: what a snapshot carries, and what a fold over the
//! stream's events yields. The two must always agree.

use serde::{Deserialize, Serialize};

use crate::{
    attributes::Attributes,
    id::{ChannelSid, Cid, Identity, MessageSid, TaskSid},
    media::Media,
    readable, readable_words,
    time::Millis,
};

/// A message as it stands now, edits and redaction applied.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Message {
    /// Position of the event that said it.
    pub seq: u64,
    /// Its number among the channel's messages only, dense from 0.
    pub index: u64,
    /// Its public id.
    pub sid: MessageSid,
    /// Its sender's own id, if the sender gave one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cid: Option<Cid>,
    /// Who said it.
    pub author: Identity,
    /// The text; empty once redacted, and perhaps beside a file.
    pub body: String,
    /// The file beside it; gone once redacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<Media>,
    /// What programs attached to it.
    #[serde(skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    /// When it was said: Unix milliseconds of the server.
    pub ts: Millis,
    /// When it was last edited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edited: Option<Millis>,
    /// Whether its text was taken back.
    #[serde(skip_serializing_if = "is_false")]
    pub redacted: bool,
}

/// What part somebody plays in a channel. The server's word, never the name's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The visitor.
    Guest,
    /// A person who answers.
    Agent,
    /// A program that answers.
    Bot,
}

/// Somebody in a channel, or who was.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    /// Who.
    pub identity: Identity,
    /// As what.
    pub role: Role,
    /// The name to show.
    pub name: String,
    /// Everything up to this position reached a device of theirs; 0 for nothing.
    pub seen: u64,
    /// Everything up to this position was read: the consumption horizon; 0 for nothing.
    pub read: u64,
    /// Whether they left. Their name is still needed for what they said.
    #[serde(skip_serializing_if = "is_false")]
    pub left: bool,
    /// What programs attached to the member.
    #[serde(skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
}

/// Whether a chat goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// It goes on.
    #[default]
    Active,
    /// It has ended; nothing more can be said in it.
    Inactive,
}

/// A channel without its members and messages.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Channel {
    /// Its SID.
    pub sid: ChannelSid,
    /// The name to show.
    pub name: String,
    /// Whether the chat goes on.
    pub status: Status,
    /// When it was opened.
    pub created: Millis,
    /// `pre_engagement_data`, `channel_type`, `from` and whatever programs attached.
    pub attributes: Attributes,
}

/// How far a task for agents is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskStatus {
    /// Nobody has taken it yet.
    Waiting,
    /// An agent has taken it.
    Accepted,
    /// It is done.
    Closed,
}

/// A chat that agents are asked to take.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Task {
    /// Its SID.
    pub sid: TaskSid,
    /// The chat.
    pub channel: ChannelSid,
    /// How far it is.
    pub status: TaskStatus,
    /// The visitor's name.
    pub name: String,
    /// When it began to wait.
    pub created: Millis,
    /// When its status last changed.
    pub updated: Millis,
    /// Who has taken it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<Identity>,
    /// The answers of the form, with the page (`location`) they were given on.
    pub attributes: Attributes,
}

/// The state of a stream at a position, without its messages.
///
/// A channel has `channel` and `members`, a queue `tasks`, a user `channels`.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct StreamState {
    /// The channel itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// Everybody who is or was in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// The queue's tasks: all that are open, and the newest closed ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
    /// The channels the user is in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<ChannelSid>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
pub(crate) fn is_false(value: &bool) -> bool {
    !*value
}

readable! {
    Message { seq, index, sid, cid, author, body, media, ts, edited; attributes, redacted }
    Member { identity, role, name; seen, read, left, attributes }
    Channel { sid, name, status, created; attributes }
    Task { sid, channel, status, name, created, updated, agent; attributes }
    StreamState { channel; members, tasks, channels }
}
readable_words! {
    Role { "guest" => Guest, "agent" => Agent, "bot" => Bot, }
    Status { "ACTIVE" => Active, "INACTIVE" => Inactive, }
    TaskStatus { "waiting" => Waiting, "accepted" => Accepted, "closed" => Closed, }
}
