//! The fold: what a stream's events come to. The tables must always say the same.
//!
//! Pure, and used by the contract tests against every store. It sees only what a reader of the
//! stream sees.

use frontdesk_protocol::{
    Event, EventKind, Millis, Stream,
    state::{Channel, Message, Status, StreamState},
};

/// A stream, folded up to [`Fold::seq`].
#[derive(Debug, Clone, PartialEq)]
pub struct Fold {
    /// The position of the last event.
    pub seq: u64,
    /// Channel, members, tasks, channels.
    pub state: StreamState,
    /// All messages, oldest first.
    pub messages: Vec<Message>,
}

impl Fold {
    /// The stream before anything happened in it.
    #[must_use]
    pub fn empty() -> Self {
        Self { seq: 0, state: StreamState::default(), messages: Vec::new() }
    }

    /// All of `events`, in order.
    #[must_use]
    pub fn of<'a>(stream: &Stream, events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut fold = Self::empty();
        for event in events {
            fold.apply(stream, event);
        }
        fold
    }

    /// One more event. It must be the next one.
    pub fn apply(&mut self, stream: &Stream, event: &Event) {
        debug_assert_eq!(event.seq, self.seq + 1, "positions are dense");
        self.seq = event.seq;
        match &event.kind {
            EventKind::Msg { sid, index, cid, body, media, attributes } => {
                if let Some(author) = event.author.clone() {
                    self.messages.push(Message {
                        seq: event.seq,
                        index: *index,
                        sid: sid.clone(),
                        cid: *cid,
                        author,
                        body: body.clone(),
                        media: media.clone(),
                        attributes: attributes.clone(),
                        ts: event.ts,
                        edited: None,
                        redacted: false,
                    });
                }
            }
            EventKind::Edit { target, body, attributes } => {
                if let Some(message) = self.message(*target) {
                    message.body.clone_from(body);
                    message.attributes.clone_from(attributes);
                    message.edited = Some(event.ts);
                }
            }
            EventKind::Redact { target } => {
                if let Some(message) = self.message(*target) {
                    message.body.clear();
                    message.media = None;
                    message.attributes.clear();
                    message.redacted = true;
                }
            }
            EventKind::Join { member } => {
                let members = &mut self.state.members;
                match members.iter_mut().find(|known| known.identity == member.identity) {
                    Some(known) => known.clone_from(member),
                    None => members.push(member.clone()),
                }
            }
            EventKind::Leave { identity } => self.member(identity, |member| member.left = true),
            EventKind::Member { identity, role, name, attributes } => {
                self.member(identity, |member| {
                    member.role = *role;
                    member.name.clone_from(name);
                    member.attributes.clone_from(attributes);
                });
            }
            EventKind::Status { status } => {
                if let Some(channel) = &mut self.state.channel {
                    channel.status = *status;
                }
            }
            EventKind::Attributes { name, attributes } => {
                self.channel(stream, event.ts, |channel| {
                    channel.name.clone_from(name);
                    channel.attributes.clone_from(attributes);
                });
            }
            EventKind::Read { identity, target } => {
                self.member(identity, |member| member.read = *target);
            }
            EventKind::Seen { identity, target } => {
                self.member(identity, |member| member.seen = *target);
            }
            EventKind::Task { task } => {
                let tasks = &mut self.state.tasks;
                match tasks.iter_mut().find(|known| known.sid == task.sid) {
                    Some(known) => known.clone_from(task),
                    None => tasks.push(task.clone()),
                }
            }
            EventKind::Membership { channel, joined } => {
                let channels = &mut self.state.channels;
                channels.retain(|known| known != channel);
                if *joined {
                    channels.push(channel.clone());
                }
            }
            EventKind::Unknown {} => {}
        }
    }

    fn message(&mut self, seq: u64) -> Option<&mut Message> {
        self.messages.iter_mut().find(|message| message.seq == seq)
    }

    fn member(
        &mut self,
        identity: &frontdesk_protocol::Identity,
        change: impl FnOnce(&mut frontdesk_protocol::state::Member),
    ) {
        if let Some(member) = self.state.members.iter_mut().find(|m| m.identity == *identity) {
            change(member);
        }
    }

    fn channel(&mut self, stream: &Stream, ts: Millis, change: impl FnOnce(&mut Channel)) {
        let Stream::Channel(sid) = stream else { return };
        let channel = self.state.channel.get_or_insert_with(|| Channel {
            sid: sid.clone(),
            name: String::new(),
            status: Status::Active,
            created: ts,
            attributes: serde_json::Map::new(),
        });
        change(channel);
    }
}
