//! Runs the courier beside all requests: asks the store, calls receivers, keeps the time.
//!
//! No commit waits for it. It hears from the store that there is something new, and looks by itself
//! every few seconds for what commands beside the server have put back.

use std::time::Duration;

use frontdesk_protocol::Millis;
use tokio::{
    task::{JoinError, JoinSet},
    time::timeout,
};

use super::{
    Call,
    courier::{Courier, Effect, End, Event, Settings},
    render,
};
use crate::{
    app::App,
    limits::Rate,
    storage::{Delivery, Settled, StoreError, delivery_name},
};

/// Most deliveries under way.
const IN_ALL: usize = 32;
/// Most of them to one receiver.
const EACH: usize = 8;
/// The longest time without a look at the queue.
const LOOK: Duration = Duration::from_secs(10);

/// Runs until the server begins to stop and what is under way has ended. What waits goes out after
/// the next start.
pub async fn run(app: App) {
    let mut driver = Driver::new(app);
    driver.tell(Event::Wake);
    while !driver.finished {
        let event = driver.next().await;
        driver.tell(event);
    }
}

struct Driver {
    app: App,
    courier: Courier,
    errands: JoinSet<Event>,
    wake_at: Option<Millis>,
    draining: bool,
    finished: bool,
}

impl Driver {
    fn new(app: App) -> Self {
        let courier = courier(&app);
        let errands = JoinSet::new();
        Self { app, courier, errands, wake_at: None, draining: false, finished: false }
    }

    /// What happens next.
    async fn next(&mut self) -> Event {
        let patience = self
            .wake_at
            .map_or(LOOK, |at| Duration::from_millis(at.since(self.app.now())).min(LOOK));
        let app = self.app.clone();
        let happens = async {
            tokio::select! {
                Some(done) = self.errands.join_next() => {
                    done.unwrap_or_else(|error| self.begin_anew(&error))
                }
                () = app.store().enqueued() => Event::Wake,
                () = app.lifecycle.draining(), if !self.draining => {
                    self.draining = true;
                    Event::Drain
                }
            }
        };
        timeout(patience, happens).await.unwrap_or_else(|_| {
            self.wake_at = None;
            Event::Wake
        })
    }

    /// An errand panicked, and its lane would never end. As after a start: what was under way waits
    /// in the store.
    fn begin_anew(&mut self, error: &JoinError) -> Event {
        tracing::error!(%error, "an errand of a webhook's broke off");
        self.errands = JoinSet::new();
        self.courier = courier(&self.app);
        if self.draining { Event::Drain } else { Event::Wake }
    }

    fn tell(&mut self, event: Event) {
        for effect in self.courier.update(self.app.now(), event) {
            self.carry_out(effect);
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        let app = self.app.clone();
        match effect {
            Effect::Look(look) => {
                self.errands.spawn(async move {
                    match app.store().due(look).await {
                        Ok(due) => Event::Found(due),
                        Err(error) => store_failed(None, &error),
                    }
                });
            }
            Effect::Send { lane, n } => {
                self.errands.spawn(async move {
                    let jitter = app.random().jitter();
                    match send(&app, n).await {
                        Ok(end) => Event::Ended { lane, end, jitter },
                        Err(error) => store_failed(Some(lane), &error),
                    }
                });
            }
            Effect::Settle { lane, n, id, how } => {
                let id = delivery_name(id);
                match &how {
                    Settled::Done => {}
                    Settled::Again { error, .. } => {
                        tracing::info!(%id, %error, "a webhook's delivery was not taken, and comes again");
                    }
                    Settled::Dead { error } => {
                        tracing::warn!(%id, %error, "a webhook's delivery is given up; see `frontdesk webhook dead list`");
                    }
                }
                self.errands.spawn(async move {
                    match app.store().settle(n, how).await {
                        Ok(()) => Event::Settled { lane },
                        Err(error) => store_failed(Some(lane), &error),
                    }
                });
            }
            Effect::WakeAt(at) => self.wake_at = at,
            Effect::Down { target, until } => {
                let after_ms = until.since(self.app.now());
                tracing::warn!(%target, after_ms, "a webhook's receiver takes nothing: it is left alone for a while");
            }
            Effect::Back { target } => {
                tracing::info!(%target, "a webhook's receiver answers again");
                self.errands.spawn(async move {
                    // What waits longer and longer need not any more. It comes in any case.
                    if let Err(error) = app.store().hasten(&target).await {
                        tracing::warn!(%error, "what waits for a webhook's receiver waits on");
                    }
                    Event::Wake
                });
            }
            Effect::Finished => self.finished = true,
        }
    }
}

fn courier(app: &App) -> Courier {
    let config = &app.config;
    let pace = Rate { per_second: config.webhooks_per_second, burst: config.webhooks_burst };
    Courier::new(Settings { in_all: IN_ALL, each: EACH, pace })
}

fn store_failed(lane: Option<u64>, error: &StoreError) -> Event {
    tracing::warn!(%error, "the webhooks' queue could not be read or written");
    Event::StoreFailed { lane }
}

/// Sends a delivery: how it ended.
async fn send(app: &App, n: u64) -> Result<End, StoreError> {
    let delivery = match app.store().delivery(n).await {
        Ok(Some(delivery)) => delivery,
        Ok(None) => return Ok(End::Gone),
        // It would be in the way of all others for ever.
        Err(error) if !error.is_temporary() => {
            return Ok(End::Refused { error: error.to_string() });
        }
        Err(error) => return Err(error),
    };
    let Some(account) = app.store().account(&delivery.what.account).await? else {
        return Ok(End::Refused { error: "there is no such account".into() });
    };
    let fields = render::fields(&delivery);
    let Delivery { what, .. } = delivery;
    let call = Call {
        token: account.auth_token,
        url: what.url,
        method: what.method,
        id: what.id,
        fields,
        timeout: Duration::from_millis(app.config.webhook_timeout_ms),
    };
    Ok(End::of(&app.caller.call(&call).await))
}
