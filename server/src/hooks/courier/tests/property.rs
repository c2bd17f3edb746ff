//! Any receivers, any order of answers, any crash: the rules hold.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::storage::Look;

/// A delivery in the store.
#[derive(Debug)]
struct Kept {
    n: u64,
    lane: u64,
    attempts: u32,
    enqueued: Millis,
}

/// The store's queue, receivers, and what is between.
#[derive(Debug)]
struct Everything {
    now: Millis,
    courier: Courier,
    queue: Vec<Kept>,
    due: BTreeMap<u64, Millis>,
    /// Effects that were not carried out yet.
    open: Vec<Effect>,
    /// What was sent and has no answer yet: lane and delivery.
    calls: Vec<(u64, u64)>,
    /// What each receiver was sent, in order.
    sent: BTreeMap<u64, Vec<u64>>,
    taken: BTreeSet<u64>,
    dead: BTreeSet<u64>,
    /// Failures in a row, and when it has to be left alone until.
    failures: BTreeMap<String, u32>,
    alone: BTreeMap<String, Millis>,
    opened: u32,
}

/// Two lanes a receiver.
fn target(lane: u64) -> String {
    format!("receiver {}", lane / 2)
}

impl Everything {
    fn new(lanes: u64, deliveries: u64) -> Self {
        let queue =
            (1..=deliveries).map(|n| Kept { n, lane: n % lanes, attempts: 0, enqueued: NOW });
        let mut all = Self {
            now: NOW,
            courier: Courier::new(settings()),
            queue: queue.collect(),
            due: (0..lanes).map(|lane| (lane, NOW)).collect(),
            open: Vec::new(),
            calls: Vec::new(),
            sent: BTreeMap::new(),
            taken: BTreeSet::new(),
            dead: BTreeSet::new(),
            failures: BTreeMap::new(),
            alone: BTreeMap::new(),
            opened: 0,
        };
        all.tell(Event::Wake);
        all
    }

    fn tell(&mut self, event: Event) {
        for effect in self.courier.update(self.now, event) {
            // A call begins at once; what the store does may take its time.
            if let Effect::Send { lane, n } = effect {
                self.send(lane, n);
            } else {
                self.opened += u32::from(matches!(effect, Effect::Down { .. }));
                self.open.push(effect);
            }
        }
    }

    fn send(&mut self, lane: u64, n: u64) {
        let target = target(lane);
        assert!(self.calls.iter().all(|(other, _)| *other != lane), "one a lane");
        let same = self.calls.iter().filter(|(lane, _)| self::target(*lane) == target);
        assert!(same.count() < settings().each, "so many a receiver");
        assert!(self.calls.len() < settings().in_all, "so many in all");
        let until = self.alone.get(&target).copied().unwrap_or_default();
        assert!(self.now >= until, "it is left alone");
        self.calls.push((lane, n));
        let sent = self.sent.entry(lane).or_default();
        assert!(sent.last().is_none_or(|last| *last <= n), "in order");
        sent.push(n);
    }

    fn first(&self, lane: u64) -> Option<&Kept> {
        self.queue.iter().find(|kept| kept.lane == lane)
    }

    /// As the store answers.
    fn look(&self, look: &Look) -> Due {
        let mut waiting: Vec<Waiting> = Vec::new();
        let open = |lane: u64| !look.targets.contains(&target(lane));
        for (lane, due) in &self.due {
            let each = waiting.iter().filter(|other| other.target == target(*lane)).count();
            let Some(first) = self.first(*lane) else { continue };
            let fits = waiting.len() < look.most && each < look.each;
            if *due <= look.now && open(*lane) && !look.lanes.contains(lane) && fits {
                waiting.push(Waiting {
                    n: first.n,
                    attempts: first.attempts,
                    enqueued: first.enqueued,
                    ..super::waiting(*lane, &target(*lane))
                });
            }
        }
        let later = self
            .due
            .iter()
            .filter(|(lane, due)| **due > look.now && open(**lane) && self.first(**lane).is_some());
        Due { waiting, next: later.map(|(_, due)| *due).min() }
    }

    /// Carries out an open effect.
    fn carry_out(&mut self, at: usize) {
        match self.open.remove(at) {
            Effect::Look(look) => {
                let due = self.look(&look);
                self.tell(Event::Found(due));
            }
            Effect::Settle { lane, n, how, .. } => {
                match how {
                    Settled::Again { at, .. } => {
                        self.due.insert(lane, at);
                        let kept = self.queue.iter_mut().find(|kept| kept.n == n);
                        kept.expect("it waits").attempts += 1;
                    }
                    Settled::Done | Settled::Dead { .. } => {
                        self.queue.retain(|kept| kept.n != n);
                        self.due.insert(lane, self.now);
                        if how != Settled::Done {
                            self.dead.insert(n);
                        }
                    }
                }
                self.tell(Event::Settled { lane });
            }
            Effect::Send { .. }
            | Effect::WakeAt(_)
            | Effect::Down { .. }
            | Effect::Back { .. }
            | Effect::Finished => {}
        }
    }

