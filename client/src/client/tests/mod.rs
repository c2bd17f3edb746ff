//! Tests of the participant as a whole, through its one door.

mod closes;
mod files;
mod guest;
mod liveness;
mod regressions;
mod scene;
mod sending;
mod table;
mod upkeep;
