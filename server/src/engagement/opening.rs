//! All that comes to be with a chat, as one list of changes.

use frontdesk_protocol::{
    Body, ChannelSid, MemberSid, MessageSid, TaskSid, UserSid,
    attributes::{self, Attributes},
    id::AccountSid,
    limits::CHANNEL_ATTRIBUTES_BYTES,
    state::Role,
};
use serde_json::{Value, json};

use super::{Asker, Engagement, Request};
use crate::{
    handlers::{self, NewChat},
    storage::{
        Change, ChannelType, Family, FlowRecord, Idempotency, NewEngagement, NewMember, Speaker,
        system,
    },
};

/// With what a chat is opened, beside what was asked for.
pub(super) struct Opening<'a> {
    pub(super) name: &'a str,
    /// Of what was asked for.
    pub(super) hash: [u8; 32],
    /// What the channel carries beside.
    pub(super) attributes: Attributes,
    /// What the visitor says first.
    pub(super) first_message: Option<Body>,
}

impl Engagement {
    /// The changes that are committed together; `None` if nothing here runs the flow.
    pub(super) fn changes(
        &self,
        account: &AccountSid,
        flow: &FlowRecord,
        request: &Request,
        channel: &ChannelSid,
        opening: Opening<'_>,
    ) -> Option<Vec<Change>> {
        let Opening { name, hash, attributes, first_message } = opening;
        let connection = handlers::connect(
            flow,
            NewChat {
                channel: channel.clone(),
                task: TaskSid::from_bits(self.random.bits()),
                name: name.to_owned(),
                answers: request.pre_engagement_data.clone(),
            },
        )?;
        let (flow, task) = (&flow.flow, connection.task);
        let user = UserSid::from_bits(self.random.bits());
        let mut changes = Vec::new();
        if let Some(key) = &request.idempotency_key {
            changes.push(Change::Remember(Idempotency {
                account: account.clone(),
                identity: request.identity.clone(),
                key: key.clone(),
                content_hash: hash,
                channel: channel.clone(),
            }));
        }
        changes.push(Change::EnsureUser {
            sid: user,
            account: account.clone(),
            identity: request.identity.clone(),
            name: name.to_owned(),
        });
        changes.push(Change::OpenChannel {
            sid: channel.clone(),
            account: account.clone(),
            service: flow.service.clone(),
            unique_name: Some(match &request.unique_name {
                Some(name) => name.clone(),
                None => uuid(self.random.bits()),
            }),
            name: request.chat_name.clone(),
            kind: ChannelType::Private,
            created_by: system(),
            attributes: channel_attributes(request, name, task.as_ref(), attributes),
            key: self.random.secret(),
        });
        changes.push(Change::Join {
            channel: channel.clone(),
            member: NewMember {
                sid: MemberSid::from_bits(self.random.bits()),
                identity: request.identity.clone(),
                role: Role::Guest,
                name: name.to_owned(),
                attributes: object(json!({ "member_type": "guest" })),
            },
        });
        changes.extend(connection.changes);
        changes.push(Change::KeepEngagement(NewEngagement {
            channel: channel.clone(),
            account: account.clone(),
            flow: flow.sid.clone(),
            identity: request.identity.clone(),
            task,
        }));
        if let Asker::Guest(token) = &request.asker
            && let Some(secret) = token.secret_hash
        {
            changes.push(Change::KeepFamily(Family {
                id: token.family,
                account: account.clone(),
                identity: request.identity.clone(),
                generation: 0,
                advanced: token.began,
                revoked: None,
                first_secret: Some(secret),
            }));
        }
        if let (Asker::Guest(token), Some(body)) = (&request.asker, first_message) {
            // With the opening or not at all: no reload comes between, and no repetition says it
            // again.
            changes.push(Change::Say {
                channel: channel.clone(),
                author: Speaker::Member(token.party.clone()),
                sid: MessageSid::from_bits(self.random.bits()),
                cid: None,
                body: body.into_string(),
                attributes: Attributes::new(),
                media: None,
                submitted: None,
            });
        }
        Some(changes)
    }
}

/// What the retired service's orchestration wrote on a channel, our own form's answers, and, as far
/// as they fit beside, a program's attributes.
fn channel_attributes(
    request: &Request,
    name: &str,
    task: Option<&TaskSid>,
    attributes: Attributes,
) -> Attributes {
    let ours = object(json!({
        "pre_engagement_data": request.pre_engagement_data,
        "channel_type": "web",
        "from": name,
        "status": "ACTIVE",
        "long_lived": false,
        "task_sid": task,
    }));
    let mut all = attributes;
    all.extend(ours.clone());
    if attributes::fits(&all, CHANNEL_ATTRIBUTES_BYTES) { all } else { ours }
}

fn object(value: Value) -> Attributes {
    match value {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Attributes::new()
        }
    }
}

/// A random UUID (RFC 9562, version 4), as the retired service named its channels.
fn uuid(bits: u128) -> String {
    let bits = bits & !(0xf << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
