//! Everything a participant can ask of the world.

use frontdesk_protocol::{
    ChannelSid, Cid, CloseCode, Identity, MediaSid, Stream,
    id::{AccountSid, FlowSid},
};

use crate::{http::RequestId, outbox::OutboxEntry, session::Session, timeline::Diff};

/// A websocket of this participant. Counted up; never the same twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SocketId(pub u32);

/// A delay whose moment the edge draws at random, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay {
    /// At least so many milliseconds.
    pub least_ms: u64,
    /// At most so many.
    pub most_ms: u64,
}

impl Delay {
    /// A delay without randomness.
    #[must_use]
    pub const fn exactly(delay_ms: u64) -> Self {
        Self { least_ms: delay_ms, most_ms: delay_ms }
    }

    /// The delay for a draw: `jitter` in `0.0..1.0`.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "delays are far below 2^53 and not negative"
    )]
    pub fn draw(self, jitter: f64) -> u64 {
        self.least_ms + (self.most_ms.saturating_sub(self.least_ms) as f64 * jitter) as u64
    }
}

/// The timers, one of each: setting one that runs replaces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timer {
    /// The time to try to connect again.
    Reconnect,
    /// The socket must be open and welcomed by now.
    Handshake,
    /// Look whether the socket has been silent for too long.
    Silence,
    /// The probe must be answered by now.
    Probe,
    /// Sends must be acknowledged by now.
    Ack,
    /// Sends that were put off by the server may go again.
    Resend,
    /// Streams that were put off by the server may be asked for again.
    Resub,
    /// Entries of other tabs that are still unsent are sent by this one.
    Adopt,
    /// The token request must be answered by now.
    Token,
    /// Ask for a new token again.
    Refresh,
    /// The channel request must be answered by now, or may be repeated.
    Opening,
    /// Ask for the end of the chat again.
    Ending,
    /// A page of history must be here by now.
    Page,
    /// A page of history that was refused or did not come may be asked for again.
    Older,
    /// `seen` and `read` may be sent again.
    Marks,
    /// The user has stopped typing.
    TypingIdle,
    /// Somebody else's typing is too old to be shown.
    TypingExpiry,
    /// The page has been hidden for long.
    HiddenLong,
    /// An ended chat needs no connection any more.
    Linger,
}

/// Which token is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenWish {
    /// A new guest: `POST /v1/Accounts/{AC}/Tokens` with `continuity`.
    Fresh {
        /// The account.
        account: AccountSid,
        /// The site's public id.
        site: String,
    },
    /// The same guest again: `POST /v1/Accounts/{AC}/Tokens/refresh`.
    Refresh {
        /// The account.
        account: AccountSid,
        /// The continuity secret.
        secret: String,
        /// The last token, perhaps expired.
        token: String,
    },
    /// The agent who is logged in: `POST /console/api/token`.
    Agent,
}

/// What `POST /v1/WebChannels` needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateChannel {
    /// Which request this is.
    pub request: RequestId,
    /// The guest token, the password of Basic authentication with the user name `token`.
    pub token: String,
    /// `Idempotency-Key`.
    pub key: String,
    /// `FlexFlowSid`.
    pub flow: FlowSid,
    /// `Identity`.
    pub identity: Identity,
    /// `CustomerFriendlyName` and `ChatFriendlyName`.
    pub name: String,
    /// `PreEngagementData`: a JSON object, written.
    pub data: String,
}

/// Something to do. Effects are carried out in the order they are given.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Fetch a token; answered by [`crate::Event::TokenAnswered`].
    FetchToken {
        /// Which request this is.
        request: RequestId,
        /// Which token.
        wish: TokenWish,
    },
    /// Open a channel; answered by [`crate::Event::ChannelAnswered`].
    CreateChannel(Box<CreateChannel>),
    /// End a chat; answered by [`crate::Event::EndAnswered`].
    EndChannel {
        /// Which request this is.
        request: RequestId,
        /// The chat.
        channel: ChannelSid,
        /// The guest token; an agent's console uses its cookie.
        token: String,
    },
    /// Ask where a file is now; answered by [`crate::Event::LinkAnswered`].
    FetchLink {
        /// Which request this is.
        request: RequestId,
        /// The file.
        media: MediaSid,
        /// The token.
        token: String,
    },
    /// Open this address beside the page, which saves what is there.
    OpenLink(String),
    /// Open a websocket; answered by `SocketOpened` or `SocketClosed`.
    OpenSocket {
        /// Its id.
        socket: SocketId,
    },
    /// Send a text frame.
    SendText {
        /// The socket.
        socket: SocketId,
        /// The frame.
        text: String,
    },
    /// Close a socket and forget it: nothing more is heard of it.
    CloseSocket {
        /// The socket.
        socket: SocketId,
        /// The code to give; 1000 and 4900 are used.
        code: CloseCode,
    },
    /// Set a timer; it comes back as [`crate::Event::Timer`].
    SetTimer {
        /// Which.
        timer: Timer,
        /// When.
        delay: Delay,
    },
    /// Stop a timer.
    ClearTimer(Timer),
    /// Put the session on disk.
    SaveSession(Box<Session>),
    /// Take the session off the disk.
    ForgetSession,
    /// Put an outbox entry on disk, by its `cid`.
    SaveEntry(Box<OutboxEntry>),
    /// Take an outbox entry off the disk.
    ForgetEntry(Cid),
    /// Something that is shown has changed.
    Changed(Notice),
    /// A sentence for developers, for the browser's console.
    Report(String),
}

/// What has changed, so that views read again only that.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// [`crate::Client::screen`].
    Screen,
    /// [`crate::Client::connection`].
    Connection,
    /// Rows of [`crate::Client::timeline`]: apply the diffs in their order.
    Timeline {
        /// The channel.
        stream: Stream,
        /// What changed. They hold the rows, so nothing need be read again.
        diffs: Vec<Diff>,
    },
    /// Name, status, members or paging of [`crate::Client::timeline`], its rows aside.
    Channel(Stream),
    /// [`crate::Client::unread`] of this stream, and the total.
    Unread(Stream),
    /// [`crate::Client::typing`].
    Typing(Stream),
    /// [`crate::Client::tasks`].
    Tasks,
    /// [`crate::Client::channels`].
    Channels,
    /// A followed stream is gone: erased, or not ours.
    Gone(Stream),
    /// The chat could not be ended now; it can be tried again.
    EndFailed,
    /// The file that was wanted could not be fetched.
    FileFailed,
}