    /// A receiver answers one of its calls.
    fn answer(&mut self, at: usize, end: End, jitter: f64) {
        let (lane, n) = self.calls.remove(at);
        let target = target(lane);
        match end {
            End::Failed { .. } => {
                let failures = self.failures.entry(target.clone()).or_default();
                *failures += 1;
                if *failures == 5 {
                    self.alone.insert(target, self.now.plus(2_500));
                }
            }
            End::Taken | End::Refused { .. } | End::Gone => {
                self.failures.insert(target.clone(), 0);
                self.alone.remove(&target);
                if end == End::Taken {
                    self.taken.insert(n);
                }
            }
        }
        self.tell(Event::Ended { lane, end, jitter });
    }

    /// The process is killed and started again: only the queue is left.
    fn crash(&mut self) {
        self.courier = Courier::new(settings());
        self.open.clear();
        self.calls.clear();
        self.failures.clear();
        self.alone.clear();
        self.tell(Event::Wake);
    }

    fn later(&mut self, ms: u64) {
        self.now = self.now.plus(ms);
        self.tell(Event::Wake);
    }

    /// Every receiver takes everything from now on.
    fn calm(&mut self) {
        for _ in 0..100_000 {
            if !self.open.is_empty() {
                self.carry_out(0);
            } else if !self.calls.is_empty() {
                self.answer(0, End::Taken, 0.5);
            } else if self.queue.is_empty() {
                return;
            } else {
                self.later(1_000);
            }
        }
        panic!("it does not come to an end: {self:?}");
    }
}

/// What happens next.
#[derive(Debug, Clone)]
enum Step {
    CarryOut(usize),
    Answer(usize, End),
    Later(u64),
    Wake,
    Crash,
}

fn step() -> impl Strategy<Value = Step> {
    let end = prop_oneof![
        3 => Just(failed()),
        2 => Just(End::Taken),
        1 => Just(refused()),
        1 => Just(End::Failed { error: "status 503".into(), asked_ms: Some(20_000) }),
    ];
    prop_oneof![
        30 => any::<usize>().prop_map(Step::CarryOut),
        20 => (any::<usize>(), end).prop_map(|(at, end)| Step::Answer(at, end)),
        6 => (0..20_000_u64).prop_map(Step::Later),
        3 => Just(Step::Wake),
        1 => Just(Step::Crash),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Order in a lane, the bounds and the breaker are asserted at each send.
    #[test]
    fn everything_comes_at_least_once_and_each_lane_in_order(
        steps in proptest::collection::vec(step(), 0..400),
        lanes in 1..8_u64,
        jitter in 0.0..1.0_f64,
    ) {
        let deliveries = 30;
        let mut all = Everything::new(lanes, deliveries);
        for step in steps {
            match step {
                Step::CarryOut(at) if !all.open.is_empty() => all.carry_out(at % all.open.len()),
                Step::Answer(at, end) if !all.calls.is_empty() => {
                    all.answer(at % all.calls.len(), end, jitter);
                }
                Step::Later(ms) => all.later(ms),
                Step::Wake => all.tell(Event::Wake),
                Step::Crash => all.crash(),
                Step::CarryOut(_) | Step::Answer(..) => {}
            }
            prop_assert!(all.courier.trips.len() <= settings().in_all);
        }
        all.calm();
        let sent: BTreeSet<u64> = all.sent.values().flatten().copied().collect();
        prop_assert_eq!(sent, (1..=deliveries).collect::<BTreeSet<_>>());
        for n in 1..=deliveries {
            prop_assert!(all.taken.contains(&n) || all.dead.contains(&n), "{} is lost", n);
        }
        // The last wake forgets what is over: nothing is kept for what is not under way.
        all.later(super::super::LONGEST_MS * 2);
        prop_assert!(all.courier.receivers.is_empty() && all.courier.paces.is_empty());
    }

    #[test]
    fn a_receiver_that_is_down_is_left_alone_and_comes_back(failures in 5..40_u32) {
        let mut all = Everything::new(2, 10);
        let mut answered = 0;
        while answered < failures {
            if !all.open.is_empty() {
                all.carry_out(0);
            } else if all.calls.is_empty() {
                all.later(1_000);
            } else {
                all.answer(0, failed(), 0.5);
                answered += 1;
            }
        }
        prop_assert_eq!(all.opened, 1);
        all.calm();
        prop_assert_eq!(all.taken.len(), 10);
    }
}

#[test]
fn a_lane_is_sent_once_however_often_it_is_looked_for() {
    let mut all = Everything::new(4, 4);
    for _ in 0..5 {
        all.tell(Event::Wake);
        while let Some(last) = all.open.len().checked_sub(1) {
            all.carry_out(last);
        }
    }
    assert_eq!(all.calls.len(), settings().in_all);
}
