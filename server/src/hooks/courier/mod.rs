//! What goes out when: a pure machine between the store's queue, the clock and the receivers.
//!
//! It holds what is under way and nothing else: at most [`Settings::in_all`] deliveries and what is
//! known of receivers that failed lately. Everything else stays in the store, which it asks for what
//! is due whenever there is room. So its memory is bounded however long the queue is, and a start
//! after a crash is a start like any other.
//!
//! Rules: of a lane only one is under way, until the store knows how it ended; a receiver gets at
//! most [`Settings::each`] at a time; one that fails five times in a row is left alone for a while
//! and then asked with one delivery ([`breaker`]); an account has a pace.

mod backoff;
mod breaker;
mod end;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use frontdesk_protocol::{Millis, id::AccountSid};

pub(crate) use self::backoff::{LIFE_MS, LONGEST_MS};
use self::breaker::{Breaker, waits};
pub use self::end::End;
use crate::{
    limits::{Bucket, Rate},
    storage::{Due, Look, Settled, Waiting},
};

/// How long nothing is looked for after the store failed.
const STORE_REST_MS: u64 = 10_000;

/// What a courier goes by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Most deliveries under way.
    pub in_all: usize,
    /// Most of them to one receiver.
    pub each: usize,
    /// How fast those of one account go out.
    pub pace: Rate,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Something came into the queue, or time has passed.
    Wake,
    /// The store has answered a [`Effect::Look`].
    Found(Due),
    /// An attempt has ended. `jitter` is in `0.0..1.0`.
    Ended {
        /// The lane.
        lane: u64,
        /// How.
        end: End,
        /// Drawn by the caller.
        jitter: f64,
    },
    /// The store knows how an attempt ended.
    Settled {
        /// The lane.
        lane: u64,
    },
    /// The store failed: at looking, or at what a lane needed.
    StoreFailed {
        /// The lane.
        lane: Option<u64>,
    },
    /// The server is about to stop.
    Drain,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Ask the store; the answer is [`Event::Found`].
    Look(Look),
    /// Send a delivery; the answer is [`Event::Ended`].
    Send {
        /// The lane.
        lane: u64,
        /// The delivery.
        n: u64,
    },
    /// Tell the store how an attempt ended; the answer is [`Event::Settled`].
    Settle {
        /// The lane.
        lane: u64,
        /// The delivery.
        n: u64,
        /// Its id.
        id: u128,
        /// How.
        how: Settled,
    },
    /// [`Event::Wake`] is wanted then, and not at the time that was wanted before.
    WakeAt(Option<Millis>),
    /// A receiver does not answer and is left alone.
    Down {
        /// Which.
        target: String,
        /// Until when, at first.
        until: Millis,
    },
    /// A receiver that was left alone answers again.
    Back {
        /// Which.
        target: String,
    },
    /// Nothing is under way any more, and nothing will be.
    Finished,
}

/// A delivery under way.
#[derive(Debug)]
struct Trip {
    waiting: Waiting,
    /// Whether it has ended, and the store is being told.
    ended: bool,
}

/// Decides what goes out when.
#[derive(Debug)]
pub struct Courier {
    settings: Settings,
    /// By lane.
    trips: BTreeMap<u64, Trip>,
    receivers: BTreeMap<String, Breaker>,
    paces: BTreeMap<AccountSid, Bucket>,
    looking: Looking,
    /// After the store failed: nothing is looked for until then.
    rest: Option<Millis>,
    draining: bool,
}

/// Whether the store is being asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Looking {
    No,
    Yes,
    /// And its answer may be old: ask again.
    Again,
}

impl Courier {
    /// One with nothing under way.
    #[must_use]
    pub const fn new(settings: Settings) -> Self {
        Self {
            settings,
            trips: BTreeMap::new(),
            receivers: BTreeMap::new(),
            paces: BTreeMap::new(),
            looking: Looking::No,
            rest: None,
            draining: false,
        }
    }

