//! What a program is asked about before it is done. Nothing that is not there yet has a SID.

use frontdesk_protocol::{
    ChannelSid, Identity,
    attributes::Attributes,
    id::{FlowSid, RoleSid},
};

use super::{MemberFacts, MessageFacts, Place, Told, UserFacts, channel::kind, json};
use crate::{listeners::Wish, storage::ChannelType};

/// `onMessageSend`.
#[must_use]
pub fn message_send(
    place: Place<'_>,
    channel: &ChannelSid,
    from: &Identity,
    body: &str,
    attributes: &Attributes,
) -> Told {
    place
        .begin(Wish::MessageSend.name())
        .field("ChannelSid", channel)
        .field("From", from)
        .field("To", channel)
        .said(body, attributes)
}

/// The form with which somebody wants to begin a chat.
#[derive(Debug, Clone, Copy)]
pub struct NewChatFacts<'a> {
    /// With which flow.
    pub flow: &'a FlowSid,
    /// For whom.
    pub identity: &'a Identity,
    /// The name of the visitor.
    pub customer_name: &'a str,
    /// The name of the chat.
    pub chat_name: &'a str,
    /// The answers of the form.
    pub answers: &'a Attributes,
}

/// `onWebChannelCreate`, with the names that WebChannels has.
#[must_use]
pub fn web_channel_create(place: Place<'_>, chat: NewChatFacts<'_>) -> Told {
    place
        .begin(Wish::WebChannelCreate.name())
        .field("FlexFlowSid", chat.flow)
        .field("Identity", chat.identity)
        .field("CustomerFriendlyName", chat.customer_name)
        .field("ChatFriendlyName", chat.chat_name)
        .field("PreEngagementData", json(chat.answers))
        .field_if("Location", chat.answers.get("location").and_then(|at| at.as_str()))
}

/// `onMessageUpdate`: the message as it would be.
#[must_use]
pub fn message_update(place: Place<'_>, message: MessageFacts<'_>, index: u64) -> Told {
    spoken(place.begin(Wish::MessageUpdate.name()), message, index)
        .said(message.body, message.attributes)
}

/// `onMessageRemove`: the message as it is.
#[must_use]
pub fn message_remove(place: Place<'_>, message: MessageFacts<'_>, index: u64) -> Told {
    spoken(place.begin(Wish::MessageRemove.name()), message, index)
        .said(message.body, message.attributes)
}

/// `onChannelAdd`.
#[must_use]
pub fn channel_add(place: Place<'_>, channel: ChannelWish<'_>) -> Told {
    named(place.begin(Wish::ChannelAdd.name()), channel)
}

/// `onChannelUpdate`: the channel as it would be.
#[must_use]
pub fn channel_update(place: Place<'_>, sid: &ChannelSid, channel: ChannelWish<'_>) -> Told {
    named(place.begin(Wish::ChannelUpdate.name()).field("ChannelSid", sid), channel)
}

/// `onChannelDestroy`: the channel as it is.
#[must_use]
pub fn channel_destroy(place: Place<'_>, sid: &ChannelSid, channel: ChannelWish<'_>) -> Told {
    named(place.begin(Wish::ChannelDestroy.name()).field("ChannelSid", sid), channel)
}

/// `onMemberAdd`.
#[must_use]
pub fn member_add(
    place: Place<'_>,
    channel: &ChannelSid,
    identity: &Identity,
    role: &RoleSid,
) -> Told {
    place
        .begin(Wish::MemberAdd.name())
        .field("ChannelSid", channel)
        .field("Identity", identity)
        .field("RoleSid", role)
}

/// `onMemberRemove`.
#[must_use]
pub fn member_remove(place: Place<'_>, member: MemberFacts<'_>) -> Told {
    place
        .begin(Wish::MemberRemove.name())
        .field("ChannelSid", member.channel)
        .field("MemberSid", member.sid)
        .field("Identity", member.identity)
        .field("RoleSid", member.role)
}

/// `onUserUpdate`: the user as they would be.
#[must_use]
pub fn user_update(place: Place<'_>, user: UserFacts<'_>) -> Told {
    place
        .begin(Wish::UserUpdate.name())
        .field("UserSid", user.sid)
        .field("Identity", user.identity)
        .field("FriendlyName", user.name)
        .field("RoleSid", user.role)
        .field("Attributes", json(user.attributes))
}

fn spoken(told: Told, message: MessageFacts<'_>, index: u64) -> Told {
    told.field("ChannelSid", message.channel)
        .field("MessageSid", message.sid)
        .field("Index", index)
        .field("From", message.from)
        .field("To", message.channel)
}

/// What somebody wants a channel to be.
#[derive(Debug, Clone, Copy)]
pub struct ChannelWish<'a> {
    /// Whether it is listed to everybody.
    pub kind: ChannelType,
    /// The name to show.
    pub name: &'a str,
    /// Its name for programs.
    pub unique_name: Option<&'a str>,
    /// What it carries.
    pub attributes: &'a Attributes,
}

fn named(told: Told, channel: ChannelWish<'_>) -> Told {
    told.field("ChannelType", kind(channel.kind))
        .field("FriendlyName", channel.name)
        .field_if("UniqueName", channel.unique_name)
        .field("Attributes", json(channel.attributes))
}
