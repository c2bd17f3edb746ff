//! Limits by key: of each address, of each guest.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use frontdesk_protocol::Millis;

use super::{Bucket, Rate};

/// Most keys that are kept. Above it full buckets are forgotten, and if that is not enough, all.
const KEYS: usize = 100_000;

/// A bucket for each key. Cheap to clone; all clones are the same.
#[derive(Debug)]
pub struct Keyed<K> {
    rate: Rate,
    buckets: Arc<Mutex<HashMap<K, Bucket>>>,
}

impl<K> Clone for Keyed<K> {
    fn clone(&self) -> Self {
        Self { rate: self.rate, buckets: Arc::clone(&self.buckets) }
    }
}

impl<K: Eq + Hash> Keyed<K> {
    /// Every key has this rate.
    #[must_use]
    pub fn new(rate: Rate) -> Self {
        Self { rate, buckets: Arc::default() }
    }

    /// Takes one of this key.
    ///
    /// # Errors
    /// The milliseconds to wait.
    pub fn take(&self, key: K, now: Millis) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= KEYS && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| !bucket.is_full(self.rate, now));
            if buckets.len() >= KEYS {
                buckets.clear();
            }
        }
        buckets.entry(key).or_insert_with(|| Bucket::full(self.rate, now)).take(self.rate, now)
    }

    /// The milliseconds until one of this key can be taken; takes none.
    pub fn wait_ms(&self, key: &K, now: Millis) -> u64 {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut copy = buckets.get(key).copied();
        copy.as_mut().and_then(|bucket| bucket.take(self.rate, now).err()).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_do_not_share_and_memory_is_bounded() {
        let keyed = Keyed::new(Rate { per_second: 1.0, burst: 1.0 });
        assert_eq!(keyed.take(0, Millis(0)), Ok(()));
        assert_eq!(keyed.take(0, Millis(0)), Err(1_000));
        for key in 1..150_000 {
            assert_eq!(keyed.take(key, Millis(0)), Ok(()));
        }
        assert!(keyed.buckets.lock().unwrap().len() <= KEYS);
    }
}
