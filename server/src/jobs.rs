//! What is done on the clock, beside all requests.

use std::time::Duration;

use frontdesk_protocol::Millis;
use tokio::time::{MissedTickBehavior, interval};

use crate::{app::App, storage::StoreError};

/// How often it looks for what commands beside the server have revoked: the longest that a
/// connection outlives its sign-in.
const LOOK: Duration = Duration::from_secs(2);
/// How often it forgets what has ended.
const TIDY: Duration = Duration::from_secs(3_600);
/// How long the same request with the same idempotency key opens no second chat. A browser keeps
/// an unanswered form as long as its storage, which some empty after seven days without a visit.
const IDEMPOTENCY_MS: u64 = 7 * 24 * 3_600_000;

/// Runs until the server begins to stop.
pub async fn run(app: App) {
    let (mut look, mut tidy_up) = (interval(LOOK), interval(TIDY));
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tidy_up.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let done = tokio::select! {
            _ = look.tick() => app.revocations.look(app.now()).await,
            _ = tidy_up.tick() => tidy(&app).await,
            () = app.log.erased() => app.media.clear_erased().await,
            () = app.lifecycle.draining() => return,
        };
        if let Err(error) = done {
            // It is done again; whether the store can go on is for the store to say.
            tracing::warn!(%error, "a chore was not done");
        }
    }
}

/// Forgets what has ended.
///
/// # Errors
/// [`StoreError`] if the store failed; the same again forgets the rest.
pub async fn tidy(app: &App) -> Result<(), StoreError> {
    let now = app.now();
    app.store().delete_expired_sessions(now).await?;
    app.store().forget_idempotency(Millis(now.0.saturating_sub(IDEMPOTENCY_MS))).await?;
    app.media.sweep().await
}
