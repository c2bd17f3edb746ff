//! One at a time, by key.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::OwnedMutexGuard;

type Waiting<K> = Arc<Mutex<HashMap<K, Arc<tokio::sync::Mutex<()>>>>>;

/// Lets one at a time through for each key. Cheap to clone; all clones are the same.
#[derive(Debug)]
pub(super) struct Turns<K>(Waiting<K>);

impl<K> Clone for Turns<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> Default for Turns<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

/// It is one's turn until this is dropped.
#[derive(Debug)]
pub(super) struct Turn<K: Eq + Hash> {
    turns: Turns<K>,
    key: K,
    guard: Option<OwnedMutexGuard<()>>,
}

impl<K: Eq + Hash + Clone> Turns<K> {
    /// Waits until it is one's turn.
    pub(super) async fn take(&self, key: K) -> Turn<K> {
        let lock = Arc::clone(self.waiting().entry(key.clone()).or_default());
        // Whoever gives up waiting leaves an entry behind for the next of the key, no more.
        let guard = Some(lock.lock_owned().await);
        Turn { turns: self.clone(), key, guard }
    }
}

impl<K> Turns<K> {
    fn waiting(&self) -> MutexGuard<'_, HashMap<K, Arc<tokio::sync::Mutex<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Drop for Turn<K> {
    fn drop(&mut self) {
        let mut waiting = self.turns.waiting();
        drop(self.guard.take());
        // Under the lock nobody can begin to wait: the map alone has it if nobody does.
        if waiting.get(&self.key).is_some_and(|lock| Arc::strong_count(lock) == 1) {
            waiting.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn two_of_a_key_come_one_after_the_other_and_nothing_is_left() {
        let turns = Turns::default();
        let first = turns.take(1).await;
        let other = turns.take(2).await;
        let mut second = Box::pin(turns.take(1));
        assert!(futures_pending(&mut second).await);
        drop(first);
        drop(second.await);
        drop(other);
        assert!(turns.waiting().is_empty());
    }

    /// Whether a future waits.
    async fn futures_pending<F: Future + Unpin>(future: &mut F) -> bool {
        use std::{pin::Pin, task::Poll};
        std::future::poll_fn(|cx| Poll::Ready(Pin::new(&mut *future).poll(cx).is_pending())).await
    }
}
