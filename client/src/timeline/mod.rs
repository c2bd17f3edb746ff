//! What has been said in a channel: a fold over its log, with the local echoes below it.
//!
//! [`Timeline`] owns the rows. `reducer` applies events, `snapshot` takes a whole picture, `paging`
//! puts older pages on top, `echo` keeps what is not in the log yet, `layout` does date dividers
//! and groups, `receipt` the marks of one's own messages, `unread` counts. The order of positions
//! is watched by [`crate::stream`]: what comes in here is always the next.

mod echo;
mod layout;
mod paging;
mod receipt;
mod reducer;
mod row;
mod snapshot;
#[cfg(test)]
mod tests;
mod unread;

use frontdesk_protocol::{
    Identity,
    state::{Channel, Member, Status},
};

pub use row::{Diff, Receipt, Row, RowKey};

/// The timeline of one channel.
#[derive(Debug, Clone)]
pub struct Timeline {
    me: Identity,
    utc_offset_min: i32,
    /// First those in the log by position, then local echoes in the order they were written.
    rows: Vec<Row>,
    /// How many of the rows are in the log.
    logged: usize,
    /// Echoes that are acknowledged and whose event has not come yet, with their position.
    acked: Vec<(frontdesk_protocol::Cid, u64)>,
    channel: Option<Channel>,
    members: Vec<Member>,
    has_older: bool,
    is_loading: bool,
    /// How far the user has read on this device; the member's mark may lag behind.
    read_here: u64,
    unread: u64,
    diffs: Vec<Diff>,
    is_changed: bool,
}

impl Timeline {
    /// An empty timeline for this user. Local time minus UTC is in minutes.
    #[must_use]
    pub const fn new(me: Identity, utc_offset_min: i32) -> Self {
        Self {
            me,
            utc_offset_min,
            rows: Vec::new(),
            logged: 0,
            acked: Vec::new(),
            channel: None,
            members: Vec::new(),
            has_older: false,
            is_loading: false,
            read_here: 0,
            unread: 0,
            diffs: Vec::new(),
            is_changed: false,
        }
    }

    /// Who the user is.
    #[must_use]
    pub const fn me(&self) -> &Identity {
        &self.me
    }

    /// All rows, oldest first.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The channel itself; `None` before its first snapshot.
    #[must_use]
    pub const fn channel(&self) -> Option<&Channel> {
        self.channel.as_ref()
    }

    /// Whether the chat goes on; it does until the server says otherwise.
    #[must_use]
    pub fn status(&self) -> Status {
        self.channel.as_ref().map_or(Status::Active, |channel| channel.status)
    }

    /// Everybody who is or was in the channel.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// Somebody who is or was in the channel.
    #[must_use]
    pub fn member(&self, identity: &Identity) -> Option<&Member> {
        self.members.iter().find(|member| member.identity == *identity)
    }

    /// Whether there are older messages than the first row.
    #[must_use]
    pub const fn has_older(&self) -> bool {
        self.has_older
    }

    /// Whether a page of older messages is on its way.
    #[must_use]
    pub const fn is_loading(&self) -> bool {
        self.is_loading
    }

    /// Messages of others that the user has not read, among those that are loaded.
    #[must_use]
    pub const fn unread(&self) -> u64 {
        self.unread
    }

    /// The changes of the rows since the last call.
    pub(crate) fn take_diffs(&mut self) -> Vec<Diff> {
        std::mem::take(&mut self.diffs)
    }

    /// Whether anything but the rows changed since the last call.
    pub(crate) const fn take_changed(&mut self) -> bool {
        std::mem::replace(&mut self.is_changed, false)
    }

    /// The newest message of somebody else, for the `seen` mark.
    pub(crate) fn newest_of_others(&self) -> Option<u64> {
        self.rows[..self.logged].iter().rev().find(|row| !row.mine).and_then(|row| row.seq)
    }

    /// Where in the log's rows a position is, or belongs.
    fn find(&self, seq: u64) -> Result<usize, usize> {
        self.rows[..self.logged].binary_search_by(|row| row.seq.unwrap_or(0).cmp(&seq))
    }
}