    /// What an event leads to.
    pub fn update(&mut self, now: Millis, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Wake => self.look(now, &mut effects),
            Event::Found(due) => self.found(now, due, &mut effects),
            Event::Ended { lane, end, jitter } => {
                self.ended(now, lane, end, jitter, &mut effects);
            }
            Event::Settled { lane } => self.settled(now, lane, &mut effects),
            Event::StoreFailed { lane } => self.store_failed(now, lane, &mut effects),
            Event::Drain => {
                if !std::mem::replace(&mut self.draining, true) && self.trips.is_empty() {
                    effects.push(Effect::Finished);
                }
            }
        }
        effects
    }

    /// Asks the store for what is due, if there is room for any.
    fn look(&mut self, now: Millis, effects: &mut Vec<Effect>) {
        let most = self.settings.in_all.saturating_sub(self.trips.len());
        if self.draining || most == 0 {
            return;
        }
        if let Some(rest) = self.rest.filter(|rest| waits(now, *rest, STORE_REST_MS)) {
            effects.push(Effect::WakeAt(Some(rest)));
            return;
        }
        if self.looking != Looking::No {
            self.looking = Looking::Again;
            return;
        }
        self.looking = Looking::Yes;
        self.forget(now);
        let busy = self.trips.values().map(|trip| &trip.waiting.target);
        let mut targets: Vec<_> = self.receivers.keys().chain(busy).cloned().collect();
        targets.sort();
        targets.dedup();
        targets.retain(|target| self.room(now, target) == 0);
        let pace = self.settings.pace;
        let paced = self.paces.iter().filter(|(_, bucket)| {
            let mut bucket = **bucket;
            bucket.take(pace, now).is_err()
        });
        effects.push(Effect::Look(Look {
            now,
            lanes: self.trips.keys().copied().collect(),
            targets,
            accounts: paced.map(|(account, _)| account.clone()).collect(),
            each: self.settings.each,
            most,
        }));
    }

    fn found(&mut self, now: Millis, due: Due, effects: &mut Vec<Effect>) {
        let again = std::mem::replace(&mut self.looking, Looking::No) == Looking::Again;
        if self.draining {
            return;
        }
        let mut sent = false;
        for waiting in due.waiting {
            let room = self.trips.len() < self.settings.in_all
                && !self.trips.contains_key(&waiting.lane)
                && self.room(now, &waiting.target) > 0;
            let pace = self.settings.pace;
            if !room || self.pace_of(now, &waiting.account).take(pace, now).is_err() {
                continue;
            }
            self.receivers.entry(waiting.target.clone()).or_insert(Breaker::closed(now)).begin(now);
            effects.push(Effect::Send { lane: waiting.lane, n: waiting.n });
            self.trips.insert(waiting.lane, Trip { waiting, ended: false });
            sent = true;
        }
        if sent || again {
            // There may be more than was asked for.
            self.look(now, effects);
        } else {
            let receivers = self.receivers.values().filter_map(|breaker| breaker.until(now));
            let pace = self.settings.pace;
            let accounts = self.paces.values().filter_map(|bucket| {
                let mut bucket = *bucket;
                bucket.take(pace, now).err().map(|after_ms| now.plus(after_ms))
            });
            effects.push(Effect::WakeAt(receivers.chain(accounts).chain(due.next).min()));
        }
    }

    fn ended(&mut self, now: Millis, lane: u64, end: End, jitter: f64, effects: &mut Vec<Effect>) {
        let Some(trip) = self.trips.get_mut(&lane).filter(|trip| !trip.ended) else { return };
        trip.ended = true;
        let Waiting { n, id, enqueued, attempts, ref target, .. } = trip.waiting;
        let target = target.clone();
        let breaker = self.receivers.entry(target.clone()).or_insert(Breaker::closed(now));
        let answers = matches!(end, End::Taken | End::Refused { .. });
        if answers && breaker.answered(now) {
            effects.push(Effect::Back { target: target.clone() });
        }
        let how = match end {
            End::Gone => {
                breaker.nothing_sent(now);
                return self.settled(now, lane, effects);
            }
            End::Taken => Settled::Done,
            End::Refused { error } => Settled::Dead { error },
            End::Failed { error, asked_ms } => {
                if let Some(until) = breaker.failed(now, jitter) {
                    effects.push(Effect::Down { target, until });
                }
                match backoff::next(now, enqueued, attempts, jitter, asked_ms) {
                    Some(at) => Settled::Again { at, error },
                    None => Settled::Dead { error },
                }
            }
        };
        effects.push(Effect::Settle { lane, n, id, how });
    }

    fn settled(&mut self, now: Millis, lane: u64, effects: &mut Vec<Effect>) {
        if self.trips.get(&lane).is_some_and(|trip| trip.ended) {
            self.trips.remove(&lane);
            self.over(now, effects);
        }
    }

    /// Nothing is known of how it ended: it goes out again.
    fn store_failed(&mut self, now: Millis, lane: Option<u64>, effects: &mut Vec<Effect>) {
        self.rest = Some(now.plus(STORE_REST_MS));
        let Some(lane) = lane else {
            self.looking = Looking::No;
            return self.look(now, effects);
        };
        let Some(trip) = self.trips.remove(&lane) else { return };
        if let Some(breaker) = self.receivers.get_mut(&trip.waiting.target) {
            breaker.nothing_sent(now);
        }
        self.over(now, effects);
    }

    /// There is room again, or nothing left to wait for.
    fn over(&mut self, now: Millis, effects: &mut Vec<Effect>) {
        if self.draining && self.trips.is_empty() {
            effects.push(Effect::Finished);
        } else {
            self.look(now, effects);
        }
    }

    /// How many more may go out to a receiver.
    fn room(&self, now: Millis, target: &str) -> usize {
        let each = self.settings.each;
        let room = self.receivers.get(target).map_or(each, |breaker| breaker.room(now, each));
        let trips = self.trips.values().filter(|trip| trip.waiting.target == target);
        room.saturating_sub(trips.count())
    }

    fn pace_of(&mut self, now: Millis, account: &AccountSid) -> &mut Bucket {
        let full = Bucket::full(self.settings.pace, now);
        self.paces.entry(account.clone()).or_insert(full)
    }

    /// Forgets what makes no difference any more.
    fn forget(&mut self, now: Millis) {
        self.receivers.retain(|_, breaker| !breaker.is_over(now));
        let pace = self.settings.pace;
        self.paces.retain(|_, bucket| !bucket.is_full(pace, now));
        self.rest = None;
    }
}
