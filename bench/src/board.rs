//! What became of each message of one load: when it was due, stored, delivered.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// A board that seats write on.
#[derive(Clone)]
pub(crate) struct Board(Arc<Mutex<Sheet>>);

/// What stands on a board.
pub(crate) struct Sheet {
    /// Tells this load's messages from those of the one before.
    run: u64,
    began: Instant,
    rows: Vec<Row>,
    /// How many were refused, and the first reason.
    pub(crate) refused: usize,
    /// Why the first was.
    pub(crate) refusal: Option<String>,
}

#[derive(Clone, Copy)]
struct Row {
    due: Duration,
    stored: Option<Duration>,
    delivered: Option<Duration>,
}

/// The moments that are looked at.
#[derive(Clone, Copy)]
pub(crate) enum Moment {
    /// The sender was told that it is durable.
    Stored,
    /// The other side had it.
    Delivered,
}

/// Latency of one load.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Latency {
    /// Median, in milliseconds.
    pub(crate) p50_ms: f64,
    /// 99th percentile, in milliseconds.
    pub(crate) p99_ms: f64,
    /// Messages that came.
    pub(crate) count: usize,
    /// Messages that never came; in the percentiles as the longest of all.
    pub(crate) missing: usize,
}

impl Board {
    /// An empty board; its clock starts now.
    pub(crate) fn new(run: u64) -> Self {
        Self(Arc::new(Mutex::new(Sheet {
            run,
            began: Instant::now(),
            rows: Vec::new(),
            refused: 0,
            refusal: None,
        })))
    }

    /// The sheet itself.
    pub(crate) fn sheet(&self) -> MutexGuard<'_, Sheet> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sheet {
    /// A new message, due at that time after the start; gives its number.
    pub(crate) fn due(&mut self, due: Duration) -> u64 {
        self.rows.push(Row { due, stored: None, delivered: None });
        self.rows.len() as u64 - 1
    }

    /// Starts the clock anew: what is made ready before is no part of the load.
    pub(crate) fn begin(&mut self) {
        self.began = Instant::now();
    }

    /// The time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// The sender's id of a message.
    pub(crate) fn cid(&self, number: u64) -> u128 {
        (u128::from(self.run) << 64) | u128::from(number)
    }

    /// Notes that this happened to a message now, if it is one of this board.
    pub(crate) fn note(&mut self, moment: Moment, cid: u128) {
        let now = self.elapsed();
        let [run, number] = [(cid >> 64) as u64, cid as u64];
        if run != self.run {
            return;
        }
        let Some(row) = usize::try_from(number).ok().and_then(|at| self.rows.get_mut(at)) else {
            return;
        };
        let noted = match moment {
            Moment::Stored => &mut row.stored,
            Moment::Delivered => &mut row.delivered,
        };
        noted.get_or_insert(now);
    }

    /// Whether this happened to every message.
    pub(crate) fn all(&self, moment: Moment) -> bool {
        self.rows.iter().all(|row| row.at(moment).is_some())
    }

    /// How many this happened to until then.
    pub(crate) fn until(&self, moment: Moment, end: Duration) -> usize {
        self.rows.iter().filter_map(|row| row.at(moment)).filter(|at| *at <= end).count()
    }

    /// From due to that moment. What never came counts from due until now.
    pub(crate) fn latency(&self, moment: Moment) -> Latency {
        let now = self.elapsed();
        let mut took: Vec<Duration> = Vec::with_capacity(self.rows.len());
        let mut missing = 0;
        for row in &self.rows {
            let at = row.at(moment).unwrap_or_else(|| {
                missing += 1;
                now
            });
            took.push(at.saturating_sub(row.due));
        }
        took.sort_unstable();
        let quantile = |part: f64| {
            let rank = (took.len() as f64 * part).ceil() as usize;
            took.get(rank.saturating_sub(1)).map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
        };
        Latency {
            p50_ms: quantile(0.5),
            p99_ms: quantile(0.99),
            count: took.len() - missing,
            missing,
        }
    }
}

impl Row {
    const fn at(&self, moment: Moment) -> Option<Duration> {
        match moment {
            Moment::Stored => self.stored,
            Moment::Delivered => self.delivered,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_never_came_counts_as_the_longest() {
        let board = Board::new(1);
        for _ in 0..100 {
            board.sheet().due(Duration::ZERO);
        }
        tokio::time::advance(Duration::from_millis(4)).await;
        for number in 0..98 {
            let cid = board.sheet().cid(number);
            board.sheet().note(Moment::Stored, cid);
        }
        tokio::time::advance(Duration::from_millis(996)).await;

        let latency = board.sheet().latency(Moment::Stored);

        assert_eq!((latency.count, latency.missing), (98, 2));
        assert!((latency.p50_ms - 4.0).abs() < 0.01);
        assert!((latency.p99_ms - 1_000.0).abs() < 0.01);
    }

    #[tokio::test(start_paused = true)]
    async fn a_message_of_the_load_before_is_passed_over() {
        let before = Board::new(1);
        let board = Board::new(2);
        before.sheet().due(Duration::ZERO);
        board.sheet().due(Duration::ZERO);
        let old = before.sheet().cid(0);

        board.sheet().note(Moment::Delivered, old);

        assert!(!board.sheet().all(Moment::Delivered));
    }
}
