//! A followed stream: its cursor and its fold.

use frontdesk_protocol::{
    ChannelSid, Cid, Event, EventKind, Identity, Stream,
    frame::{Page, Snap},
    sorted::SortedMap,
};

use super::{
    Cursor,
    queue::{self, Tasks},
};
use crate::timeline::Timeline;

/// What a stream folds to.
#[derive(Debug, Clone)]
pub(crate) enum Fold {
    Channel(Box<Timeline>),
    Queue(Tasks),
    User(SortedMap<ChannelSid, ()>),
}

/// A request for messages that is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fetching {
    /// Only to see whether somebody is there.
    Probe,
    /// A page of history.
    Older,
}

/// A followed stream.
#[derive(Debug, Clone)]
pub(crate) struct Followed {
    pub(crate) cursor: Cursor,
    pub(crate) fold: Fold,
    /// Fetches on their way, in the order they are answered.
    pub(crate) fetching: Vec<Fetching>,
    /// Older messages were asked for, and the answer is still to come: on this connection or a later
    /// one. Who looks at the oldest message there is cannot scroll up to ask again.
    pub(crate) wants_older: bool,
    /// Read on a page that was hidden: counts once the page is visible.
    pub(crate) read_hidden: u64,
    /// The number of unread messages that views know of.
    pub(crate) told_unread: u64,
}

impl Followed {
    pub(crate) fn new(stream: &Stream, me: Identity, utc_offset_min: i32) -> Self {
        let fold = match stream {
            Stream::Channel(_) => Fold::Channel(Box::new(Timeline::new(me, utc_offset_min))),
            Stream::Queue(_) => Fold::Queue(Tasks::new()),
            Stream::User(_) => Fold::User(SortedMap::new()),
        };
        Self {
            cursor: Cursor::default(),
            fold,
            fetching: Vec::new(),
            wants_older: false,
            read_hidden: 0,
            told_unread: 0,
        }
    }

    pub(crate) const fn timeline(&self) -> Option<&Timeline> {
        match &self.fold {
            Fold::Channel(timeline) => Some(timeline),
            Fold::Queue(_) | Fold::User(_) => None,
        }
    }

    pub(crate) const fn timeline_mut(&mut self) -> Option<&mut Timeline> {
        match &mut self.fold {
            Fold::Channel(timeline) => Some(timeline),
            Fold::Queue(_) | Fold::User(_) => None,
        }
    }

    /// Takes a snapshot. Returns the user's own messages it carries.
    pub(crate) fn take_snapshot(&mut self, snap: Snap) -> Vec<Cid> {
        self.cursor.jump(snap.epoch.clone(), snap.seq);
        self.wants_older = false;
        match &mut self.fold {
            Fold::Channel(timeline) => timeline.take_snapshot(snap),
            Fold::Queue(tasks) => {
                *tasks = queue::take_snapshot(snap.state.tasks);
                Vec::new()
            }
            Fold::User(channels) => {
                *channels = snap.state.channels.into_iter().map(|channel| (channel, ())).collect();
                Vec::new()
            }
        }
    }

    /// Applies the next event. Returns the user's own message it carries, if it does.
    pub(crate) fn apply(&mut self, event: Event) -> Option<Cid> {
        match &mut self.fold {
            Fold::Channel(timeline) => timeline.apply(event),
            Fold::Queue(tasks) => {
                queue::apply(tasks, event.kind);
                None
            }
            Fold::User(channels) => {
                if let EventKind::Membership { channel, joined } = event.kind {
                    if joined {
                        channels.insert(channel, ());
                    } else {
                        channels.remove(&channel);
                    }
                }
                None
            }
        }
    }

    /// A page is here. Returns the user's own messages it carries.
    pub(crate) fn take_page(&mut self, page: Page) -> Vec<Cid> {
        let fetching = if self.fetching.is_empty() { None } else { Some(self.fetching.remove(0)) };
        match (fetching, self.timeline_mut()) {
            (Some(Fetching::Older), Some(timeline)) => {
                let own = timeline.take_page(page);
                self.wants_older = false;
                own
            }
            (Some(Fetching::Older | Fetching::Probe) | None, _) => Vec::new(),
        }
    }

    /// The connection is gone, and with it what was on its way.
    pub(crate) fn disconnect(&mut self) {
        self.cursor.leave();
        self.fetching.clear();
        if let Some(timeline) = self.timeline_mut() {
            timeline.stop_loading();
        }
    }
}
