//! What views read.

use frontdesk_protocol::{ChannelSid, Identity, Millis, Stream, state::Task};

use super::Client;
use crate::{
    connection::Connection,
    profile::Profile,
    screen::Screen,
    stream::{Fold, Followed},
    timeline::Timeline,
};

impl Client {
    /// Which screen is shown.
    #[must_use]
    pub const fn screen(&self) -> &Screen {
        &self.screen
    }

    /// Where the connection is, for the banner.
    #[must_use]
    pub const fn connection(&self) -> Connection {
        self.connection
    }

    /// Who the user is, once a token says so.
    #[must_use]
    pub fn me(&self) -> Option<&Identity> {
        self.token.held().map(|held| &held.identity)
    }

    /// The guest's chat, if one runs or has ended and is still shown.
    #[must_use]
    pub fn channel(&self) -> Option<&Stream> {
        match &self.profile {
            Profile::Guest(_) => self.streams.keys().next(),
            Profile::Agent { .. } => None,
        }
    }

    /// The timeline of a channel that is followed.
    #[must_use]
    pub fn timeline(&self, stream: &Stream) -> Option<&Timeline> {
        self.streams.get(stream)?.timeline()
    }

    /// The last position of a stream that is applied; `None` while there is no valid local copy.
    #[must_use]
    pub fn position(&self, stream: &Stream) -> Option<u64> {
        let cursor = &self.streams.get(stream)?.cursor;
        cursor.is_known().then(|| cursor.seq())
    }

    /// Messages in a channel that the user has not read, among those that are loaded.
    #[must_use]
    pub fn unread(&self, stream: &Stream) -> u64 {
        self.timeline(stream).map_or(0, Timeline::unread)
    }

    /// Messages in all channels that the user has not read.
    #[must_use]
    pub fn unread_total(&self) -> u64 {
        self.streams.values().filter_map(Followed::timeline).map(Timeline::unread).sum()
    }

    /// Who else is writing in a channel.
    #[must_use]
    pub fn typing<'a>(&'a self, stream: &'a Stream) -> Vec<&'a Identity> {
        self.typing.others(stream).collect()
    }

    /// The tasks of all queues that are followed.
    pub fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.streams
            .values()
            .flat_map(|followed| match &followed.fold {
                Fold::Queue(tasks) => Some(tasks.values()),
                Fold::Channel(_) | Fold::User(_) => None,
            })
            .flatten()
    }

    /// The channels the user is in, from the user's own stream.
    pub fn channels(&self) -> impl Iterator<Item = &ChannelSid> {
        self.streams
            .values()
            .flat_map(|followed| match &followed.fold {
                Fold::User(channels) => Some(channels.keys()),
                Fold::Channel(_) | Fold::Queue(_) => None,
            })
            .flatten()
    }

    /// Whether the user has asked for the end of the chat and it has not come yet.
    #[must_use]
    pub const fn is_ending(&self) -> bool {
        self.ending.is_wanted()
    }

    /// Whether messages wait to be sent, such as while offline. Failed ones do not count.
    #[must_use]
    pub fn has_unsent(&self) -> bool {
        self.outbox.entries().any(|entry| entry.failed.is_none())
    }

    /// The server's wall clock: Unix milliseconds.
    #[must_use]
    pub const fn wall(&self, now: Millis) -> Millis {
        self.clock.wall(now)
    }
}
