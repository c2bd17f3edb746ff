//! Limits by key of what goes on at the same time.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// So many at once of each key. Cheap to clone; all clones are the same.
#[derive(Debug)]
pub struct AtOnce<K> {
    most: usize,
    counts: Arc<Mutex<HashMap<K, usize>>>,
}

impl<K> Clone for AtOnce<K> {
    fn clone(&self) -> Self {
        Self { most: self.most, counts: Arc::clone(&self.counts) }
    }
}

impl<K: Eq + Hash + Clone> AtOnce<K> {
    /// At most `most` of each key.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { most, counts: Arc::default() }
    }

    /// Counts one of this key until what comes back is dropped; `None` if there are as many as may
    /// be.
    #[must_use]
    pub fn take(&self, key: K) -> Option<Taken<K>> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(key.clone()).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        drop(counts);
        Some(Taken { key, counts: Arc::clone(&self.counts) })
    }
}

/// One that is counted, as long as this is there.
#[derive(Debug)]
pub struct Taken<K: Eq + Hash> {
    key: K,
    counts: Arc<Mutex<HashMap<K, usize>>>,
}

impl<K: Eq + Hash> Drop for Taken<K> {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_when_its_holder_is_gone() {
        let at_once = AtOnce::new(2);
        let (first, second) = (at_once.take("a"), at_once.take("a"));
        assert!(first.is_some() && second.is_some());
        assert!(at_once.take("a").is_none());
        assert!(at_once.take("b").is_some());
        drop(first);
        assert!(at_once.take("a").is_some());
        drop(second);
        assert!(at_once.counts.lock().unwrap().is_empty(), "nothing is kept of who is gone");
    }
}
