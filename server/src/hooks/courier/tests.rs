//! The courier, without a store and without receivers.

mod property;
mod table;

use frontdesk_protocol::{Millis, id::AccountSid};

use super::{Courier, Effect, End, Event, Settings};
use crate::{
    limits::Rate,
    storage::{Due, Settled, Waiting},
};

const NOW: Millis = Millis(1_795_000_000_000);

fn settings() -> Settings {
    Settings { in_all: 4, each: 2, pace: Rate { per_second: 1_000.0, burst: 1_000.0 } }
}

/// The first of a lane; the delivery has the lane's number.
fn waiting(lane: u64, target: &str) -> Waiting {
    Waiting {
        n: lane,
        id: u128::from(lane),
        lane,
        target: target.into(),
        account: AccountSid::from_bits(1),
        enqueued: NOW,
        attempts: 0,
    }
}

fn due(waiting: Vec<Waiting>) -> Event {
    Event::Found(Due { waiting, next: None })
}

fn failed() -> End {
    End::Failed { error: "status 500".into(), asked_ms: None }
}

fn refused() -> End {
    End::Refused { error: "status 404".into() }
}

fn ended(lane: u64, end: End) -> Event {
    Event::Ended { lane, end, jitter: 0.5 }
}

fn short(now: Millis, effect: &Effect) -> String {
    let after = |at: Millis| at.since(now);
    match effect {
        Effect::Look(look) => {
            let but = [
                look.lanes.iter().map(u64::to_string).collect::<Vec<_>>(),
                look.targets.clone(),
                look.accounts.iter().map(|account| account.to_string()[32..].to_owned()).collect(),
            ];
            let but = but.concat().join(" ");
            let but = if but.is_empty() { but } else { format!(" but {but}") };
            format!("look for {}{but}", look.most)
        }
        Effect::Send { lane, .. } => format!("send {lane}"),
        Effect::Settle { lane, how: Settled::Done, .. } => format!("done {lane}"),
        Effect::Settle { lane, how: Settled::Again { at, .. }, .. } => {
            format!("again {lane} after {}", after(*at))
        }
        Effect::Settle { lane, how: Settled::Dead { .. }, .. } => format!("dead {lane}"),
        Effect::WakeAt(None) => "no timer".into(),
        Effect::WakeAt(Some(at)) => format!("wake after {}", after(*at)),
        Effect::Down { target, until } => format!("{target} is down for {}", after(*until)),
        Effect::Back { target } => format!("{target} is back"),
        Effect::Finished => "finished".into(),
    }
}

/// A courier at a time.
struct World {
    now: Millis,
    courier: Courier,
}

impl World {
    fn new() -> Self {
        Self { now: NOW, courier: Courier::new(settings()) }
    }

    fn on(&mut self, event: Event) -> String {
        let effects = self.courier.update(self.now, event);
        effects.iter().map(|effect| short(self.now, effect)).collect::<Vec<_>>().join(", ")
    }

    /// After these events.
    fn after(events: impl IntoIterator<Item = Event>) -> Self {
        let mut world = Self::new();
        for event in events {
            world.on(event);
        }
        world
    }
}
