//! Everything that can be changed, as one closed list.

use frontdesk_protocol::{
    ChannelSid, Cid, Identity, MediaSid, MemberSid, MessageSid, QueueSid, TaskSid, UserSid,
    attributes::Attributes,
    id::{AccountSid, InviteSid, RoleSid, ServiceSid, WebhookSid},
    state::{Role, Status},
    time::Millis,
};

use super::{
    ChannelType, NewDelivery, NewEngagement, NewWebhook, Party,
    directory::{Family, Idempotency, User},
};

/// Who changes something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    /// A member: it is checked, in the transaction, that they are one now.
    Member(Party),
    /// Whoever an account's own credentials speak for. Nothing is checked.
    Anybody(Identity),
    /// The server itself, or an account's own credentials. Nothing is checked.
    System,
}

/// Who says something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Speaker {
    /// A member: it is checked, in the transaction, that they are one now and the chat goes on.
    Member(Party),
    /// Whoever an account's own credentials speak for. Nothing is checked.
    Anybody(Identity),
}

impl Speaker {
    /// Under whose name.
    #[must_use]
    pub const fn identity(&self) -> &Identity {
        match self {
            Self::Member(party) => &party.identity,
            Self::Anybody(identity) => identity,
        }
    }
}

/// Which of a member's marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Messages reached a device.
    Seen,
    /// Messages were read.
    Read,
}

/// How attributes change.
#[derive(Debug, Clone, PartialEq)]
pub enum AttributesChange {
    /// They are these from now on.
    Replace(Attributes),
    /// These keys are set, the others stay.
    Merge(Attributes),
}

/// Somebody who comes into a channel. If the account has a user of this identity, their stream
/// tells of it too.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMember {
    /// The member's SID, used if they were never in the channel.
    pub sid: MemberSid,
    /// Who.
    pub identity: Identity,
    /// As what.
    pub role: Role,
    /// The name to show.
    pub name: String,
    /// What programs attach.
    pub attributes: Attributes,
}

