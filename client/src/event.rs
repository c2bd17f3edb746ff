//! Everything that can happen to a participant.

use frontdesk_protocol::{
    ChannelSid, Cid, MediaSid, Millis, Stream,
    attributes::Attributes,
    close::CloseCode,
    rest::{MediaLink, TokenAnswer, WebChannelAnswer},
};

use crate::{
    effect::{SocketId, Timer},
    http::{Failure, RequestId},
    outbox::OutboxEntry,
    session::{Session, Submission},
};

/// What the participant finds when it begins. The first event, exactly once.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// The session on disk, if there is one. An agent has none.
    pub session: Option<Session>,
    /// The outbox on disk, in any order.
    pub outbox: Vec<OutboxEntry>,
    /// The wall clock: Unix milliseconds. Used until the server tells its own.
    pub wall: Millis,
    /// Local time minus UTC in minutes, for date dividers: `-new Date().getTimezoneOffset()`.
    pub utc_offset_min: i32,
    /// Whether the browser believes to be online.
    pub online: bool,
    /// Whether the page is visible.
    pub visible: bool,
    /// A random id of this tab.
    pub inst: String,
}

/// Something that happened: a wish of the user, or news of the world.
///
/// Answers carry the id of what they answer; an answer to something that is no longer asked is
/// passed over, so the edge need not take care.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// It begins.
    Start(Box<Start>),

    /// The form is sent. Taken only when [`crate::Screen::Form`] is shown: a double click is one.
    SubmitForm(Submission),
    /// A message is written. It is on disk by an effect before it is sent by one.
    Compose {
        /// The channel.
        stream: Stream,
        /// The text, checked like the server checks it; one that is not valid changes nothing.
        body: String,
        /// 128 random bits.
        cid: Cid,
        /// What the program attaches.
        attributes: Attributes,
    },
    /// A message that failed shall be tried again.
    Retry {
        /// The message.
        cid: Cid,
        /// 128 random bits, used instead if the server knows `cid` with another content.
        fresh: Cid,
    },
    /// A message that failed shall go away.
    Discard {
        /// The message.
        cid: Cid,
    },
    /// The user changed the text in the composer, and there is some.
    Keystroke {
        /// The channel.
        stream: Stream,
    },
    /// The composer is empty again without a message (sending one does this by itself).
    Cleared {
        /// The channel.
        stream: Stream,
    },
    /// The user has this message before their eyes; tell it when it becomes true, not on a timer.
    ReadUpTo {
        /// The channel.
        stream: Stream,
        /// The newest message in sight.
        seq: u64,
    },
    /// The user scrolled up and wants older messages.
    LoadOlder {
        /// The channel.
        stream: Stream,
    },
    /// Follow this stream from now on.
    Follow {
        /// The stream.
        stream: Stream,
    },
    /// Do not follow this stream any more; its local copy goes.
    Unfollow {
        /// The stream.
        stream: Stream,
    },
    /// The user wants the file beside a message.
    OpenFile(MediaSid),
    /// The user ends the chat. The end itself comes back as an event of the channel.
    End {
        /// The chat.
        channel: ChannelSid,
    },
    /// "Start again" and "forget this chat on this device": session, outbox and timeline go.
    Forget,
    /// "Try again": connect now, whatever the waiting time or the failure.
    TryNow,

    /// The browser is online again.
    Online,
    /// The browser is offline.
    Offline,
    /// The page became visible.
    Visible,
    /// The page became hidden.
    Hidden,
    /// The page is left, perhaps for the back/forward cache.
    PageHide,
    /// The page is back from the cache. The edge sends [`Event::SessionChanged`] with what is on
    /// disk just before it.
    PageShow,

    /// A timer is up.
    Timer(Timer),
    /// The answer to [`crate::Effect::FetchToken`].
    TokenAnswered {
        /// The request.
        request: RequestId,
        /// The token, or why not.
        result: Result<TokenAnswer, Failure>,
    },
    /// The answer to [`crate::Effect::CreateChannel`].
    ChannelAnswered {
        /// The request.
        request: RequestId,
        /// The channel, or why not.
        result: Result<WebChannelAnswer, Failure>,
    },
    /// The answer to [`crate::Effect::EndChannel`].
    EndAnswered {
        /// The request.
        request: RequestId,
        /// Nothing, or why not.
        result: Result<(), Failure>,
    },
    /// The answer to [`crate::Effect::FetchLink`].
    LinkAnswered {
        /// The request.
        request: RequestId,
        /// Where the file is now, or why not.
        result: Result<MediaLink, Failure>,
    },
    /// A socket is open.
    SocketOpened {
        /// The socket.
        socket: SocketId,
    },
    /// A socket is closed, or could not be opened.
    SocketClosed {
        /// The socket.
        socket: SocketId,
        /// Why; 1006 if nobody said.
        code: CloseCode,
    },
    /// A text frame arrived.
    Received {
        /// The socket.
        socket: SocketId,
        /// The frame.
        text: String,
    },
    /// Another tab changed the session on disk.
    SessionChanged(Option<Box<Session>>),
    /// Another tab put an entry into the outbox on disk, or changed one.
    EntryChanged(Box<OutboxEntry>),
    /// Another tab took an entry out of the outbox on disk.
    EntryGone(Cid),
}
