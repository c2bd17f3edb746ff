//! Streams and who follows them.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use frontdesk_protocol::{CloseCode, Identity, Stream, id::KeySid};
use tokio::sync::Notify;

use super::{
    inbox::{Hint, Inbox},
    published::Published,
};
use crate::storage::{Entry, Feed};

/// Who follows what, on this node. Cheap to clone; all clones are the same.
#[derive(Debug, Clone, Default)]
pub struct Live(Arc<Mutex<Hub>>);

#[derive(Debug, Default)]
struct Hub {
    next_id: u64,
    followers: HashMap<Stream, HashMap<u64, Arc<Mailbox>>>,
    all: HashMap<u64, Arc<Mailbox>>,
}

#[derive(Debug, Default)]
struct Mailbox {
    inbox: Mutex<Inbox>,
    ready: Notify,
    token: OnceLock<(u128, Option<KeySid>)>,
}

impl Mailbox {
    fn put(&self, put: impl FnOnce(&mut Inbox)) {
        put(&mut lock(&self.inbox));
        self.ready.notify_one();
    }
}

// Nothing panics while it holds one of these, and what they guard is whole after every call.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Live {
    /// Nobody is connected.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A new connection, following nothing yet.
    #[must_use]
    pub fn connect(&self) -> Subscriber {
        let mut hub = lock(&self.0);
        hub.next_id += 1;
        let id = hub.next_id;
        let mailbox = Arc::new(Mailbox::default());
        hub.all.insert(id, Arc::clone(&mailbox));
        Subscriber { id, mailbox, live: self.clone(), following: HashSet::new() }
    }

    /// Tells everybody who follows about events that are durable.
    pub fn publish(&self, entries: &[Entry]) {
        let hub = lock(&self.0);
        for Entry { stream, event } in entries {
            let Some(followers) = hub.followers.get(stream) else { continue };
            let event = Published::new(Arc::clone(event));
            for mailbox in followers.values() {
                mailbox.put(|inbox| inbox.event(stream, &event));
            }
        }
    }

    /// Tells everybody who follows, except the connection `from`, that somebody writes.
    pub fn typing(&self, from: &Subscriber, stream: &Stream, who: &Identity, on: bool) {
        let hub = lock(&self.0);
        for (id, mailbox) in hub.followers.get(stream).into_iter().flatten() {
            if *id != from.id {
                mailbox.put(|inbox| inbox.typing(stream, who, on));
            }
        }
    }

    /// Ends one connection; nothing happens if it is gone.
    pub fn close(&self, connection: u64, code: CloseCode) {
        if let Some(mailbox) = lock(&self.0).all.get(&connection) {
            mailbox.put(|inbox| inbox.close(code));
        }
    }

    /// Ends all connections whose token is of this family.
    pub fn close_family(&self, family: u128, code: CloseCode) {
        let hub = lock(&self.0);
        let is_theirs = |token: &(u128, Option<KeySid>)| token.0 == family;
        for mailbox in hub.all.values().filter(|m| m.token.get().is_some_and(is_theirs)) {
            mailbox.put(|inbox| inbox.close(code));
        }
    }

    /// Ends all connections whose token this key has signed.
    pub fn close_key(&self, key: &KeySid, code: CloseCode) {
        let hub = lock(&self.0);
        let is_theirs = |token: &(u128, Option<KeySid>)| token.1.as_ref() == Some(key);
        for mailbox in hub.all.values().filter(|m| m.token.get().is_some_and(is_theirs)) {
            mailbox.put(|inbox| inbox.close(code));
        }
    }

    /// The keys that signed the tokens of the connections there are.
    #[must_use]
    pub fn keys(&self) -> HashSet<KeySid> {
        let hub = lock(&self.0);
        let tokens = hub.all.values().filter_map(|mailbox| mailbox.token.get());
        tokens.filter_map(|(_, key)| key.clone()).collect()
    }

    /// How many connections there are.
    #[must_use]
    pub fn connections(&self) -> usize {
        lock(&self.0).all.len()
    }

    /// Hands everything the store made durable to whoever follows, until the store is closed.
    pub async fn pump(self, mut feed: Feed) {
        while let Some(entries) = feed.recv().await {
            self.publish(&entries);
        }
    }
}

/// One connection's end: what it follows, and what it is told. Dropping it ends both.
#[derive(Debug)]
pub struct Subscriber {
    id: u64,
    mailbox: Arc<Mailbox>,
    live: Live,
    following: HashSet<Stream>,
}

