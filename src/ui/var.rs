//! A signal for a value of any type, whose code is there once.

use std::{any::Any, marker::PhantomData};

use leptos::prelude::*;

/// A value that effects follow. Copied freely: a copy is the same value. It ends with the owner that
/// was current when it was made.
///
/// A `RwSignal` of Leptos for each type would cost half a kilobyte a type, and there are a dozen.
pub struct Var<T: 'static> {
    signal: RwSignal<Box<dyn Any>, LocalStorage>,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Var<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Var<T> {}

impl<T> Var<T> {
    /// Begins with this value.
    #[must_use]
    pub fn new(value: T) -> Self {
        Self { signal: RwSignal::new_local(Box::new(value)), kind: PhantomData }
    }

    /// Looks at the value. The effect that does follows it.
    pub fn with<R>(self, look: impl FnOnce(&T) -> R) -> R {
        self.track();
        self.with_untracked(look)
    }

    /// Looks at the value, and does not follow it.
    pub fn with_untracked<R>(self, look: impl FnOnce(&T) -> R) -> R {
        let (mut look, mut seen) = (Some(look), None);
        read(self.signal, &mut |value| {
            seen = value.downcast_ref().zip(look.take()).map(|(value, look)| look(value));
        });
        seen.expect("the value has the type that it was made with, and its owner lives")
    }

    /// Changes the value. Everything that follows it runs again, soon.
    pub fn update(self, change: impl FnOnce(&mut T)) {
        let mut change = Some(change);
        write(self.signal, &mut |value| {
            if let Some((value, change)) = value.downcast_mut().zip(change.take()) {
                change(value);
            }
        });
    }

    /// Puts another value in its place.
    pub fn set(self, value: T) {
        self.update(|now| *now = value);
    }

    /// Follows the value without looking at it.
    pub fn track(self) {
        self.signal.track();
    }

    /// Whether its owner has ended; then it may not be looked at.
    #[must_use]
    pub fn is_gone(self) -> bool {
        self.signal.is_disposed()
    }
}

impl<T: Clone> Var<T> {
    /// The value. The effect that asks follows it.
    #[must_use]
    pub fn get(self) -> T {
        self.with(T::clone)
    }

    /// The value, not followed.
    #[must_use]
    pub fn get_untracked(self) -> T {
        self.with_untracked(T::clone)
    }
}

fn read(signal: RwSignal<Box<dyn Any>, LocalStorage>, look: &mut dyn FnMut(&dyn Any)) {
    signal.with_untracked(|value| look(&**value));
}

fn write(signal: RwSignal<Box<dyn Any>, LocalStorage>, change: &mut dyn FnMut(&mut dyn Any)) {
    signal.update(|value| change(&mut **value));
}
