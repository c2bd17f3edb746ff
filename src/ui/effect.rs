//! Effects: what is written into the page when signals change.
//!
//! Each takes its closure boxed, so that Leptos' part of it is compiled once and not for each.

use std::any::Any;

use leptos::prelude::*;

use super::Var;

/// Runs `write` now, and again whenever a signal that it read has changed, until the current owner
/// ends.
pub fn effect(write: impl Fn() + 'static) {
    run(Box::new(write));
}

fn run(write: Box<dyn Fn()>) {
    keep(RenderEffect::new(move |_: Option<()>| write()));
}

/// The same, but first when everything that is being made stands in the page.
pub fn effect_after(write: impl Fn() + 'static) {
    run_after(Box::new(write));
}

fn run_after(write: Box<dyn Fn()>) {
    Effect::new(move |_: Option<()>| write());
}

/// Keeps something until the current owner ends.
pub fn keep(thing: impl Any) {
    let _: Var<Box<dyn Any>> = Var::new(Box::new(thing));
}
