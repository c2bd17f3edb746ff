//! What hooks are told of, by the retired service's names.

/// Something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// Something was said.
    MessageSent,
    /// Something was said with a file beside it.
    MediaMessageSent,
    /// A message was changed.
    MessageUpdated,
    /// A message was taken back.
    MessageRemoved,
    /// A channel was opened.
    ChannelAdded,
    /// A channel's name or attributes were changed.
    ChannelUpdated,
    /// A channel was removed.
    ChannelDestroyed,
    /// Somebody came into a channel.
    MemberAdded,
    /// A member's role or attributes were changed.
    MemberUpdated,
    /// Somebody left a channel, or was made to.
    MemberRemoved,
    /// A user was made.
    UserAdded,
    /// A user was changed.
    UserUpdated,
}

impl Event {
    /// Its name in filters and payloads.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MessageSent => "onMessageSent",
            Self::MediaMessageSent => "onMediaMessageSent",
            Self::MessageUpdated => "onMessageUpdated",
            Self::MessageRemoved => "onMessageRemoved",
            Self::ChannelAdded => "onChannelAdded",
            Self::ChannelUpdated => "onChannelUpdated",
            Self::ChannelDestroyed => "onChannelDestroyed",
            Self::MemberAdded => "onMemberAdded",
            Self::MemberUpdated => "onMemberUpdated",
            Self::MemberRemoved => "onMemberRemoved",
            Self::UserAdded => "onUserAdded",
            Self::UserUpdated => "onUserUpdated",
        }
    }
}

/// Somebody wants to do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wish {
    /// Say something.
    MessageSend,
    /// Change a message.
    MessageUpdate,
    /// Take a message back.
    MessageRemove,
    /// Open a channel.
    ChannelAdd,
    /// Change a channel's name or attributes.
    ChannelUpdate,
    /// Remove a channel.
    ChannelDestroy,
    /// Come into a channel, or bring somebody in.
    MemberAdd,
    /// Leave a channel, or make somebody leave.
    MemberRemove,
    /// Change one's name or attributes.
    UserUpdate,
    /// Begin a chat with a form. Ours: the retired service had nothing of the kind.
    WebChannelCreate,
}

impl Wish {
    /// Its name in filters and payloads.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MessageSend => "onMessageSend",
            Self::MessageUpdate => "onMessageUpdate",
            Self::MessageRemove => "onMessageRemove",
            Self::ChannelAdd => "onChannelAdd",
            Self::ChannelUpdate => "onChannelUpdate",
            Self::ChannelDestroy => "onChannelDestroy",
            Self::MemberAdd => "onMemberAdd",
            Self::MemberRemove => "onMemberRemove",
            Self::UserUpdate => "onUserUpdate",
            Self::WebChannelCreate => "onWebChannelCreate",
        }
    }
}
