//! Two clients, the real session machine over a model store, and a network that delays, cuts,
//! stalls and loses, with a server that is killed: many schedules, each from one number.
//!
//! Nothing here reads a clock or sleeps; a schedule of four minutes takes milliseconds. A failure
//! names its seed. `cargo test -p frontdesk-server --test simulation` with `FRONTDESK_SEED=42`
//! and `FRONTDESK_TRACE=1` runs that one again and writes down all that happens; with
//! `FRONTDESK_SCHEDULES=10000` it runs more of them.
//!
//! `rng` draws, `store` is the log on disk, `host` the server's process, `person` a client with its
//! disk and timers, `net` what lies between, `trouble` what people do and what goes wrong, `world`
//! the scheduler, `check` the invariants.

mod check;
mod host;
mod net;
mod person;
mod rng;
mod store;
mod trouble;
mod world;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use world::{Faults, World};

/// Schedules in an ordinary run.
const SCHEDULES: u64 = 100;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Runs schedules, and names the one that fails.
fn run_all(faults: Faults, base: u64) {
    let seeds = match number("FRONTDESK_SEED") {
        Some(seed) => seed..seed + 1,
        None => base..base + number("FRONTDESK_SCHEDULES").unwrap_or(SCHEDULES),
    };
    for seed in seeds {
        let run = catch_unwind(AssertUnwindSafe(|| World::new(seed, faults).run()));
        if let Err(panic) = run {
            eprintln!("schedule failed; run it again with FRONTDESK_SEED={seed}");
            resume_unwind(panic);
        }
    }
}

#[test]
fn without_faults_everything_arrives() {
    run_all(Faults::None, 1_000_000);
}

#[test]
fn whatever_the_network_does_both_timelines_equal_the_log() {
    run_all(Faults::Network, 2_000_000);
}

#[test]
fn whatever_is_killed_both_timelines_equal_the_log() {
    run_all(Faults::All, 3_000_000);
}
