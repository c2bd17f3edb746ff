//! The core as the fronts call it, on a real store in a file.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the answer")]

mod asked;
mod continuity;
mod engagement;
mod jobs;
mod log;
mod program;
mod sessions;
mod told;
mod wishes;
mod world;
