//! HTTP: from a listener to answers.
//!
//! [`accept`] is our own accept loop, because `axum::serve` has no time limit for a request's
//! header: half-sent requests would stay for ever; nor for the answer, which `deadline` gives one.
//! `forwarded` says whose request it is behind a proxy, `layers` is what holds for every answer,
//! [`answer`] the shape of errors, [`body`] the bounds of what comes in, [`cors`] and [`origin`] who
//! may ask from where, [`bearer`] whom a token speaks for there, [`upgrade`] the way from a request to
//! a websocket, [`running`] what a connection waits for. What is served where stands in [`crate::router`].

mod accept;
pub(crate) mod answer;
pub mod bearer;
pub(crate) mod body;
pub(crate) mod cors;
mod deadline;
mod forwarded;
mod fronts;
pub(crate) mod layers;
pub(crate) mod origin;
pub(crate) mod running;
pub(crate) mod time;
mod tls;
pub(crate) mod upgrade;

pub use accept::serve;
pub(crate) use fronts::{Fronts, Peer};
pub use tls::tls;
