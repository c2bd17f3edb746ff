//! Rolling windows by key.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use frontdesk_protocol::Millis;

use super::Window;

/// Above this many keys, windows in which nothing counts any more are forgotten.
const KEYS: usize = 50_000;

/// A rolling window for each key. Cheap to clone; all clones are the same.
#[derive(Debug)]
pub struct Spans<K> {
    most: usize,
    span_ms: u64,
    windows: Arc<Mutex<HashMap<K, Window>>>,
}

impl<K> Clone for Spans<K> {
    fn clone(&self) -> Self {
        Self { most: self.most, span_ms: self.span_ms, windows: Arc::clone(&self.windows) }
    }
}

impl<K: Eq + Hash> Spans<K> {
    /// At most `most` of each key within `span_ms`.
    #[must_use]
    pub fn new(most: usize, span_ms: u64) -> Self {
        Self { most, span_ms, windows: Arc::default() }
    }

    /// Counts one of this key.
    ///
    /// # Errors
    /// The milliseconds to wait.
    pub fn take(&self, key: K, now: Millis) -> Result<(), u64> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= KEYS {
            windows.retain(|_, window| !window.is_empty(self.span_ms, now));
            if windows.len() >= KEYS {
                windows.clear();
            }
        }
        windows.entry(key).or_default().take(self.most, self.span_ms, now)
    }
}
