//! A handful of things by name.

/// A map for a handful of entries. Each kind of `BTreeMap` costs a visitor some 2 kB, and there are
/// never more than a few sockets, timers or refused values to search through.
pub(crate) struct Slots<K, V>(Vec<(K, V)>);

impl<K, V> Default for Slots<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, V> Slots<K, V> {
    /// What is in the slot.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Takes what is in the slot out.
    pub(crate) fn take(&mut self, key: &K) -> Option<V> {
        let at = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.swap_remove(at).1)
    }

    /// Puts something into the slot; what was in it comes out.
    pub(crate) fn put(&mut self, key: K, value: V) -> Option<V> {
        let before = self.take(&key);
        self.0.push((key, value));
        before
    }

    /// Everything, in no order.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, (K, V)> {
        self.0.iter()
    }

    /// Everything, in no order.
    pub(crate) fn into_vec(self) -> Vec<(K, V)> {
        self.0
    }
}
