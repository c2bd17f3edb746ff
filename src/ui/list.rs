//! One element for each item of a list that changes.

use std::collections::VecDeque;

use frontdesk_browser::node;
use leptos::prelude::*;

use super::{El, Var, effect};

/// What stands in the page for an item, and what ends with it.
struct Drawn<T> {
    item: T,
    el: El,
    owner: Owner,
}

/// Keeps one element for each of `items`, in their order, in front of `end`, a child of `parent`. An
/// item that is still there, by `==`, keeps its element, untouched.
pub fn list<T: Clone + PartialEq>(
    parent: &El,
    end: &El,
    items: Var<Vec<T>>,
    draw: impl Fn(T) -> El + 'static,
) {
    let (parent, end) = (parent.clone(), end.clone());
    // The effect's own owner ends at each run; the elements' must not.
    let owner = Owner::current().expect("a view is made by an owner");
    let all = Var::new(VecDeque::<Drawn<T>>::new());
    effect(move || {
        let mut known = VecDeque::new();
        all.update(|all| std::mem::swap(all, &mut known));
        let now = items.with(|items| {
            let drawn = items.iter().map(|item| {
                // Mostly the first: what is known is in the same order.
                let old = known.iter().position(|old| old.item == *item);
                old.and_then(|at| known.remove(at)).unwrap_or_else(|| {
                    let owner = owner.child();
                    let el = owner.with(|| untrack(|| draw(item.clone())));
                    Drawn { item: item.clone(), el, owner }
                })
            });
            drawn.collect::<VecDeque<_>>()
        });
        for gone in known {
            gone.owner.cleanup();
            gone.el.node().remove();
        }
        let mut next = end.clone();
        for Drawn { el, .. } in now.iter().rev() {
            node::place(parent.node(), el.node(), Some(next.node()));
            next = el.clone();
        }
        all.set(now);
    });
}
