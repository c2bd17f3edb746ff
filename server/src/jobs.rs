//! What is done on the clock, beside all requests.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::app::App;

/// How often it looks for what commands beside the server have revoked: the longest that a
/// connection outlives its sign-in.
const LOOK: Duration = Duration::from_secs(2);

/// Runs until the server begins to stop.
pub async fn run(app: App) {
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let done = tokio::select! {
            _ = look.tick() => app.revocations.look(app.now()).await,
            () = app.lifecycle.draining() => return,
        };
        if let Err(error) = done {
            // It is done again; whether the store can go on is for the store to say.
            tracing::warn!(%error, "a chore was not done");
        }
    }
}
