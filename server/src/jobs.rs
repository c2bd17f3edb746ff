//! What is done on the clock, beside all requests.

use std::time::Duration;

use frontdesk_protocol::Millis;
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    app::App,
    hooks::courier,
    storage::{QueueCounts, StoreError},
};

/// How often it looks for what commands beside the server have revoked: the longest that a
/// connection outlives its sign-in.
const LOOK: Duration = Duration::from_secs(2);
/// How often it forgets what has ended.
const TIDY: Duration = Duration::from_secs(3_600);
/// How long the same request with the same idempotency key opens no second chat. A browser keeps
/// an unanswered form as long as its storage, which some empty after seven days without a visit.
const IDEMPOTENCY_MS: u64 = 7 * 24 * 3_600_000;
/// How long a delivery that was given up is kept for the owner to see.
const DEAD_MS: u64 = 30 * 24 * 3_600_000;
/// After so long a delivery is given up without having had its turn. Who has one gives up earlier.
const BURIED_MS: u64 = courier::LIFE_MS + courier::LONGEST_MS;

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
    let ago = |ms| Millis(now.0.saturating_sub(ms));
    app.store().forget_idempotency(ago(IDEMPOTENCY_MS)).await?;
    app.store().forget_dead(ago(DEAD_MS)).await?;
    if app.store().bury_old(ago(BURIED_MS)).await? {
        tracing::warn!(
            "deliveries of webhooks waited for longer than a day and are given up; see \
             `frontdesk webhook dead list`"
        );
    }
    let QueueCounts { waiting, dead } = app.store().queue_counts().await?;
    if waiting + dead > 0 {
        tracing::info!(waiting, dead, "the webhooks' queue");
    }
    app.media.sweep().await
}
