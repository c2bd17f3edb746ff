//! Whether the server runs, or is about to stop.

use std::sync::Arc;

use tokio::sync::watch;

/// Where the server is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It takes requests.
    Running,
    /// It was told to stop: not ready any more, no new connections, what is under way is finished.
    Draining,
}

/// The server's life, seen by all its parts. Cheap to clone; all clones are the same.
#[derive(Debug, Clone)]
pub struct Lifecycle(Arc<watch::Sender<Phase>>);

impl Default for Lifecycle {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Phase::Running)))
    }
}

impl Lifecycle {
    /// Where it is now.
    #[must_use]
    pub fn phase(&self) -> Phase {
        *self.0.borrow()
    }

    /// Begins to stop.
    pub fn drain(&self) {
        self.0.send_replace(Phase::Draining);
    }

    /// Waits until it begins to stop.
    pub async fn draining(&self) {
        let mut phase = self.0.subscribe();
        // The sender is held right here, so the wait cannot fail.
        let _ = phase.wait_for(|phase| *phase == Phase::Draining).await;
    }
}
