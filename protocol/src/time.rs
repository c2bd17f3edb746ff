//! Time on the wire.

use serde::{Deserialize, Serialize};

/// Milliseconds: since the Unix epoch for a moment on the wire, since an arbitrary start for a
/// client's own clock. Below 2^53, so that JavaScript can hold it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Millis(pub u64);

impl Millis {
    /// This moment and `delay_ms` more; never wraps.
    #[must_use]
    pub const fn plus(self, delay_ms: u64) -> Self {
        Self(self.0.saturating_add(delay_ms))
    }

    /// Milliseconds from `earlier` to this moment, 0 if `earlier` is in fact later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}