/// One change. A commit is a list of them: all are done, or none.
///
/// What must hold at that instant is checked inside the transaction and answered by a
/// [`super::Rejection`]. A change that changes nothing yields no event.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Makes the user of an identity, if the account has none.
    EnsureUser {
        /// The SID a new user gets.
        sid: UserSid,
        /// The account.
        account: AccountSid,
        /// Who.
        identity: Identity,
        /// The name to show.
        name: String,
    },
    /// Opens a channel. Its first event is `attributes`.
    OpenChannel {
        /// Its SID.
        sid: ChannelSid,
        /// The account.
        account: AccountSid,
        /// The chat service it belongs to.
        service: ServiceSid,
        /// A name for programs, unique in the service.
        unique_name: Option<String>,
        /// The name to show.
        name: String,
        /// Whether it is listed to everybody.
        kind: ChannelType,
        /// Who asked for it.
        created_by: Identity,
        /// What it carries.
        attributes: Attributes,
        /// The key of the channel's content hashes: random, and it never leaves the store.
        key: [u8; 32],
    },
    /// Says something.
    Say {
        /// Where.
        channel: ChannelSid,
        /// Who.
        author: Speaker,
        /// The message's SID, if it is new.
        sid: MessageSid,
        /// The sender's own id of it.
        cid: Option<Cid>,
        /// The text.
        body: String,
        /// The file beside it: [`super::Rejection::NotFound`] if it is not the account's, somebody
        /// else brought it, or it was said already.
        media: Option<MediaSid>,
        /// What programs attach.
        attributes: Attributes,
        /// What the sender gave in its place, if a program of the account's changed it: a repetition
        /// of the `cid` is compared with this.
        submitted: Option<(String, Attributes)>,
    },
    /// Changes a message's text and attributes.
    Edit {
        /// Where.
        channel: ChannelSid,
        /// Who: a member may only change what they said.
        author: Author,
        /// The message's `seq`.
        target: u64,
        /// Its new text.
        body: String,
        /// Its new attributes.
        attributes: Attributes,
    },
    /// Takes a message's text back: it is emptied wherever the store holds it, and the file beside
    /// it is erased.
    Redact {
        /// Where.
        channel: ChannelSid,
        /// Who: a member may only take back what they said.
        author: Author,
        /// The message's `seq`.
        target: u64,
    },
    /// Brings somebody in, or back in. Who is in already stays as they are.
    Join {
        /// Where.
        channel: ChannelSid,
        /// Who.
        member: NewMember,
    },
    /// Brings somebody in who is not in: [`super::Rejection::Exists`] if they are,
    /// [`super::Rejection::Full`] if `most` are in. An invitation of theirs is used up.
    Add {
        /// Where.
        channel: ChannelSid,
        /// Who.
        member: NewMember,
        /// The role the account gives them, if not the service's default.
        role_sid: Option<RoleSid>,
        /// Most members.
        most: usize,
    },
    /// Somebody leaves.
    Leave {
        /// Where.
        channel: ChannelSid,
        /// Who.
        identity: Identity,
    },
    /// Changes a member's name, role and attributes.
    SetMember {
        /// Where.
        channel: ChannelSid,
        /// Who.
        identity: Identity,
        /// As what.
        role: Role,
        /// The name to show.
        name: String,
        /// What programs attach.
        attributes: Attributes,
    },
    /// Changes what the account alone sees of a member. What is `None` stays.
    KeepMember {
        /// Where.
        channel: ChannelSid,
        /// Who: [`super::Rejection::NotFound`] if they are not in.
        identity: Identity,
        /// The role the account gives them.
        role_sid: Option<RoleSid>,
        /// Whether they want to be told of new messages less.
        muted: Option<bool>,
    },
    /// Invites somebody: [`super::Rejection::Exists`] if they are in or invited.
    Invite {
        /// Where.
        channel: ChannelSid,
        /// The invitation's SID.
        sid: InviteSid,
        /// Who.
        identity: Identity,
        /// The role they will have, if not the service's default.
        role_sid: Option<RoleSid>,
        /// Who invites.
        created_by: Identity,
    },
    /// Takes an invitation back.
    Uninvite {
        /// Where.
        channel: ChannelSid,
        /// The invitation's SID.
        sid: InviteSid,
    },
    /// Changes what programs see of a channel. What is `None` stays.
    KeepChannel {
        /// Where.
        channel: ChannelSid,
        /// Its name for programs: [`super::Rejection::Exists`] if the service has it already. An
        /// empty one takes the name away.
        unique_name: Option<String>,
        /// Who asked for it.
        created_by: Option<Identity>,
    },
    /// Erases a channel with everything said in it, files too. Everybody in it leaves first, so that whoever
    /// follows it is told.
    RemoveChannel {
        /// Which.
        channel: ChannelSid,
    },
    /// Makes a user: [`super::Rejection::Exists`] if the account has one of the identity.
    AddUser {
        /// The user.
        user: User,
        /// The role the account gives them, if not the service's default.
        role_sid: Option<RoleSid>,
    },
    /// Changes a user. What is `None` stays.
    KeepUser {
        /// Which.
        sid: UserSid,
        /// The name to show.
        name: Option<String>,
        /// What programs attach.
        attributes: Option<Attributes>,
        /// The role the account gives them.
        role_sid: Option<RoleSid>,
    },
    /// Removes a user, who leaves all their channels: [`super::Rejection::Exists`] if an agent is
    /// this user.
    RemoveUser {
        /// Which.
        sid: UserSid,
    },
    /// Ends a chat, or begins it again.
    SetStatus {
        /// Where.
        channel: ChannelSid,
        /// Who: a member is checked to be one.
        author: Author,
        /// From now on.
        status: Status,
    },
    /// Changes a channel's attributes and, perhaps, its name.
    SetAttributes {
        /// Where.
        channel: ChannelSid,
        /// Who.
        author: Author,
        /// The new name, if it changes.
        name: Option<String>,
        /// The attributes.
        attributes: AttributesChange,
    },
    /// Moves a mark of a member forward, to the last message of somebody at or below `upto`.
    ///
    /// An ended chat can still be read. Without a movement there is no event.
    Move {
        /// Where.
        channel: ChannelSid,
        /// Whose.
        party: Party,
        /// Which mark.
        mark: Mark,
        /// A position.
        upto: u64,
    },
    /// Puts a waiting task into a queue.
    OpenTask {
        /// The queue.
        queue: QueueSid,
        /// Its SID.
        sid: TaskSid,
        /// The chat it is about.
        channel: ChannelSid,
        /// The visitor's name.
        name: String,
        /// The answers of the form.
        attributes: Attributes,
    },
    /// An agent takes a waiting task. Who has it already changes nothing.
    AcceptTask {
        /// The task.
        sid: TaskSid,
        /// Who takes it.
        agent: Identity,
    },
    /// Closes a task, from whatever status it has.
    CloseTask {
        /// The task.
        sid: TaskSid,
        /// Who; `None` is the server itself.
        by: Option<Identity>,
    },
    /// Remembers the answer to an idempotency key, so that the same request is answered the same.
    Remember(Idempotency),
    /// Begins to keep the continuity of a guest's tokens.
    KeepFamily(Family),
    /// Remembers how a chat was opened, or that people are to answer now:
    /// [`super::Rejection::Exists`] if they were before.
    KeepEngagement(NewEngagement),
    /// Puts a delivery into the queue if change number `about` of this commit, an earlier one, newly
    /// did something: it came to an event or to a message that was not known. One that came to
    /// nothing to tell counts only if `quiet`.
    Enqueue {
        /// Which change of the commit, from 0: [`super::Rejection::NotFound`] if it is no earlier one.
        about: usize,
        /// Whether a change without an event counts.
        quiet: bool,
        /// What is to be delivered.
        delivery: Box<NewDelivery>,
    },
    /// Makes or replaces a webhook of a channel: [`super::Rejection::Full`] if a new one would be
    /// one more than [`super::WEBHOOKS_PER_CHANNEL`], [`super::Rejection::Exists`] if it is another
    /// channel's.
    PutWebhook {
        /// Where.
        channel: ChannelSid,
        /// The webhook.
        webhook: Box<NewWebhook>,
    },
    /// Removes a webhook of a channel. What it was to be told already still goes out.
    RemoveWebhook {
        /// Where.
        channel: ChannelSid,
        /// Which.
        sid: WebhookSid,
    },
}

/// A message is durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// Its position.
    pub seq: u64,
    /// Its number among messages.
    pub index: u64,
    /// When it was stored.
    pub ts: Millis,
    /// Whether it had been stored before.
    pub dup: bool,
}

/// What a change came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A message, new or known.
    Said(Said),
    /// Done, with its event at this position.
    Event {
        /// The position in the stream the change is about.
        seq: u64,
        /// When.
        ts: Millis,
    },
    /// Done, and nothing to tell anybody.
    Quiet,
}