impl Subscriber {
    /// The connection's number on this node; never given twice.
    #[must_use]
    pub const fn id(&self) -> u64 {
        self.id
    }

    /// Says which family the connection's token is of, and which key of an account signed it; the
    /// first word counts, because a connection may not change whose it is.
    pub fn identify(&self, family: u128, key: Option<&KeySid>) {
        self.mailbox.token.get_or_init(|| (family, key.cloned()));
    }

    /// Follows a stream: whatever becomes durable from now on is told. Follow first, then read the
    /// head, so that nothing falls between.
    pub fn follow(&mut self, stream: &Stream) {
        if self.following.insert(stream.clone()) {
            let mailbox = Arc::clone(&self.mailbox);
            lock(&self.live.0)
                .followers
                .entry(stream.clone())
                .or_default()
                .insert(self.id, mailbox);
        }
    }

    /// Does not follow a stream any more; what waited of it is gone.
    pub fn unfollow(&mut self, stream: &Stream) {
        if self.following.remove(stream) {
            self.live.leave(self.id, stream);
            lock(&self.mailbox.inbox).forget(stream);
        }
    }

    /// The next hint, if there is one now.
    pub fn try_next(&mut self) -> Option<Hint> {
        lock(&self.mailbox.inbox).pop()
    }

    /// Waits for the next hint. Nothing is lost if the wait is given up.
    ///
    /// After [`Hint::Close`] it gives that again and again.
    pub async fn next(&mut self) -> Hint {
        loop {
            if let Some(hint) = self.try_next() {
                return hint;
            }
            self.mailbox.ready.notified().await;
        }
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        for stream in std::mem::take(&mut self.following) {
            self.live.leave(self.id, &stream);
        }
        lock(&self.live.0).all.remove(&self.id);
    }
}

impl Live {
    fn leave(&self, id: u64, stream: &Stream) {
        let mut hub = lock(&self.0);
        if let Some(followers) = hub.followers.get_mut(stream) {
            followers.remove(&id);
            if followers.is_empty() {
                hub.followers.remove(stream);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use frontdesk_protocol::{ChannelSid, Event, EventKind, Millis, state::Status};

    use super::*;

    fn entry(channel: u128, seq: u64) -> Entry {
        let kind = EventKind::Status { status: Status::Active };
        let event = Arc::new(Event { seq, ts: Millis(0), author: None, kind });
        Entry { stream: ChannelSid::from_bits(channel).into(), event }
    }

    #[tokio::test]
    async fn only_who_follows_is_told() {
        let live = Live::new();
        let (mut here, mut there) = (live.connect(), live.connect());
        here.follow(&entry(1, 0).stream);
        there.follow(&entry(2, 0).stream);
        live.publish(&[entry(1, 1)]);
        let Entry { stream, event } = entry(1, 1);
        let event = Published::new(event);
        assert_eq!(here.next().await, Hint::Event { stream, event });
        assert_eq!(there.try_next(), None);
    }

    #[test]
    fn who_is_gone_leaves_nothing_behind() {
        let live = Live::new();
        let mut gone = live.connect();
        gone.follow(&entry(1, 0).stream);
        drop(gone);
        assert_eq!(live.connections(), 0);
        assert!(lock(&live.0).followers.is_empty());
    }

    #[test]
    fn a_key_ends_what_it_signed_and_nothing_else() {
        let live = Live::new();
        let keys = [KeySid::from_bits(1), KeySid::from_bits(2)];
        let mut signed: Vec<_> = keys.iter().map(|_| live.connect()).collect();
        for (subscriber, key) in signed.iter().zip(&keys) {
            subscriber.identify(7, Some(key));
        }
        let mut ours = live.connect();
        ours.identify(7, None);
        assert_eq!(live.keys(), HashSet::from(keys.clone()));
        live.close_key(&keys[0], CloseCode::TokenRefused);
        assert_eq!(signed[0].try_next(), Some(Hint::Close(CloseCode::TokenRefused)));
        assert_eq!((signed[1].try_next(), ours.try_next()), (None, None));
    }

    #[test]
    fn nobody_hears_themselves_write() {
        let live = Live::new();
        let (mut a, mut b) = (live.connect(), live.connect());
        let stream = entry(1, 0).stream;
        a.follow(&stream);
        b.follow(&stream);
        let who = Identity::parse("a").unwrap();
        live.typing(&a, &stream, &who, true);
        assert_eq!(a.try_next(), None);
        assert_eq!(b.try_next(), Some(Hint::Typing { stream, who, on: true }));
    }
}
